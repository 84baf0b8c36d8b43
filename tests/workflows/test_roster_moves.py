"""RosterMove and RosterOptimisation: patients who change their coordinator, on a server that lets months pass at once."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.care.profiles import ProfileFacts
from domain.refusals import Conflict, Invalid, NotFound
from services.care import enrolments, forecasts, moves, optimised_moves, optimising, profiles, timers
from services.care.optimised_moves import MoveRow
from services.care.optimising import OptimisationFacts, OptimisationView
from services.work import notifications
from tests.fixtures.approving import leaping
from tests.fixtures.denied import today
from tests.fixtures.exchange import Exchange
from tests.fixtures.lifecycle import eventually
from tests.fixtures.rosters import Rosters, rosters_of


@pytest_asyncio.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """The server with its worker."""
    async with leaping() as environment:
        yield environment


@pytest_asyncio.fixture
async def rosters(here: Exchange, there: Exchange, skipping: WorkflowEnvironment) -> Rosters:
    return await rosters_of(here)


async def test_patients_lent_until_a_day_come_back_by_themselves_but_for_who_moved_on(
    rosters: Rosters, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    until = today() + timedelta(days=14)
    asked = await rosters.proposed(until)
    with pytest.raises(Conflict, match="already"):
        await rosters.proposed(until)
    waiting = await rosters.at(asked.id, "waiting")
    assert [await rosters.whose(one) for one in rosters.patients] == [rosters.ann.user_id] * 3
    # The first patient's clock runs while they change hands; the second goes to somebody else before the approval.
    running = await timers.start_timer(rosters.ann, rosters.patients[0], "patient_call")
    await rosters.desk.exchange.tenant.owner.execute(
        "UPDATE care_timers SET started_at = started_at - interval '5 minutes'"
    )
    assert await enrolments.assign_coordinator(rosters.manager, [rosters.patients[1]], None) == 1
    await rosters.decided(waiting)
    lent = await rosters.at(asked.id, "lent")
    assert (lent.line.done, lent.line.refused, lent.line.total) == (2, 1, 3)
    [left] = (await moves.care_moved_rows(rosters.manager, asked.id, refused=True)).items
    assert (left.code, left.message) == ("care_move.changed_hands", "With nobody now.")
    told = [one.title for one in (await notifications.list_notifications(rosters.bob)).items]
    assert f"{lent.line.reference}: 2 patients came onto your roster" in told
    kept = await timers.stop_timer(rosters.ann, running.id, "Said good-bye", idle_counts=True)
    assert kept.entries[0].staff_id == rosters.ann.user_id
    with pytest.raises(NotFound):
        await timers.start_timer(rosters.ann, rosters.patients[0], "patient_call")
    midnight = datetime.combine(until, time.min, ZoneInfo("America/New_York"))
    assert lent.until_moment == midnight
    await skipping.sleep(midnight - await skipping.get_current_time() + timedelta(minutes=1))
    closed = await rosters.at(asked.id, "closed")
    assert (closed.line.outcome, closed.line.back, closed.line.state_label) == ("due", 2, "Returned")
    told = [one.title for one in (await notifications.list_notifications(rosters.manager)).items]
    assert f"{lent.line.reference}: 2 of 2 came back" in told
    assert [await rosters.whose(one) for one in rosters.patients] == [
        rosters.ann.user_id,
        None,
        rosters.ann.user_id,
    ]
    with pytest.raises(NotFound):
        await moves.get_care_move(there.tenant.admin, asked.id)


async def test_undoing_leaves_whom_the_new_coordinator_has_begun_with_and_needs_a_reason(
    rosters: Rosters, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    assert rosters.bob.user_id
    # Handed over from the forecast, it is a move as any other.
    move_id = await forecasts.propose_handing_over(
        rosters.manager, rosters.patients, rosters.bob.user_id, "Ann is away."
    )
    asked = await moves.get_care_move(rosters.manager, move_id)
    await rosters.decided(asked)
    moved = await rosters.at(asked.id, "moved")
    assert moved.may == ["undo"] and moved.reason == "Ann is away."
    await timers.start_timer(rosters.bob, rosters.patients[0], "patient_call")
    with pytest.raises(Invalid):
        await moves.undo_care_move(rosters.manager, asked.id, " ")
    await moves.undo_care_move(rosters.manager, asked.id, "Ann is back.")
    closed = await rosters.at(asked.id, "closed")
    assert (closed.line.outcome, closed.line.back, closed.end_reason) == ("undone", 2, "Ann is back.")
    [kept] = (await moves.care_moved_rows(rosters.manager, asked.id, refused=True)).items
    assert kept.back_message == f"{rosters.bob.name} has begun with them."
    assert (await moves.list_care_moves(there.tenant.admin)).items == []


async def test_who_is_refused_or_unlicensed_keeps_nobody_and_a_cancelled_move_moves_nothing(
    rosters: Rosters, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    first = await rosters.proposed()
    await rosters.decided(first, "refuse")
    assert (await rosters.at(first.id, "closed")).line.outcome == "refused"
    second = await rosters.proposed()
    await rosters.at(second.id, "waiting")
    cancelled = await moves.cancel_care_move(rosters.manager, second.id, "A mistake.")
    assert cancelled.line.state_label == "Cancelled"
    third = await rosters.proposed()
    await rosters.licensed(rosters.bob, ("TX",))
    await rosters.decided(third)
    moved = await rosters.at(third.id, "moved")
    assert (moved.line.done, moved.line.refused) == (0, 3)
    rows = (await moves.care_moved_rows(rosters.manager, third.id)).items
    assert {one.message for one in rows} == {"Not licensed in OH."}
    assert [await rosters.whose(one) for one in rosters.patients] == [rosters.ann.user_id] * 3


async def all_but_one_struck(
    rosters: Rosters, view: OptimisationView, rows: Sequence[MoveRow], nobodys: UUID
) -> list[UUID]:
    """The rows page by page; all struck out, which moves nobody, then taken back in but for one: those taken back in."""
    by, id = rosters.manager, view.line.id
    pages = [await optimised_moves.optimised_moves(by, id, limit=1)]
    while pages[-1].next:
        pages.append(await optimised_moves.optimised_moves(by, id, pages[-1].next, 1))
    assert [one for page in pages for one in page.items] == rows
    struck = [one.enrolment_id for one in rows]
    with pytest.raises(Conflict, match="nobody"):
        await optimising.propose_optimised(by, id, struck, "None of it.")
    with pytest.raises(Conflict, match="nobody"):
        await optimising.propose_optimised(by, id, [nobodys], "Nobody's.", only=[nobodys])
    assert await optimised_moves.strike_moves(by, id, struck) == len(struck)
    others = [one for one in struck if one != nobodys]
    assert await optimised_moves.strike_moves(by, id, others, struck=False) == 1
    with pytest.raises(Invalid):
        await optimised_moves.strike_moves(by, id, [id])
    return others


async def test_rosters_are_reckoned_anew_and_what_is_not_struck_out_becomes_a_move(
    rosters: Rosters, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    await rosters.licensed(rosters.ann, most=2)
    for one in rosters.patients:
        await profiles.save_profile(rosters.ann, one, ProfileFacts(risk=4))
    nobodys = await rosters.patient(None)
    begun = await optimising.optimise(rosters.manager, OptimisationFacts())

    async def found() -> OptimisationView | None:
        view = await optimising.get_optimisation(rosters.manager, begun.line.id)
        return view if view.line.status != "running" else None

    view = await eventually(found)
    assert (view.line.status, view.line.patients, view.line.coordinators) == ("done", 4, 2)
    by_name = {one.name: (one.before, one.after) for one in view.rosters}
    assert by_name[rosters.ann.name][0] == 3 and by_name[rosters.ann.name][1] <= 2
    assert view.bound <= view.cost_after * 1.001 and view.obstacles == []
    rows = (await optimised_moves.optimised_moves(rosters.manager, view.line.id)).items
    assert nobodys in [one.enrolment_id for one in rows] and all(one.why for one in rows if one.from_name)
    assert (view.placed, view.struck, view.possible) == (1, 0, len(rows))
    others = await all_but_one_struck(rosters, view, rows, nobodys)
    move = await optimising.propose_optimised(rosters.manager, view.line.id, [], "Even rosters.")
    again = await optimising.propose_optimised(rosters.manager, view.line.id, [nobodys], "Even rosters.")
    assert again.id == move.id and move.line.total == len(others)
    shown = (await optimised_moves.optimised_moves(rosters.manager, view.line.id)).items
    assert {one.under_way for one in shown if one.stale} == {move.line.reference}
    assert [one.enrolment_id for one in shown if one.struck] == [nobodys]
    assert [one.enrolment_id for one in shown if not one.stale] == [nobodys]
    await rosters.at(move.id, "waiting")
    await moves.cancel_care_move(rosters.manager, move.id, "With another reason.")
    await rosters.at(move.id, "closed")
    anew = await optimising.propose_optimised(rosters.manager, view.line.id, [nobodys], "Ann has too many.")
    assert anew.id != move.id and anew.reason == "Ann has too many."
    with pytest.raises(NotFound):
        await optimising.get_optimisation(there.tenant.admin, view.line.id)
