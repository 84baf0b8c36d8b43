"""The running clock through the services: two tabs, sleep, a crash, midnight, a month's end, a patient who has left."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from domain.refusals import Conflict, Invalid, NotFound
from services.care import enrolments, roster, time_entries, timers
from services.care.clocks import TimerView
from tests.fixtures.care import ELEVEN, CareDesk


async def _begun(desk: CareDesk, activity: str = "patient_call") -> TimerView:
    return await timers.start_timer(desk.actor, desk.id, activity)


async def _worked(desk: CareDesk, wall: time_machine.Traveller, minutes: int) -> None:
    """Somebody is there all the time: a word every minute."""
    running = await timers.my_timer(desk.actor)
    assert running
    for _ in range(minutes):
        wall.shift(timedelta(minutes=1))
        await timers.touch_timer(desk.actor, running.id)


async def test_two_tabs_show_one_clock_and_a_second_start_asks_to_stop_the_first(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    first = await _begun(desk)
    assert (await timers.my_timer(desk.actor)) == first
    at.shift(timedelta(seconds=90))
    await timers.touch_timer(desk.actor, first.id, note="Inhaler")
    with pytest.raises(Conflict, match="already"):
        await _begun(desk, "referral")
    second = await timers.start_timer(desk.actor, desk.id, "referral", first.id)
    assert (second.activity, second.note, second.id != first.id) == ("referral", "", True)
    kept = await timers.stop_timer(desk.actor, first.id, "from the other tab")
    assert [(one.seconds, one.note) for one in kept.entries] == [(90, "Inhaler")]
    assert await timers.my_timer(desk.actor) == second
    assert await timers.my_timer(neighbour.actor) is None


async def test_what_is_typed_or_thrown_away_in_one_tab_never_reaches_the_next_patients_clock(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    first = await _begun(desk)
    at.shift(timedelta(seconds=90))
    await timers.touch_timer(desk.actor, first.id)
    second = await timers.start_timer(desk.actor, desk.id, "referral", first.id)
    for actor in (desk.actor, neighbour.actor):
        for late in (
            timers.touch_timer(actor, first.id, note="Of the patient before"),
            timers.discard_timer(actor, first.id, "Started by mistake"),
            timers.answer_idle(actor, first.id, False),
        ):
            with pytest.raises(NotFound):
                await late
    assert await timers.my_timer(desk.actor) == second


async def test_a_clock_thrown_away_leaves_its_time_as_void_with_the_reason_and_no_words(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    running = await _begun(desk)
    await _worked(desk, at, 3)
    await timers.touch_timer(desk.actor, running.id, note="Of somebody else")
    await timers.discard_timer(desk.actor, running.id, "Wrong patient")
    rows = (await time_entries.time_of(desk.actor, desk.id)).items
    assert [(one.source, one.seconds, one.void, one.superseded, one.reason, one.note) for one in rows] == [
        ("manual", 180, True, False, "Wrong patient", ""), ("live", 180, False, True, "", ""),
    ]  # fmt: skip
    assert (await roster.care_month(desk.actor, desk.id)).counted_seconds == 0
    with pytest.raises(NotFound):
        await timers.stop_timer(desk.actor, running.id, "from the other tab")
    assert (await time_entries.time_of(neighbour.actor, neighbour.id)).items == []


@pytest.mark.parametrize(
    ("begins", "ends", "seconds"),
    [(0.0, 1200.0, 1200), (0.9, 1200.1, 1199), (0.5, 1200.0, 1199), (0.0, 1199.5, 1199), (0.2, 1.9, 0)],
)
async def test_a_begun_second_never_counts(
    desk: CareDesk, at: time_machine.Traveller, begins: float, ends: float, seconds: int
) -> None:
    at.shift(timedelta(seconds=begins))
    running = await _begun(desk)
    at.move_to(ELEVEN + timedelta(seconds=min(ends, 600)))
    await timers.touch_timer(desk.actor, running.id)
    at.move_to(ELEVEN + timedelta(seconds=ends))
    if not seconds:
        with pytest.raises(Conflict, match="whole second"):
            await timers.stop_timer(desk.actor, running.id, "")
        return
    assert (await timers.stop_timer(desk.actor, running.id, "")).seconds == seconds


async def test_a_laptop_that_slept_eight_hours_is_asked_what_they_were_and_waking_it_is_no_answer(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    running = await _begun(desk)
    await _worked(desk, at, 7)
    at.shift(timedelta(hours=8))
    for seconds in range(2):  # the key that wakes it, and the next one
        woken = await timers.touch_timer(desk.actor, running.id, note="as typed")
        assert (woken.idle, woken.away_seconds, woken.note) == (True, 8 * 3600 + seconds, "as typed")
        at.shift(timedelta(seconds=1))
    with pytest.raises(Conflict) as asked:
        await timers.stop_timer(desk.actor, running.id, "")
    assert asked.value.code == "care_timer.idle"
    for reason in ("", "Eight hours and one second are too many"):
        with pytest.raises(Invalid) as refused:
            await timers.stop_timer(desk.actor, running.id, "", idle_counts=True, reason=reason)
        assert [one.field for one in refused.value.fields] == ["reason"]
    stopped = await timers.stop_timer(desk.actor, running.id, "as typed", idle_counts=False)
    assert [(one.source, one.seconds) for one in stopped.entries] == [("live", 420)]
    assert (await time_entries.time_of(neighbour.actor, neighbour.id)).items == []


async def test_time_away_that_was_work_is_an_entry_of_its_own_that_does_not_look_live(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    running = await _begun(desk)
    await _worked(desk, at, 5)
    at.shift(timedelta(minutes=30))
    went_on = await timers.answer_idle(desk.actor, running.id, True, "With the patient in the waiting room")
    assert (went_on.idle, went_on.seconds, went_on.activity) == (False, 0, "patient_call")
    await _worked(desk, at, 2)
    at.shift(timedelta(minutes=20))
    left_out = await timers.answer_idle(desk.actor, went_on.id, False)
    at.shift(timedelta(seconds=61))
    stopped = await timers.stop_timer(desk.actor, left_out.id, "")
    rows = (await time_entries.time_of(desk.actor, desk.id)).items
    assert [(one.source, one.seconds) for one in reversed(rows)] == [
        ("live", 300), ("manual", 1800), ("live", 120), ("live", 60)
    ]  # fmt: skip
    assert [bool(one.reason) for one in reversed(rows)] == [False, True, False, False]
    assert stopped.seconds == 60
    with pytest.raises(NotFound):
        await timers.answer_idle(desk.actor, left_out.id, False)
    assert (await time_entries.time_of(neighbour.actor, neighbour.id)).items == []


async def test_a_word_from_a_moment_ago_is_taken_for_that_moment(
    desk: CareDesk, at: time_machine.Traveller
) -> None:
    running = (await _begun(desk)).id
    at.shift(timedelta(seconds=300))
    told = await timers.touch_timer(desk.actor, running, ago_seconds=59)
    assert (told.seen_at, told.away_seconds) == (ELEVEN + timedelta(seconds=241), 59)
    for long_ago in (200, 90_000, 10**18):
        assert (await timers.touch_timer(desk.actor, running, ago_seconds=long_ago)).seen_at == told.seen_at
    assert (await timers.touch_timer(desk.actor, running, ago_seconds=-7)).away_seconds == 0


async def test_a_clock_forgotten_over_the_months_end_is_split_there_at_the_practice(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    at.move_to(datetime(2026, 12, 1, 5, 55, tzinfo=UTC))  # 23:55 of 30 November in Chicago
    running = await _begun(desk)
    await _worked(desk, at, 12)
    stopped = await timers.stop_timer(desk.actor, running.id, "Over midnight")
    assert [(one.seconds, one.note) for one in stopped.entries] == [(300, "Over midnight"), (420, "")]
    assert stopped.entries[1].starts_at == datetime(2026, 12, 1, 6, tzinfo=UTC)
    assert (await timers.stop_timer(desk.actor, running.id, "")).entries == stopped.entries


async def test_a_clock_forgotten_over_night_asks_and_one_of_a_plain_midnight_does_not_split(
    desk: CareDesk, at: time_machine.Traveller
) -> None:
    at.move_to(datetime(2026, 11, 19, 5, 55, tzinfo=UTC))
    running = await _begun(desk)
    await _worked(desk, at, 12)
    assert [one.seconds for one in (await timers.stop_timer(desk.actor, running.id, "")).entries] == [720]
    forgotten = await _begun(desk)
    at.shift(timedelta(hours=11))
    with pytest.raises(Conflict, match="whole second"):
        await timers.stop_timer(desk.actor, forgotten.id, "", idle_counts=False)
    await timers.discard_timer(desk.actor, forgotten.id, "Forgotten over night")
    assert await timers.my_timer(desk.actor) is None


async def test_a_clock_can_be_stopped_though_the_patient_left_the_roster_or_the_programme(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    running = await _begun(desk)
    other = await desk.coordinator()
    await enrolments.assign_coordinator(desk.admin, [desk.id], other.user_id)
    await desk.exchange.tenant.owner.execute(
        "UPDATE care_enrolments SET step = 'ended', ends_on = '2026-11-18' WHERE id = $1", desk.id
    )
    at.shift(timedelta(seconds=125))
    shown = await timers.my_timer(desk.actor)
    assert shown and not shown.reachable
    assert (await timers.stop_timer(desk.actor, running.id, "Kept")).seconds == 125
    with pytest.raises(NotFound):
        await timers.start_timer(desk.actor, desk.id, "other")
    with pytest.raises(NotFound):
        await timers.stop_timer(neighbour.actor, running.id, "")


async def test_what_a_crash_leaves_is_the_clock_and_the_note_as_typed(
    desk: CareDesk, at: time_machine.Traveller
) -> None:
    """Nothing of a clock lives in a process: another one finds it whole."""
    running = await _begun(desk)
    at.shift(timedelta(seconds=400))
    await timers.touch_timer(desk.actor, running.id, note="Dose halved", activity="medication_management")
    again = await timers.my_timer(await desk.exchange.tenant.person(desk.actor.user_id or running.id))
    assert again and (again.id, again.note, again.activity, again.seconds) == (
        running.id, "Dose halved", "medication_management", 400
    )  # fmt: skip
    assert (await timers.stop_timer(desk.actor, running.id)).entries[0].note == "Dose halved"
