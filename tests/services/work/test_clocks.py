"""Clocks of items: rules with a date, what is told when one runs out, changed due dates, and the board of the day."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from activities.work import Opening, open_items
from database.session import tenant_session
from domain.business_time import BusinessCalendar, office_week
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import Actor, workflow_actor
from domain.work_clocks import Stage
from domain.work_kinds import Kind
from services.rules.drafts import save_draft
from services.rules.publishing import publish
from services.rules.table_views import CaseFacts, GridFacts, GridRow
from services.work import actions, clock_rules, due_dates, escalating, notes, reclocking
from services.work.clock_rules import ClockFacts
from services.work.queue import get_item
from tests.fixtures.tenancy import TenantFixture

STAGES = ["start_warning", "start_breach", "due_warning", "due_breach", "escalation"]


async def opened(tenant: TenantFixture, kind: Kind = Kind.HOLD, **facts: object) -> UUID:
    key = str(uuid4())
    async with tenant_session(workflow_actor(tenant.tenant_id, "ClaimLifecycle")) as session:
        await open_items(session, [Opening(key, kind, f"C-1001 {kind}", **facts)])  # type: ignore[arg-type]
        return await session.value("SELECT id FROM work_items WHERE key = $1", key)


async def times(tenant: TenantFixture, item: UUID) -> dict[str, Any]:
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


def facts(due: int, *, days: int = 0, **more: Any) -> ClockFacts:
    """A rule from today on where the tenants are, or so many days later."""
    today = datetime.now(ZoneInfo("America/New_York")).date()
    return ClockFacts(due, today + timedelta(days=days), "contract", **more)


async def test_items_are_due_by_the_most_specific_rule_in_the_hours_of_its_calendar(
    north: TenantFixture, south: TenantFixture
) -> None:
    calendar = await north.owner.fetchval(
        "INSERT INTO calendars (tenant_id, name, zone, week) VALUES ($1, 'Always', 'UTC', $2) RETURNING id",
        north.tenant_id,
        json.dumps([[["00:00", "00:00"]]] * 7),
    )
    wanted = {"kind": "hold", "start_seconds": 3600, "calendar_id": calendar}
    await clock_rules.add_rule(north.admin, facts(9000, days=1, **wanted))
    before = await times(north, await opened(north))
    assert before["clock_source"] == ""
    view = await clock_rules.add_rule(north.admin, facts(7200, **wanted))
    assert (view.state, view.kind_label, view.calendar_name) == ("in_force", "Hold", "Always")
    assert [one.state for one in (await clock_rules.list_rules(north.admin)).items] == ["in_force", "ahead"]
    after = await times(north, await opened(north))
    assert after["due_at"] - after["start_by"] == timedelta(hours=1)
    assert after["due_at"] - after["due_warn_at"] == timedelta(minutes=30)
    assert after["clock_source"] == f"rule:{view.id}"
    given = await times(north, await opened(north, due_at=before["due_at"]))
    assert (given["due_at"], given["start_by"]) == (
        before["due_at"],
        given["created_at"] + (given["start_by"] - given["created_at"]),
    )
    assert given["clock_source"].startswith("given")
    assert (await times(south, await opened(south)))["clock_source"] == ""
    with pytest.raises(Invalid):
        await clock_rules.add_rule(north.admin, facts(7200, days=-1))
    with pytest.raises(Invalid):
        await clock_rules.add_rule(south.admin, facts(7200, calendar_id=calendar))
    with pytest.raises(NotAllowed):
        await clock_rules.add_rule(await north.actor("Biller"), facts(7200))


async def test_changed_rules_are_previewed_and_then_applied_to_what_is_open_portion_by_portion(
    north: TenantFixture, south: TenantFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reclocking, "PORTION", 3)
    items = [await opened(north) for _ in range(5)]
    fixed = await opened(north, due_at=datetime.now(UTC) + timedelta(days=9))
    denial, foreign = await opened(north, Kind.DENIAL), await opened(south)
    dates = {one: (await times(north, one))["due_at"] for one in (*items, fixed, denial, foreign)}
    wanted = facts(600_000, kind="hold")
    found = await reclocking.preview(north.admin, wanted)
    assert (found.items, found.looked_at, found.breached) == (6, 6, 0)
    assert found.changed >= 5
    await clock_rules.add_rule(north.admin, wanted)
    run = await reclocking.apply(north.admin, "New contract")
    assert (run.status, run.looked_at) == ("running", 3)
    with pytest.raises(Conflict):
        await reclocking.apply(north.admin, "Again")
    await escalating.scan_tenant(north.tenant_id)
    (done,) = await reclocking.list_clock_runs(north.admin)
    assert (done.status, done.looked_at, done.finished_at is not None) == ("done", 7, True)
    moved = {one for one in dates if (await times(north, one))["due_at"] != dates[one]}
    assert moved == set(items)
    assert "reclocked" in await happened(north.admin, items[4])
    assert (await reclocking.preview(north.admin)).changed == 0


async def test_a_due_date_is_changed_with_a_reason_and_has_stages_of_its_own(
    north: TenantFixture, south: TenantFixture
) -> None:
    lead = await north.actor("Team Lead")
    item, foreign = await opened(north), await opened(south)
    late = (await times(north, item))["due_at"]
    await escalating.scan_tenant(north.tenant_id, late)
    due = datetime.now(UTC) + timedelta(days=20)
    view = await due_dates.change_due(lead, item, due, "The payer asked for records")
    assert view.line.due_at == due
    assert view.history[-1].kind == "redated"
    assert "records" not in view.history[-1].detail
    assert "records" in (await notes.notes_of(lead, "work_item", item))[0].text
    await escalating.scan_tenant(north.tenant_id, due)
    assert (await happened(lead, item)).count("due_breach") == 2
    with pytest.raises(Invalid):
        await due_dates.change_due(lead, item, due, " ")
    with pytest.raises(Invalid):
        await due_dates.change_due(lead, item, datetime.now(UTC) - timedelta(days=1), "Earlier")
    with pytest.raises(NotFound):
        await due_dates.change_due(lead, foreign, due, "Not ours")
    with pytest.raises(NotAllowed):
        await due_dates.change_due(await north.actor("Biller"), item, due, "Mine")


async def test_another_priority_sets_the_clocks_of_that_priority_but_no_due_date_that_somebody_set(
    north: TenantFixture, south: TenantFixture
) -> None:
    lead = await north.actor("Team Lead")
    await clock_rules.add_rule(north.admin, facts(600_000, kind="hold", priority=1))
    item = await opened(north)
    given = await opened(north, due_at=datetime.now(UTC) + timedelta(days=9))
    before = {one: await times(north, one) for one in (item, given)}
    for one in before:
        await actions.prioritise(lead, one, 1)
    urgent = await times(north, item)
    assert urgent["due_at"] > before[item]["due_at"]
    assert urgent["alarm_at"] == urgent["due_warn_at"]
    assert urgent["clock_source"].startswith("rule:")
    assert (await times(north, given))["due_at"] == before[given]["due_at"]
    assert f"{urgent['due_at']:%Y-%m-%d %H:%M} UTC" in (await get_item(lead, item)).history[-1].detail
    with pytest.raises(NotAllowed):
        await actions.prioritise(await north.actor("Biller"), item, 3)
    await actions.prioritise(lead, item, 3)
    assert abs((await times(north, item))["due_at"] - before[item]["due_at"]) < timedelta(minutes=1)


async def test_a_published_table_of_clocks_stands_before_the_rules_and_says_which_row_decided(
    north: TenantFixture, south: TenantFixture
) -> None:
    today = datetime.now(ZoneInfo("America/New_York")).date()
    await clock_rules.add_rule(north.admin, facts(360_000, kind="hold", start_seconds=180_000))
    row = GridRow("r1", {"kind": "hold"}, {"start_hours": "1", "complete_hours": "4", "warning_hours": "3"})
    grid = GridFacts(["kind"], ["start_hours", "complete_hours", "warning_hours"], [row])
    case = CaseFacts("Holds", {"kind": "hold"}, [{"complete_hours": "4"}])
    draft = await save_draft(north.admin, "clocks", grid, [case])
    await publish(north.admin, "clocks", today, "Holds are urgent", draft.version)
    office = BusinessCalendar("America/New_York", office_week())
    held, denied = (
        await times(north, await opened(north)),
        await times(north, await opened(north, Kind.DENIAL)),
    )
    assert office.between(held["created_at"], held["due_at"]) in range(14_390, 14_401)
    assert office.between(held["due_warn_at"], held["due_at"]) in range(10_790, 10_801)
    assert office.between(held["start_by"], held["due_at"]) in range(10_790, 10_801)
    assert held["clock_source"] == "table:own:1:1"
    assert denied["clock_source"] == ""
    assert (await times(south, await opened(south)))["clock_source"] == ""
    kept = await north.owner.fetchval("SELECT count(*) FROM rule_decisions WHERE table_code = 'clocks'")
    await reclocking.preview(north.admin)
    assert (
        await north.owner.fetchval("SELECT count(*) FROM rule_decisions WHERE table_code = 'clocks'") == kept
    )
