"""Delegating, standing in, four eyes, skills, watching, mentions, what belongs together, and acts on many items."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from activities.work import open_item
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import Actor, workflow_actor
from domain.work_runs import Act, Order
from services.work import actions, bulk, notes
from services.work.queue import counts, get_item, people_for, queue
from tests.fixtures.tenancy import TenantFixture


async def opened(tenant: TenantFixture, kind: str = "hold", **facts: object) -> UUID:
    async with tenant_session(workflow_actor(tenant.tenant_id, "ClaimLifecycle")) as session:
        return await open_item(session, str(uuid4()), kind, f"C-1001 {kind}", **facts)  # type: ignore[arg-type]


async def employed(tenant: TenantFixture, actor: Actor) -> UUID:
    """The employee behind a person."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await session.value(
            "INSERT INTO employees (user_id, number, name) VALUES ($1, $2, $3) RETURNING id",
            actor.user_id,
            str(uuid4())[:8],
            actor.name,
        )


async def away(tenant: TenantFixture, absent: Actor, substitute: Actor, begins: date, ends: date) -> None:
    person, other = await employed(tenant, absent), await employed(tenant, substitute)
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await session.execute(
            "INSERT INTO absences (tenant_id, employee_id, starts_on, ends_on, kind, substitute_id)"
            " VALUES ($1, $2, $3, $4, 'leave', $5)",
            tenant.tenant_id,
            person,
            begins,
            ends,
            other,
        )


def person_of(actor: Actor) -> UUID:
    assert actor.user_id is not None
    return actor.user_id


async def ids(actor: Actor, **asked: object) -> list[UUID]:
    return [line.id for line in (await queue(actor, **asked)).items]  # type: ignore[arg-type]


