"""Clocks of items: rules with a date, what is told when one runs out, changed due dates, and the board of the day."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from activities.work import Opening, open_items
from database.session import tenant_session
from domain.tenancy import Actor, workflow_actor
from domain.work_clocks import Stage
from domain.work_kinds import Kind
from services.work import actions, escalating
from services.work.queue import get_item
from tests.fixtures.tenancy import TenantFixture

STAGES = ["start_warning", "start_breach", "due_warning", "due_breach", "escalation"]


async def opened(tenant: TenantFixture, kind: Kind = Kind.HOLD, **facts: object) -> UUID:
    key = str(uuid4())
    async with tenant_session(workflow_actor(tenant.tenant_id, "ClaimLifecycle")) as session:
        await open_items(session, [Opening(key, kind, f"C-1001 {kind}", **facts)])  # type: ignore[arg-type]
        return await session.value("SELECT id FROM work_items WHERE key = $1", key)


async def times(tenant: TenantFixture, item: UUID) -> dict[str, datetime]:
    return dict(await tenant.owner.fetchrow("SELECT * FROM work_items WHERE id = $1", item))


async def happened(actor: Actor, item: UUID) -> list[str]:
    return [one.kind for one in (await get_item(actor, item)).history]


async def told(tenant: TenantFixture, person: Actor) -> list[str]:
    rows = await tenant.owner.fetch(
        "SELECT title FROM notifications WHERE user_id = $1 ORDER BY id", person.user_id
    )
    return [row["title"] for row in rows]


async def led(tenant: TenantFixture, *people: Actor) -> None:
    """A team for each person but the last, led by the next: worker, lead, manager."""
    owner, above = tenant.owner, None
    for person in reversed(people):
        team = await owner.fetchval(
            "INSERT INTO teams (tenant_id, name, parent_id) VALUES ($1, $2, $3) RETURNING id",
            tenant.tenant_id, str(uuid4()), above,
        )  # fmt: skip
        employee = await owner.fetchval(
            "INSERT INTO employees (tenant_id, user_id, number, name, team_id) VALUES ($1, $2, $3, $4, $5) RETURNING id",
            tenant.tenant_id, person.user_id, str(uuid4())[:8], person.name, team,
        )  # fmt: skip
        if person is not people[0]:
            await owner.execute("UPDATE teams SET lead_id = $2 WHERE id = $1", team, employee)
        above = team


async def test_each_stage_is_reached_once_and_told_up_the_ladder(
    north: TenantFixture, south: TenantFixture
) -> None:
    worker, lead, manager = [await north.actor(role) for role in ("Biller", "Team Lead", "Team Lead")]
    await led(north, worker, lead, manager)
    item, foreign = await opened(north), await opened(south)
    clock = await times(north, item)
    await actions.take(worker, item)
    steps = [("due_warn_at", 1), ("due_at", 1), ("escalate_at", 1)]
    for name, reached in steps:
        before = clock[name] - timedelta(seconds=1)
        assert await escalating.scan_tenant(north.tenant_id, before) == (0, 0) or name == "due_warn_at"
        assert (await escalating.scan_tenant(north.tenant_id, clock[name]))[0] == reached
        assert (await escalating.scan_tenant(north.tenant_id, clock[name]))[0] == 0
    assert await happened(worker, item) == ["opened", "taken", "due_warning", "due_breach", "escalation"]
    assert [title.split("hold ")[1] for title in await told(north, worker)] == ["is due soon", "is past due"]
    assert [title.split("hold ")[1] for title in await told(north, lead)] == ["is past due"]
    assert [title.split("hold ")[1] for title in await told(north, manager)] == ["is past due for long"]
    assert (await get_item(worker, item)).line.priority == 2
    assert await happened(south.admin, foreign) == ["opened"]


async def test_what_nobody_begins_runs_out_first_and_its_leads_are_told_once_an_hour(
    north: TenantFixture, south: TenantFixture
) -> None:
    lead = await north.actor("Team Lead")
    items = [await opened(north) for _ in range(5)]
    clock = await times(north, items[0])
    moment = clock["start_by"] + timedelta(minutes=1)
    assert await escalating.scan_tenant(north.tenant_id, moment) == (10, 5)
    assert await told(north, lead) == ["Hold: free items were not started in time"]
    assert {(await get_item(lead, one)).line.priority for one in items} == {2}
    late = clock["escalate_at"] + timedelta(minutes=1)
    assert await escalating.scan_tenant(north.tenant_id, late) == (15, 5)
    assert (await told(north, lead))[1:] == ["Hold: free items are past due for long"]
    assert (await happened(lead, items[0]))[1:] == STAGES


async def test_two_workers_at_once_reach_every_stage_once(north: TenantFixture, south: TenantFixture) -> None:
    items = {await opened(one) for one in (north, north, north, south, south) for _ in range(4)}
    at = datetime.now(UTC) + timedelta(days=30)
    found: list[int | tuple[int, int]] = await asyncio.gather(
        *(escalating.scan_shard(shard, at) for _ in range(2) for shard in range(escalating.SHARDS)),
        *(escalating.scan_tenant(one.tenant_id, at) for one in (north, south) for _ in range(2)),
    )
    assert sum(one[0] if isinstance(one, tuple) else one for one in found) == len(items) * len(Stage)
    rows = await north.owner.fetch("SELECT work_item_id, stage FROM work_escalations")
    assert sorted((row["work_item_id"], row["stage"]) for row in rows) == sorted(
        (item, stage) for item in items for stage in STAGES
    )
    events = await north.owner.fetchval("SELECT count(*) FROM work_item_events WHERE kind = ANY($1)", STAGES)
    assert events == len(rows)
    assert await north.owner.fetchval("SELECT count(*) FROM clock_shards WHERE holder IS NOT NULL") == 0


async def test_a_shard_that_a_worker_holds_is_left_alone_and_taken_over_where_it_stopped(
    north: TenantFixture, south: TenantFixture
) -> None:
    for one in (north, south):
        await opened(one)
    at = datetime.now(UTC) + timedelta(days=30)
    held = "INSERT INTO clock_shards (shard, holder, held_until) SELECT n, uuidv7(), $1 FROM generate_series(0, 7) n"
    await north.owner.execute(held, datetime.now(UTC) + timedelta(minutes=1))
    assert [await escalating.scan_shard(shard, at) for shard in range(escalating.SHARDS)] == [0] * 8
    first = min(north.tenant_id, south.tenant_id)
    await north.owner.execute("UPDATE clock_shards SET held_until = now(), after_tenant = $1", first)
    assert sum([await escalating.scan_shard(shard, at) for shard in range(escalating.SHARDS)]) == 5
    # The next round begins at the beginning.
    assert sum([await escalating.scan_shard(shard, at) for shard in range(escalating.SHARDS)]) == 5
