"""Moving a person's work, on a server that lets months pass at once: for a time, for good, and when they leave."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.care import moves as care_moves
from domain.reassignment.process import PROCESS, STAGES, State
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import Actor
from domain.work import Kind
from services.approvals import deciding
from services.reassignment import asking, planning
from services.reassignment.reading import get_move, list_moves, moved_rows
from services.reassignment.views import MoveChoice, MoveFacts, WorkMoveView
from services.work import actions, drafts
from services.work.notes import notes_of
from services.work.queue import queue
from tests.fixtures.approving import leaping
from tests.fixtures.company import Company, company_of, insert
from tests.fixtures.denied import today
from tests.fixtures.lifecycle import eventually
from tests.fixtures.tenancy import TenantFixture


@pytest_asyncio.fixture
async def company(north: TenantFixture) -> Company:
    """The people."""
    return await company_of(north)


@pytest_asyncio.fixture
async def skipping(company: Company) -> AsyncIterator[WorkflowEnvironment]:
    """The server with its worker."""
    async with leaping() as environment:
        yield environment


def facts(who: Actor, mode: str = "permanent", **more: object) -> MoveFacts:
    assert who.user_id
    return MoveFacts(mode, who.user_id, reason="They are needed elsewhere.", **more)  # type: ignore[arg-type]


async def at(by: Actor, move_id: UUID, state: str) -> WorkMoveView:
    """The move once it stands there."""

    async def there() -> WorkMoveView | None:
        view = await get_move(by, move_id)
        return view if view.line.state == state else None

    return await eventually(there)


async def decided(company: Company, move: WorkMoveView, by: Actor, decision: str = "approve") -> None:
    """Decide once it is laid before somebody."""
    approval_id = move.line.approval_id
    assert approval_id

    async def laid() -> bool:
        state = await company.tenant.owner.fetchval("SELECT state FROM approvals WHERE id = $1", approval_id)
        return bool(state == "waiting")

    await eventually(laid)
    await deciding.decide_approval(by, approval_id, decision, "Seen.")


async def test_work_that_moves_until_a_day_returns_by_itself_but_for_what_was_finished(
    company: Company, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    items = [await company.item(f"{n}", company.biller) for n in range(6)]
    rests = datetime.now(UTC) + timedelta(days=90)
    await actions.snooze(company.biller, items[0], rests)
    until = today() + timedelta(days=30)
    plan = await planning.preview_move(company.lead, facts(company.biller, "temporary", returns_on=until))
    assert Counter(row.to_name for row in plan.rows) == {company.colleague.name: 3, company.lead.name: 3}
    assert plan.levels == 1 and all("could" in row.why for row in plan.rows)
    move = await asking.ask_move(company.lead, facts(company.biller, "temporary", returns_on=until))
    with pytest.raises(Conflict) as twice:
        await asking.ask_move(company.head, facts(company.biller))
    assert twice.value.code == "reassignment.under_way"
    waiting = await at(company.lead, move.id, "waiting")
    assert [await company.owner_of(one) for one in items] == [company.biller.user_id] * 6
    with pytest.raises(NotAllowed):
        await decided(company, waiting, company.lead)
    # One is finished and one given away between the plan and the move: told, not stolen.
    await company.finish(items[1], company.biller)
    await actions.assign(company.head, items[2], company.head.user_id)  # type: ignore[arg-type]
    await decided(company, waiting, company.head)
    lent = await at(company.lead, move.id, "lent")
    assert (lent.line.done, lent.line.refused) == (4, 2)
    told = [one.message for one in (await moved_rows(company.lead, move.id, refused=True)).items]
    assert told == [f"Finished meanwhile by {company.biller.name}.", f"With {company.head.name} now."]
    asleep = "SELECT follow_up_at FROM work_items WHERE id = $1"
    assert await company.tenant.owner.fetchval(asleep, items[0]) == rests
    receiver = await company.tenant.person(await company.owner_of(items[3]))  # type: ignore[arg-type]
    await company.finish(items[3], receiver)
    midnight = datetime.combine(until, time.min, ZoneInfo("America/New_York"))
    assert lent.until_moment == midnight
    await skipping.sleep(midnight - await skipping.get_current_time() + timedelta(minutes=1))
    closed = await at(company.lead, move.id, "closed")
    assert (closed.line.outcome, closed.line.back, closed.line.state_label) == ("due", 3, "Returned")
    mine = [items[0], items[4], items[5]]
    assert [await company.owner_of(one) for one in mine] == [company.biller.user_id] * 3
    with pytest.raises(NotFound):
        await get_move(south.admin, move.id)


async def kept_things(company: Company, watched: UUID, held: UUID) -> None:
    """What somebody has beside work in their hands: an item they watch, drafts, a view of their team."""
    leaver = company.biller
    await actions.watch(leaver, watched)
    await drafts.save_draft(leaver, f"work_item/{held}", {"amount": "12.50", "empty": ""})
    await drafts.save_draft(leaver, "claim/new", {"patient": "unfinished"})
    team = await company.tenant.owner.fetchval("SELECT id FROM teams WHERE name = 'Billers'")
    await insert(company.tenant, "work_views", name="Ours", owner_id=leaver.user_id, team_id=team, filter="{}",
                 columns=["title"], ordering="urgent")  # fmt: skip


async def nothing_stays(company: Company) -> None:
    """Nothing is the leaver's any more; their view is the head's."""
    value, leaver = company.tenant.owner.fetchval, company.biller.user_id
    hands = "SELECT count(*) FROM work_items WHERE owner_id = $1 OR return_to = $1"
    assert await value(hands, leaver) == 0
    assert await value("SELECT owner_id FROM work_views") == company.head.user_id
    assert await value("SELECT count(*) FROM work_watchers") == 0
    assert await value("SELECT count(*) FROM drafts") == 0


async def test_only_who_has_a_last_day_is_moved_as_a_leaver(company: Company) -> None:
    with pytest.raises(Invalid) as stays:
        await asking.ask_move(company.head, facts(company.biller, "leaver"))
    assert stays.value.code == "reassignment.mode"


async def test_the_whole_roster_of_a_leaver_is_spread_by_load_and_skill_and_nothing_stays(
    company: Company, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    leaver, colleague, lead = company.biller, company.colleague, company.lead
    await company.leaves(leaver)
    await company.skilled(colleague, "German", 3)
    busy = [await company.item(f"busy {n}", lead) for n in range(3)]
    held = [await company.item(f"held {n}", leaver) for n in range(5)]
    german = await company.item("german", leaver, skill="German")
    released = await company.item("quarantine", leaver, kind=Kind.QUARANTINE)
    lent = await company.item("lent", leaver)
    await actions.delegate(leaver, lent, company.head.user_id)  # type: ignore[arg-type]
    borrowed = await company.item("borrowed", company.head)
    await actions.delegate(company.head, borrowed, leaver.user_id)  # type: ignore[arg-type]
    nobody = await company.item("nobody", leaver, skill="Czech")
    await kept_things(company, busy[0], held[0])
    plan = await planning.preview_move(company.head, facts(leaver, "leaver"))
    to = {row.item_id: row.to_name for row in plan.rows}
    # Only leads may work what is released.
    assert (len(plan.rows), to[german], to[released]) == (10, colleague.name, lead.name)
    assert (to[borrowed], to[nobody], plan.to_queue) == (company.head.name, "", 1)
    loads = {one.name: one.after for one in plan.receivers if one.chosen}
    assert abs(loads[colleague.name] - loads[lead.name]) <= 1
    impossible = facts(leaver, "leaver", moves=[MoveChoice(released, colleague.user_id)])
    with pytest.raises(Invalid) as wrong:
        await planning.preview_move(company.head, impossible)
    assert wrong.value.code == "reassignment.moves"
    chosen = facts(leaver, "leaver", moves=[MoveChoice(held[0], lead.user_id)])
    move = await asking.ask_move(company.head, chosen)
    late = await company.item("late", leaver)
    await decided(company, move, company.tenant.admin)
    moved = await at(company.head, move.id, "moved")
    assert (moved.line.done, moved.line.refused) == (11, 0)
    assert (await company.owner_of(held[0]), await company.owner_of(late)) == (lead.user_id, None)
    await nothing_stays(company)
    assert await company.tenant.owner.fetchval("SELECT return_to FROM work_items WHERE id = $1", lent)
    [note] = await notes_of(lead, "work_item", held[0])
    assert note.text.endswith("amount: 12.50") and leaver.name in note.text
    assert len(await notes_of(company.head, "reassignment", move.id)) == 1
    assert (await list_moves(south.admin)).items == []


async def test_undoing_moves_back_only_what_nobody_has_touched(
    company: Company, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    await insert(company.tenant, "approval_limits", kind="reassignment", effective_from=today(), free_up_to=3,
                 created_by=company.tenant.admin.user_id)  # fmt: skip
    items = [await company.item(f"{n}", company.biller) for n in range(3)]
    assert company.colleague.user_id
    move = await asking.ask_move(company.lead, facts(company.biller, to=[company.colleague.user_id]))
    moved = await at(company.lead, move.id, "moved")  # three items: nobody was asked
    assert moved.line.approval_id is None and moved.may == ["undo"]
    await actions.snooze(company.colleague, items[0], datetime.now(UTC) + timedelta(days=2))
    await asking.undo_move(company.lead, move.id, "Too early.")
    closed = await at(company.lead, move.id, "closed")
    assert (closed.line.outcome, closed.line.back, closed.end_reason) == ("undone", 2, "Too early.")
    owners = [await company.owner_of(one) for one in items]
    assert owners == [company.colleague.user_id, company.biller.user_id, company.biller.user_id]
    [kept] = (await moved_rows(company.lead, move.id, refused=True)).items
    assert kept.back_message == f"{company.colleague.name} has begun with it."
    with pytest.raises(Conflict):
        await asking.undo_move(company.lead, move.id, "Again.")


async def test_a_move_that_is_refused_or_cancelled_moves_nothing_and_a_done_one_settles(
    company: Company, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    item = await company.item("one", company.biller)
    first = await asking.ask_move(company.lead, facts(company.biller))
    await at(company.lead, first.id, "waiting")
    cancelled = await asking.cancel_move(company.lead, first.id, "A mistake.")
    assert cancelled.line.state_label == "Cancelled"

    async def overtaken() -> bool:
        return await company.tenant.owner.fetchval("SELECT state FROM approvals") == "overtaken"

    await eventually(overtaken)
    assert (await queue(company.head, scope="mine")).items == []
    second = await asking.ask_move(company.lead, facts(company.biller))
    await at(company.lead, second.id, "waiting")
    await decided(company, second, company.head, "refuse")
    refused = await at(company.lead, second.id, "closed")
    assert refused.line.outcome == "refused" and await company.owner_of(item) == company.biller.user_id
    third = await asking.ask_move(company.lead, facts(company.biller))
    await at(company.lead, third.id, "waiting")
    await decided(company, third, company.head)
    await at(company.lead, third.id, "moved")
    await skipping.sleep(timedelta(days=8))
    assert (await at(company.lead, third.id, "closed")).line.outcome == "settled"
    with pytest.raises(NotAllowed):
        await list_moves(company.biller)


def test_the_diagram_knows_every_way_that_the_table_allows() -> None:
    ways = {(state, end) for state, stage in STAGES.items() for end in stage.events.values()}
    assert ways == {(State(start), State(end)) for start, end in PROCESS.arrows}
    assert {step.code for step in PROCESS.steps} == {state.value for state in State}
    # Patients never move unasked.
    assert set(PROCESS.arrows) - set(care_moves.PROCESS.arrows) == {("planned", "moving")}