async def test_what_is_delegated_returns_to_its_owner_who_alone_finishes_it(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await opened(north)
    owner, colleague = await north.actor("Biller"), await north.actor("Biller")
    await actions.take(owner, item)
    with pytest.raises(Invalid):
        await actions.delegate(owner, item, person_of(await south.actor("Biller")))
    view = await actions.delegate(owner, item, person_of(colleague))
    assert (view.line.owner_name, view.returns_to) == (colleague.name, owner.name)
    with pytest.raises(Conflict, match="delegated"):
        await actions.complete(colleague, item, "recheck")
    back = await actions.give_back(colleague, item, "The card is in the documents")
    assert (back.line.owner_id, back.returns_to) == (owner.user_id, "")
    assert (await actions.complete(owner, item, "recheck")).line.status == "done"


async def test_a_substitute_sees_and_takes_the_work_of_who_is_away_and_nobody_else_does(
    north: TenantFixture, south: TenantFixture
) -> None:
    today = datetime.now(UTC).date()
    absent, substitute, other = [await north.actor("Biller") for _ in range(3)]
    item = await opened(north)
    await actions.take(absent, item)
    assert await ids(substitute, scope="covering") == []
    await away(north, absent, substitute, today - timedelta(days=2), today + timedelta(days=2))
    assert await ids(substitute, scope="covering") == [item]
    assert (await counts(substitute)).covering == 1
    assert await ids(other, scope="covering") == []
    with pytest.raises(Conflict, match="took this"):
        await actions.take(other, item)
    assert (await get_item(substitute, item)).stands_in
    taken = await actions.take(substitute, item)
    assert taken.history[-1].detail == f"standing in for {absent.name}"
    await north.owner.execute("UPDATE absences SET ends_on = starts_on")
    second = await opened(north)
    await actions.take(absent, second)
    with pytest.raises(Conflict):
        await actions.take(substitute, second)


async def test_who_is_excluded_is_named_and_can_neither_take_nor_be_given_it(
    north: TenantFixture, south: TenantFixture
) -> None:
    maker, checker, lead = [await north.actor(role) for role in ("Biller", "Biller", "Team Lead")]
    item = await opened(north, excluded=[person_of(maker)])
    assert (await get_item(maker, item)).excluded == [maker.name]
    with pytest.raises(NotAllowed, match="somebody else's eyes"):
        await actions.take(maker, item)
    assert maker.user_id not in {one.user_id for one in await people_for(lead, item)}
    with pytest.raises(Invalid):
        await actions.assign(lead, item, person_of(maker))
    assert (await actions.take(checker, item)).line.owner_id == checker.user_id


async def test_a_skill_is_asked_for_at_the_moment_of_taking(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await north.actor("Biller")
    item = await opened(north, skill="Cardiology", skill_level=3)
    with pytest.raises(NotAllowed, match="Cardiology"):
        await actions.take(biller, item)
    employee = await employed(north, biller)
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        skill = await session.value("INSERT INTO skills (name) VALUES ('Cardiology') RETURNING id")
        await session.execute(
            "INSERT INTO employee_skills (tenant_id, employee_id, skill_id, level) VALUES ($1, $2, $3, 3)",
            north.tenant_id,
            employee,
            skill,
        )
    assert (await actions.take(biller, item)).skill == "Cardiology 3"


async def test_watched_items_stay_in_sight_and_notes_name_people_of_the_tenant(
    north: TenantFixture, south: TenantFixture
) -> None:
    item, _ = await opened(north), await opened(south)
    biller = await north.actor("Biller")
    assert (await actions.watch(biller, item)).watchers == [biller.name]
    assert await ids(biller, scope="watched") == [item]
    note = await notes.add_note(
        biller, "work_item", item, f"@{north.admin.name.upper()}, look. @South Admin too"
    )
    assert note.mentions == [north.admin.name]
    assert (await notes.notes_of(biller, "work_item", item))[0].mentions == [north.admin.name]
    assert await north.owner.fetchval("SELECT count(*) FROM note_mentions") == 1
    assert not (await actions.watch(biller, item, False)).watching
    with pytest.raises(NotFound):
        await actions.watch(south.admin, item)


async def test_all_work_of_one_claim_is_shown_together_and_finished_together(
    north: TenantFixture, south: TenantFixture
) -> None:
    claim = uuid4()
    about = {"subject_type": "claim", "subject_id": claim}
    first, second = await opened(north, **about), await opened(north, **about)
    denial, _ = await opened(north, "denial", **about), await opened(south, **about)
    biller = await north.actor("Biller")
    view = await actions.take(biller, first)
    assert {one.id for one in view.together} == {second, denial}
    assert {one.id for one in view.together if one.finishable and "recheck" in one.decisions} == {second}
    done = await bulk.act_on(biller, [first, second, denial], Order(Act.COMPLETE, decision="recheck"))
    assert [one.code for one in done] == ["", "", "work.not_your_kind"]
    assert (await get_item(biller, second)).line.status == "done"


async def test_a_team_is_looked_at_when_its_item_is_taken_not_when_it_was_opened(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller, other = await north.actor("Biller"), await north.actor("Biller")
    above = await north.owner.fetchval(
        "INSERT INTO teams (tenant_id, name) VALUES ($1, 'Money') RETURNING id", north.tenant_id
    )
    below = await north.owner.fetchval(
        "INSERT INTO teams (tenant_id, name, parent_id) VALUES ($1, 'Appeals', $2) RETURNING id",
        north.tenant_id,
        above,
    )
    item = await opened(north)
    leader = await north.actor("Team Lead")
    with pytest.raises(NotAllowed):
        await actions.leave_to_team(biller, item, above)
    with pytest.raises(Invalid):
        await actions.leave_to_team(leader, item, uuid4())
    left = await actions.leave_to_team(leader, item, above)
    assert (left.team, left.history[-1].detail) == ("Money", "the team Money")
    employee = await employed(north, biller)
    assert await ids(biller) == []
    with pytest.raises(NotAllowed, match="Money"):
        await actions.take(biller, item)
    await north.owner.execute("UPDATE employees SET team_id = $2 WHERE id = $1", employee, below)
    assert await ids(biller) == [item]
    assert await ids(other) == []
    lead = await north.actor("Team Lead")
    assert [one.user_id for one in await people_for(lead, item)] == [biller.user_id]
    with pytest.raises(NotAllowed):
        await actions.assign(lead, item, person_of(other))
    assert (await actions.take(biller, item)).team == "Money"


async def test_the_other_orders_page_without_gap_or_repeat(
    north: TenantFixture, south: TenantFixture
) -> None:
    made = [await opened(north, due_at=datetime.now(UTC) + timedelta(hours=n % 3)) for n in range(5)]
    for order in ("due", "newest"):
        first = await queue(north.admin, order=order, limit=3)
        rest = await queue(north.admin, order=order, limit=3, cursor=first.next)
        seen = [line.id for line in (*first.items, *rest.items)]
        assert sorted(seen) == sorted(made), order
    assert await ids(north.admin, order="newest") == made[::-1]
    assert await ids(north.admin, due="overdue") == [made[0], made[3]]
