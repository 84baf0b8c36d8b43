"""Time sheets through the services: what a week holds, what keeps it from being submitted, and who may change it later."""

import asyncio
from contextvars import Context
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from activities.approvals.deciding import take_decision
from activities.approvals.effects import carry_out
from activities.approvals.messages import ApprovalDecided, ApprovalDecisionTask, ApprovalTask
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import Actor
from services.care import other_time, time_entries, time_rows, time_sheets, timers
from services.care.other_time import OtherTimeFacts
from services.care.sheet_views import SheetView
from services.care.time_entries import TimeFacts
from tests.fixtures.care import ELEVEN, CareDesk

MONDAY = date(2026, 11, 16)


async def _meeting(desk: CareDesk, minutes: int, *, ago: int = 0) -> UUID:
    ends = datetime.now(UTC) - timedelta(minutes=ago)
    facts = OtherTimeFacts("meeting", ends - timedelta(minutes=minutes), ends, "Case conference")
    return (await other_time.add_other_time(desk.actor, facts)).id


async def _mine(desk: CareDesk) -> SheetView:
    return await time_sheets.my_sheet(desk.actor, "week", MONDAY)


async def _submitted(desk: CareDesk, wall: time_machine.Traveller) -> SheetView:
    wall.move_to(ELEVEN + timedelta(days=5))
    return await time_sheets.submit_sheet(desk.actor, "week", MONDAY)


async def _approve(desk: CareDesk, sheet: SheetView) -> Actor:
    """A manager's word, carried out as the approval's process does."""
    manager = await desk.exchange.tenant.actor("Care Manager")
    owner, tenant_id = desk.exchange.tenant.owner, desk.exchange.tenant.tenant_id
    await owner.execute(
        "INSERT INTO approval_decisions (tenant_id, approval_id, level, work_item_id, approved, decided_by)"
        " VALUES ($1, $2, 1, $3, true, $4)", tenant_id, sheet.approval_id, uuid4(), manager.user_id,
    )  # fmt: skip
    await owner.execute("UPDATE approvals SET state = 'approved' WHERE id = $1", sheet.approval_id)
    assert sheet.approval_id
    await carry_out(ApprovalTask(tenant_id, sheet.approval_id, datetime.now(UTC)))
    return manager


