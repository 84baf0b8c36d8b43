"""Time on patients: a clock that nothing stops but its owner, entries by hand, corrections, and what counts of them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
import time_machine

from activities.care.packets import gather
from activities.care.reckoning import month_at, reckoned
from database.care_reads import practice_of
from database.session import tenant_session
from domain.care.entries import Credential, Entry, Programme
from domain.refusals import Conflict, Invalid, NotFound
from domain.tenancy import workflow_actor
from services.care import roster, time_entries, timers
from services.care.time_entries import TimeFacts
from services.care.time_rows import now
from tests.domain.care.oracle import Days, month_by_hand
from tests.fixtures.care import CareDesk


async def _began(desk: CareDesk, seconds: int, seen: int = 0) -> None:
    """Let the running clock have begun so long ago, and its owner have been seen then."""
    await desk.exchange.tenant.owner.execute(
        "UPDATE care_timers SET started_at = started_at - make_interval(secs => $1),"
        " seen_at = seen_at - make_interval(secs => $2) WHERE tenant_id = $3",
        seconds,
        seen,
        desk.exchange.tenant.tenant_id,
    )


async def test_one_clock_runs_for_a_person_and_stopping_it_twice_is_once(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    assert await timers.my_timer(desk.actor) is None
    running = await timers.start_timer(desk.actor, desk.id, "patient_call")
    with pytest.raises(Conflict, match="already"):
        await timers.start_timer(desk.actor, desk.id, "other")
    await _began(desk, -5)
    with pytest.raises(Conflict, match="whole second"):
        await timers.stop_timer(desk.actor, running.id, "")
    await _began(desk, 1205, seen=600)
    await timers.touch_timer(
        desk.actor, running.id, note="Called about the inhaler", activity="medication_management"
    )
    again = await timers.my_timer(desk.actor)
    assert again and (again.id, again.note, again.idle) == (running.id, "Called about the inhaler", False)
    stopped = await timers.stop_timer(desk.actor, running.id, again.note)
    assert (await timers.stop_timer(desk.actor, running.id, "")).id == stopped.id
    kept = stopped.entries[0]
    assert (kept.source, kept.activity, kept.note) == ("live", "medication_management", again.note)
    assert stopped.seconds == 1200
    month = await roster.care_month(desk.actor, desk.id)
    assert len(month.entries) == 1
    assert await timers.my_timer(neighbour.actor) is None
    with pytest.raises(NotFound):
        await timers.stop_timer(neighbour.actor, running.id, "")
    with pytest.raises(NotFound):
        await timers.start_timer(neighbour.actor, desk.id, "patient_call")


async def test_time_away_from_the_desk_is_asked_about_and_can_be_left_out(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    running = await timers.start_timer(desk.actor, desk.id, "patient_call")
    await _began(desk, 4000, seen=2000)
    asked = await timers.my_timer(desk.actor)
    assert asked and asked.idle
    stopped = await timers.stop_timer(desk.actor, running.id, "", idle_counts=False)
    assert stopped.seconds == 2000
    with pytest.raises(NotFound, match="No clock"):
        await timers.touch_timer(desk.actor, running.id)
    other = await timers.start_timer(desk.actor, desk.id, "other")
    with pytest.raises(Invalid):
        await timers.discard_timer(desk.actor, other.id, " ")
    await timers.discard_timer(desk.actor, other.id, "Wrong patient")
    assert len((await time_entries.time_of(desk.actor, desk.id)).items) == 1
    assert (await time_entries.time_of(neighbour.actor, neighbour.id)).items == []


async def test_time_by_hand_needs_a_reason_and_looks_different(desk: CareDesk, neighbour: CareDesk) -> None:
    ends = now()
    for reason, starts, field in (
        ("", ends - timedelta(minutes=5), "reason"),
        ("Away", ends, "ends_at"),
        ("Away", ends - timedelta(hours=9), "ends_at"),
        ("Away", (ends - timedelta(minutes=5)).replace(tzinfo=None), "starts_at"),
    ):
        with pytest.raises(Invalid) as refused:
            await time_entries.record_time(
                desk.actor, desk.id, TimeFacts("patient_call", starts, ends, reason)
            )
        assert [one.field for one in refused.value.fields] == [field]
    entry = await desk.spent(300)
    assert (entry.source, entry.source_label, entry.waiting) == ("manual", "By hand", False)
    assert (await neighbour.spent(300)).id != entry.id
    assert len((await time_entries.time_of(desk.actor, desk.id)).items) == 1


async def test_a_correction_and_a_void_are_rows_and_nothing_is_ever_changed(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    first = await desk.spent(1500)
    facts = TimeFacts("referral", first.starts_at, first.starts_at + timedelta(seconds=900), "Typed wrong")
    corrected = await time_entries.correct_time(desk.actor, first.id, facts)
    with pytest.raises(Conflict, match="already"):
        await time_entries.correct_time(desk.actor, first.id, facts)
    assert corrected.supersedes == first.id
    void = await time_entries.void_time(desk.actor, corrected.id, "Another patient's")
    assert void.void
    rows = (await time_entries.time_of(desk.actor, desk.id)).items
    assert [(one.superseded, one.void) for one in rows] == [(False, True), (True, False), (True, False)]
    assert (await roster.care_month(desk.actor, desk.id)).counted_seconds == 0
    with pytest.raises(NotFound):
        await time_entries.void_time(neighbour.actor, first.id, "Not mine")
    for change in ("UPDATE care_time_entries SET void = true", "DELETE FROM care_time_entries"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
                await session.execute(change)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await desk.exchange.tenant.owner.execute(change)


async def test_the_roster_puts_first_who_lacks_most_and_the_month_tells_why(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    before = await roster.roster(desk.actor)
    assert [(one.counted_seconds, one.short_seconds) for one in before.patients] == [(0, 1200)]
    seconds = 600
    await desk.spent(seconds)
    clerk = await desk.exchange.tenant.actor("Care Manager")
    await desk.spent(seconds, actor=clerk)
    month = await roster.care_month(desk.actor, desk.id)
    assert [(one.programme, one.counted_seconds, one.short_seconds) for one in month.programmes] == [
        ("ccm", seconds, 1200 - seconds)
    ]
    assert {one.why for entry in month.entries for one in entry.pieces} == {"counted", "not_clinical"}
    assert (month.recorded_seconds, month.counted_seconds, month.codes) == (2 * seconds, seconds, [])
    assert [one.counted_seconds for one in (await roster.roster(neighbour.actor)).patients] == [0]
    with pytest.raises(Invalid):
        await roster.care_month(desk.actor, desk.id, 2026, 13)


async def test_a_correction_that_only_shortens_needs_no_approval_and_one_that_adds_late_seconds_does(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    first = await desk.spent(1500)
    at.shift(timedelta(days=5))
    shorter = TimeFacts("referral", first.starts_at, first.starts_at + timedelta(seconds=900), "Typed wrong")
    corrected = await time_entries.correct_time(desk.actor, first.id, shorter)
    assert (corrected.source, corrected.waiting) == ("manual", False)
    longer = TimeFacts("referral", first.starts_at, first.ends_at, "It was right at first")
    again = await time_entries.correct_time(desk.actor, corrected.id, longer)
    assert (again.source, again.source_label, again.waiting) == ("back_dated", "Back-dated", True)
    asked = await _approvals(desk)
    assert len(asked) == 1
    assert "25 minutes for CE-" in asked[0]["summary"]
    void = await time_entries.void_time(desk.actor, again.id, "Not worth it")
    assert (void.void, void.waiting) == (True, False)
    told = await desk.exchange.rows("SELECT payload FROM outbox WHERE name = 'needless'")
    assert len(told) == 1
    assert await _approvals(neighbour) == []


async def test_shortening_what_was_approved_keeps_the_approval_and_shows_that_it_was_late(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    late = await desk.spent(600, ago=3 * 86_400)
    await _decide(desk, late.id, approved=True)
    half = TimeFacts(late.activity, late.starts_at, late.starts_at + timedelta(seconds=300), "Half of it")
    kept = await time_entries.correct_time(desk.actor, late.id, half)
    assert (kept.source, kept.waiting, kept.refused) == ("back_dated", False, False)
    refused = await desk.spent(600, ago=4 * 86_400)
    await desk.exchange.tenant.owner.execute(
        "UPDATE approvals SET state = 'refused' WHERE subject_id = $1", refused.id
    )
    shown = {one.id: one for one in (await time_entries.time_of(desk.actor, desk.id)).items}
    assert (shown[refused.id].waiting, shown[refused.id].refused) == (False, True)
    half = TimeFacts("other", refused.starts_at, refused.starts_at + timedelta(seconds=60), "Less")
    assert (await time_entries.correct_time(desk.actor, refused.id, half)).waiting
    assert await _approvals(neighbour) == []


async def test_a_manager_corrects_and_takes_back_anybodys_time_with_a_reason(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    entry = await desk.spent(900)
    manager = await desk.exchange.tenant.actor("Care Manager")
    colleague = await desk.coordinator()
    shorter = TimeFacts("other", entry.starts_at, entry.starts_at + timedelta(seconds=60), "Overlaps")
    with pytest.raises(NotFound):
        await time_entries.correct_time(colleague, entry.id, shorter)
    with pytest.raises(Invalid):
        await time_entries.void_time(manager, entry.id, " ")
    corrected = await time_entries.correct_time(manager, entry.id, shorter)
    assert (corrected.staff_id, corrected.seconds) == (desk.actor.user_id, 60)
    assert (await time_entries.void_time(manager, corrected.id, "Was nobody's")).void
    assert (await time_entries.time_of(neighbour.actor, neighbour.id)).items == []


async def test_time_that_a_correction_moves_into_another_month_counts_there_alone(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    at.move_to(datetime(2026, 12, 1, 18, tzinfo=UTC))
    late, early = timedelta(hours=20), timedelta(hours=1)
    for one in (desk, neighbour):
        await one.spent(1500, ago=int(late.total_seconds()))
    moved = TimeFacts("patient_call", now() - early, now() - early + timedelta(seconds=600), "It was today")
    first = (await time_entries.time_of(desk.actor, desk.id)).items[0]
    there = await time_entries.correct_time(desk.actor, first.id, moved)
    assert await _counted(desk) == (0, 600)
    back = TimeFacts("patient_call", first.starts_at, first.ends_at, "It was yesterday after all")
    assert await _replayed(desk) == 0
    await time_entries.correct_time(desk.actor, there.id, back)
    assert await _counted(desk) == (1500, 0)
    assert await _replayed(desk) == 1500
    assert await _counted(neighbour) == (1500, 0)


async def _counted(desk: CareDesk) -> tuple[int, int]:
    """Counted seconds of November and of December."""
    november, december = [await roster.care_month(desk.actor, desk.id, 2026, month) for month in (11, 12)]
    return november.counted_seconds, december.counted_seconds


async def _replayed(desk: CareDesk) -> int:
    """What November's entries come to for an auditor who has nothing but its packet."""
    actor = workflow_actor(desk.exchange.tenant.tenant_id, "tests")
    async with tenant_session(actor) as session:
        key = month_at(await practice_of(session, desk.exchange.client_id), date(2026, 11, 1))
        patient = desk.exchange.patient_id
        result = (await reckoned(session, [patient], key))[patient]
        facts = await gather(session, patient, key, result, asked_by=desk.admin.user_id)
    entries = [
        Entry(
            one.id, one.staff_id, Programme.CCM, Credential(one.credential), one.starts, one.ends, one.supersedes, one.void
        )
        for one in facts.entries
    ]  # fmt: skip
    days = [Days("ccm", facts.programmes[0].consented_on, date(2027, 1, 1))]
    calendar = 2026, 11, facts.practice.zone
    law = month_by_hand(entries, calendar, days, complex_decisions=False, stands_in=True, level=None)
    replayed = law.counted["ccm"]
    assert facts.counted["ccm"] == replayed
    return replayed


async def _approvals(desk: CareDesk) -> list[asyncpg.Record]:
    return await desk.exchange.rows("SELECT * FROM approvals WHERE kind = 'backdated_time'")


async def _decide(desk: CareDesk, entry_id: UUID, *, approved: bool) -> None:
    await desk.exchange.tenant.owner.execute(
        "INSERT INTO care_time_decisions (tenant_id, entry_id, approved, decided_by) VALUES ($1, $2, $3, $4)",
        desk.exchange.tenant.tenant_id,
        entry_id,
        approved,
        desk.admin.user_id,
    )
