"""The float pool: who is free, what an assignment would bring, whose inbox shows the work, and queues at risk."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import Actor, workflow_actor
from services.work import actions
from services.work.notifications import list_notifications
from services.work.queue import counts, queue
from services.workforce import float_planning, float_pool, float_proposals
from tests.fixtures.floating import Pool, pool
from tests.fixtures.tenancy import TenantFixture

MONDAY = datetime(2026, 11, 30, 14, tzinfo=UTC)


@pytest_asyncio.fixture
async def desk(north: TenantFixture, south: TenantFixture) -> Pool:
    """The pool of a tenant beside another one."""
    return await pool(north)


async def _run(desk: Pool, sql: str, *values: object) -> None:
    async with tenant_session(workflow_actor(desk.tenant.tenant_id, "tests")) as session:
        await session.execute(sql, *values)


async def _begun(desk: Pool, **more: object) -> UUID:
    """An assignment that runs, as its process leaves it."""
    made = await float_planning.assign_float(desk.lead, desk.facts(**more))
    await _run(desk, "UPDATE float_assignments SET state = 'active', starts_at = now() - interval '1 hour'")
    return made.id


async def _ids(actor: Actor, scope: str) -> list[UUID]:
    return [line.id for line in (await queue(actor, scope=scope)).items]  # type: ignore[arg-type]


async def test_the_pool_is_found_by_skill_and_free_hours_and_only_in_its_own_tenant(
    desk: Pool, south: TenantFixture
) -> None:
    await _run(
        desk,
        "WITH s AS (INSERT INTO skills (name) VALUES ('Denials') RETURNING tenant_id, id) INSERT INTO employee_skills"
        " SELECT s.tenant_id, e.id, s.id, 4 FROM s JOIN employees e ON e.user_id = $1",
        desk.other.user_id,
    )
    await _run(
        desk,
        "INSERT INTO absences (tenant_id, employee_id, starts_on, ends_on, kind) SELECT tenant_id, id, '2026-12-01',"
        " '2026-12-01', 'leave' FROM employees WHERE user_id = $1",
        desk.floater.user_id,
    )
    week = await float_pool.pool_week(desk.lead, MONDAY.date())
    assert [(one.name, one.free_seconds // 3600) for one in week.lines] == [
        (desk.other.name, 40),
        (desk.floater.name, 32),
    ]
    assert [cell.away for cell in week.lines[1].days] == [False, True, False, False, False, False, False]
    await float_planning.assign_float(
        desk.lead, desk.facts(starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=9))
    )
    again = await float_pool.pool_week(desk.lead, MONDAY.date())
    assert [one.free_seconds // 3600 for one in again.lines] == [40, 24]
    skilled = await float_pool.pool_week(desk.lead, MONDAY.date(), skill="Denials", level=4)
    assert [(one.name, one.skills) for one in skilled.lines] == [(desk.other.name, ["Denials 4"])]
    assert (await float_pool.pool_week(desk.lead, MONDAY.date(), skill="Denials", level=5)).lines == []
    assert len((await float_pool.pool_week(desk.lead, MONDAY.date(), free_hours=30)).lines) == 1
    assert (await float_pool.pool_week(south.admin, MONDAY.date(), everybody=True)).lines == []
    with pytest.raises(NotAllowed):
        await float_pool.pool_week(desk.floater, MONDAY.date())


async def test_the_recommendation_gives_its_reasons_and_says_who_cannot_be_asked(desk: Pool) -> None:
    item = await desk.item()
    await actions.take(desk.floater, item)
    found = await float_planning.recommend_float(
        desk.lead, MONDAY, MONDAY + timedelta(hours=8), client_id=desk.client_id
    )
    assert [one.name for one in found.candidates] == [desk.other.name, desk.floater.name]
    assert {part.code for part in found.candidates[0].parts} == {"load", "continuity", "overtime"}
    assert found.needed_seconds == 8 * 3600 and found.weights_from == ""
    audited = await float_planning.recommend_float(
        desk.lead, MONDAY, MONDAY + timedelta(hours=8), kinds=("audit",)
    )
    assert {one.blocked for one in audited.candidates} == {"Their roles do not allow this work."}
    with pytest.raises(NotAllowed):
        await float_planning.recommend_float(
            desk.floater, MONDAY, MONDAY + timedelta(hours=8), kinds=("hold",)
        )


async def test_a_preview_counts_what_would_come_and_what_the_roles_do_not_allow(desk: Pool) -> None:
    await desk.item(due_at=datetime.now(UTC) - timedelta(hours=1))
    await desk.item()
    held = await desk.item()
    await actions.take(desk.other, held)
    await desk.item("denial")
    seen = await float_planning.preview_float(desk.lead, desk.facts())
    assert (seen.free, seen.overdue, seen.held, seen.not_allowed) == (2, 1, 1, 1)
    assert [line.kind for line in seen.lines] == ["hold", "hold"]
    with pytest.raises(Invalid) as refused:
        await float_planning.preview_float(desk.lead, desk.facts(kinds=("denial",)))
    assert refused.value.code == "float.user_id"


async def test_the_inbox_shows_the_work_for_that_time_whatever_team_it_is_for(desk: Pool) -> None:
    mine, others = await desk.item(), await desk.item("denial")
    await _run(desk, "INSERT INTO teams (name) VALUES ('Specialists')")
    await _run(desk, "UPDATE work_items SET team_id = (SELECT id FROM teams)")
    assert mine not in await _ids(desk.floater, "available")
    with pytest.raises(NotAllowed):
        await actions.take(desk.floater, mine)
    assignment = await _begun(desk)
    assert await _ids(desk.floater, "float") == [mine]
    assert await _ids(desk.other, "float") == []
    assert (await counts(desk.floater)).floating == 1
    with pytest.raises(NotAllowed):
        await actions.take(desk.floater, others)
    await actions.take(desk.floater, mine)
    view = await float_planning.get_float(desk.lead, assignment)
    assert (view.held, view.free) == (1, 0), "denials are not for this person"
    await actions.give_back(desk.floater, mine, "The card is missing.")
    await _run(
        desk,
        "UPDATE float_assignments SET ends_at = now() - interval '1 second', starts_at = now() - interval '1 day'",
    )
    assert await _ids(desk.floater, "float") == []
    with pytest.raises(NotAllowed):
        await actions.take(desk.floater, mine)


async def test_nobody_is_promised_twice_and_a_period_must_be_one(desk: Pool, south: TenantFixture) -> None:
    first = await float_planning.assign_float(desk.lead, desk.facts())
    with pytest.raises(Conflict) as busy:
        await float_planning.assign_float(desk.lead, desk.facts(kinds=("hold",)))
    assert busy.value.code == "float.busy" and first.line.reference in busy.value.title
    begins = datetime.now(UTC) + timedelta(days=9)
    for wrong in (
        {"starts_at": begins, "ends_at": begins},
        {"starts_at": begins.replace(tzinfo=None), "ends_at": begins + timedelta(days=1)},
        {"starts_at": begins, "ends_at": begins + timedelta(days=300)},
        {"kinds": ("nonsense",)},
        {"kinds": (), "client_id": None},
        {"client_id": south.tenant_id, "kinds": ("hold",)},
        {"user_id": south.admin.user_id},
    ):
        given = {"starts_at": begins, "ends_at": begins + timedelta(days=1), **wrong}
        user = given.pop("user_id", None)
        facts = desk.facts(**given)
        with pytest.raises(Invalid):
            await float_planning.assign_float(
                desk.lead,
                facts
                if user is None
                else facts.__class__(user, facts.starts_at, facts.ends_at, facts.client_id),
            )
    with pytest.raises(NotFound):
        await float_planning.get_float(south.admin, first.id)
    assert (await float_planning.list_floats(desk.other)).items == []
    assert [one.id for one in (await float_planning.list_floats(desk.floater, show="planned")).items] == [
        first.id
    ]


async def test_a_queue_at_risk_is_proposed_once_a_day_and_one_click_asks_the_best(
    desk: Pool, south: TenantFixture
) -> None:
    due = datetime.now(UTC) - timedelta(minutes=5)
    for _ in range(5):
        await desk.item(due_at=due)
    assert await float_proposals.propose_for(desk.tenant.tenant_id) == 1
    assert await float_proposals.propose_for(desk.tenant.tenant_id) == 0
    assert await float_proposals.propose_for(south.tenant_id) == 0
    line = (await float_proposals.list_proposals(desk.lead)).items[0]
    assert (line.where, line.open_items, line.at_risk) == ("Hold for Hill Family Practice", 5, 5)
    told = [one.title for one in (await list_notifications(desk.lead)).items]
    assert told == ["Hold for Hill Family Practice is at risk: 5 due by tonight"]
    view = await float_proposals.get_proposal(desk.lead, line.id)
    assert [one.name for one in view.candidates] == sorted((desk.floater.name, desk.other.name))
    with pytest.raises(NotFound):
        await float_proposals.get_proposal(south.admin, line.id)
    with pytest.raises(NotAllowed):
        await float_proposals.ask_candidate(desk.floater, line.id)
    made = await float_proposals.ask_candidate(desk.lead, line.id)
    assert (made.line.name, made.line.where) == (view.candidates[0].name, "Hold for Hill Family Practice")
    assert made.proposal_id == line.id and made.reasons == view.candidates[0].reasons
    assert [one.kind for one in (await queue(desk.lead, kinds=("float_proposal",))).items] == []
    with pytest.raises(Conflict):
        await float_proposals.dismiss_proposal(desk.lead, line.id, "Not needed.")


async def test_a_proposal_is_decided_from_the_inbox_as_well(desk: Pool) -> None:
    due = datetime.now(UTC) - timedelta(minutes=5)
    for _ in range(5):
        await desk.item("denial", of_client=False, due_at=due)
        await desk.item(of_client=False, due_at=due)
    # Nobody of the pool works denials: that queue is not proposed.
    assert await float_proposals.propose_for(desk.tenant.tenant_id) == 1
    item = (await queue(desk.lead, kinds=("float_proposal",))).items[0]
    await actions.take(desk.lead, item.id)
    await actions.complete(desk.lead, item.id, "first")
    line = (await float_proposals.list_proposals(desk.lead, state="assigned")).items[0]
    assert (line.where, line.assignment_reference[:3]) == ("Hold", "FA-")