async def test_a_week_shows_recorded_beside_counted_seconds_and_no_second_twice(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    await desk.spent(1800)
    await _meeting(desk, 60, ago=60)
    sheet = await _mine(desk)
    assert (sheet.starts_on, sheet.ends_on, sheet.state) == (MONDAY, date(2026, 11, 22), "open")
    assert (sheet.patients, sheet.other, sheet.worked, sheet.counted) == (1800, 3600, 5400, 1800)
    assert [one.worked for one in sheet.days] == [0, 0, 5400, 0, 0, 0, 0]
    assert [(one.what, one.source, bool(one.patient_name)) for one in sheet.entries] == [
        ("Meeting", "manual", False), ("Call with the patient", "manual", True),
    ]  # fmt: skip
    month = await time_sheets.my_sheet(desk.actor, "month")
    assert (month.starts_on, len(month.days), month.worked) == (date(2026, 11, 1), 30, 5400)
    assert (await _mine(neighbour)).worked == 0


async def test_entries_that_claim_the_same_seconds_are_solved_before_a_sheet_is_submitted(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    await desk.spent(1800)
    meeting = await _meeting(desk, 10, ago=5)
    sheet = await _mine(desk)
    assert [one.seconds for one in sheet.conflicts] == [600]
    assert sheet.worked == 1800
    with pytest.raises(Conflict, match="not over"):
        await time_sheets.submit_sheet(desk.actor, "week", MONDAY)
    with pytest.raises(Conflict, match="overlap"):
        await _submitted(desk, at)
    with pytest.raises(Invalid):
        await other_time.void_other_time(desk.actor, meeting, " ")
    with pytest.raises(NotFound):
        await other_time.void_other_time(await desk.coordinator(), meeting, "Not theirs")
    await other_time.void_other_time(desk.actor, meeting, "It was on Tuesday")
    assert (await time_sheets.submit_sheet(desk.actor, "week", MONDAY)).state == "waiting"
    with pytest.raises(Conflict, match="submitted"):
        await time_sheets.submit_sheet(desk.actor, "week", MONDAY)
    at.move_to(datetime(2026, 12, 2, tzinfo=UTC))
    with pytest.raises(Conflict, match="days was submitted"):
        await time_sheets.submit_sheet(desk.actor, "month", MONDAY)
    assert (await _mine(neighbour)).state == "open"


async def test_a_clock_that_runs_and_an_empty_week_cannot_be_submitted(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    with pytest.raises(Conflict, match="No time"):
        await _submitted(desk, at)
    at.move_to(ELEVEN)
    await desk.spent(600)
    running = await timers.start_timer(desk.actor, desk.id, "other")
    with pytest.raises(Conflict, match="clock"):
        await _submitted(desk, at)
    await timers.discard_timer(desk.actor, running.id, "Forgotten")
    assert (await _submitted(desk, at)).state == "waiting"
    assert (await _mine(neighbour)).id is None


async def test_an_accepted_sheet_is_changed_only_by_a_manager_with_a_reason_and_says_so(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    entry = await desk.spent(900)
    sheet = await _submitted(desk, at)
    manager = await _approve(desk, sheet)
    accepted = await _mine(desk)
    assert (accepted.state, accepted.accepted_by) == ("accepted", manager.name)
    shorter = TimeFacts("other", entry.starts_at, entry.starts_at + timedelta(seconds=60), "Typed wrong")
    for wrong in (
        time_entries.correct_time(desk.actor, entry.id, shorter),
        time_entries.void_time(desk.actor, entry.id, "Mine"),
        desk.spent(60, ago=5 * 86_400),
    ):
        with pytest.raises(Conflict, match="accepted"):
            await wrong
    await time_entries.correct_time(manager, entry.id, shorter)
    changed = await time_sheets.get_sheet(desk.actor, sheet.id or uuid4())
    assert (changed.state, changed.worked) == ("changed", 60)
    assert [(one.kind, one.reason) for one in changed.news] == [
        ("changed", "Typed wrong"), ("accepted", ""), ("submitted", ""),
    ]  # fmt: skip
    assert (await _mine(neighbour)).news == []


async def test_late_time_refused_after_its_sheet_was_accepted_marks_the_sheet(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    await desk.spent(900)
    at.move_to(ELEVEN + timedelta(days=4))
    late = await desk.spent(600, ago=4 * 86_400 - 3600)
    assert late.waiting
    sheet = await _submitted(desk, at)
    manager = await _approve(desk, sheet)
    assert ((await _mine(desk)).state, (await _mine(desk)).worked) == ("accepted", 1500)
    tenant_id = desk.exchange.tenant.tenant_id
    decision = ApprovalDecided(tenant_id, uuid4(), "refuse", manager.user_id)
    [row] = await desk.exchange.rows(
        "UPDATE approvals SET state = 'waiting' WHERE subject_id = $1 RETURNING id", late.id
    )
    for _ in range(2):
        await take_decision(ApprovalDecisionTask(tenant_id, row["id"], datetime.now(UTC), decision))
    changed = await _mine(desk)
    assert (changed.state, changed.worked) == ("changed", 900)
    assert [(one.kind, one.actor_name, one.reason) for one in changed.news][:2] == [
        ("changed", manager.name, "Late time in it was not approved."), ("accepted", manager.name, ""),
    ]  # fmt: skip
    assert (await _mine(neighbour)).news == []


async def test_what_was_changed_after_submission_is_not_accepted_and_a_returned_sheet_is_submitted_again(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    entry = await desk.spent(900)
    sheet = await _submitted(desk, at)
    await time_entries.void_time(desk.actor, entry.id, "Another patient's")
    await desk.spent(300, ago=5 * 86_400)
    await _approve(desk, sheet)
    returned = await _mine(desk)
    assert (returned.state, returned.obstacle) == ("returned", "")
    again = await time_sheets.submit_sheet(desk.actor, "week", MONDAY)
    assert (again.id, again.state, again.worked) == (sheet.id, "waiting", 300)
    assert again.approval_id != sheet.approval_id
    await desk.exchange.tenant.owner.execute(
        "UPDATE approvals SET state = 'refused' WHERE id = $1", again.approval_id
    )
    assert (await _mine(desk)).state == "returned"
    assert (await _mine(neighbour)).state == "open"


async def test_a_sheet_is_not_accepted_past_an_entry_that_is_just_being_written(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    entry = await desk.spent(900)
    sheet = await _submitted(desk, at)
    async with tenant_session(desk.actor) as writing:
        row = await writing.row(f"{time_rows.SELECT} AND t.id = $1", entry.id)
        enrolment = {"id": desk.id, "patient_id": row["patient_id"], "client_id": desk.exchange.client_id}
        await time_rows.write(writing, enrolment, time_rows.voiding(row, "Another patient's"), "UTC")
        accepting = asyncio.create_task(_approve(desk, sheet), context=Context())
        done, _ = await asyncio.wait([accepting], timeout=0.2)
        assert not done
    await accepting
    assert (await _mine(desk)).state == "returned"
    assert (await _mine(neighbour)).state == "open"


async def test_managers_see_everybodys_sheets_with_what_is_missing_and_others_their_own_only(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    await desk.spent(900)
    other = await desk.coordinator()
    await desk.spent(600, actor=desk.admin)
    sheet = await _submitted(desk, at)
    lines = await time_sheets.list_sheets(desk.admin, "week", MONDAY)
    assert {one.name: (one.state, one.overdue) for one in lines} == {
        desk.actor.name: ("waiting", False), desk.admin.name: ("open", True),
    }  # fmt: skip
    missing = await time_sheets.list_sheets(desk.admin, "week", MONDAY, True)
    assert [one.name for one in missing] == [desk.admin.name]
    assert desk.actor.user_id and sheet.id
    assert (await time_sheets.sheet_of(desk.admin, desk.actor.user_id, "week", MONDAY)).id == sheet.id
    with pytest.raises(NotAllowed):
        await time_sheets.list_sheets(desk.actor)
    with pytest.raises(NotFound):
        await time_sheets.get_sheet(other, sheet.id)
    for stranger in (desk.admin, neighbour.admin):
        with pytest.raises(NotFound):
            await time_sheets.sheet_of(stranger, uuid4())
    with pytest.raises(Invalid):
        await time_sheets.my_sheet(desk.actor, "year")
    with pytest.raises(NotFound):
        await time_sheets.get_sheet(neighbour.admin, sheet.id)
