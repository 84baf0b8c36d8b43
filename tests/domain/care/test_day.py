"""A coordinator's day as pure rules: when to try again, when a task comes back, what a clock leaves, what a correction asks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.activities import LONGEST_SECONDS, Source, Standing, source_of, source_of_correction
from domain.care.clock import Run, first_whole_second, parts_of
from domain.care.outreach import Outcome, Tried, due_again
from domain.care.tasks import TaskState, comes_back, state_of

CHICAGO = "America/Chicago"
THURSDAY, FRIDAY, MONDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("outcome", "on", "in_vain", "due"),
    [
        (Outcome.NO_ANSWER, THURSDAY, 1, FRIDAY),
        (Outcome.NO_ANSWER, FRIDAY, 1, MONDAY),
        (Outcome.NO_ANSWER, date(2026, 11, 21), 1, MONDAY),  # a Saturday
        (Outcome.LEFT_MESSAGE, THURSDAY, 2, MONDAY),
        (Outcome.LEFT_MESSAGE, THURSDAY, 3, date(2026, 11, 26)),
        (Outcome.NO_ANSWER, THURSDAY, 7, date(2026, 11, 26)),
        (Outcome.WRONG_NUMBER, THURSDAY, 1, THURSDAY),
        (Outcome.REACHED, THURSDAY, 0, date(2026, 12, 1)),
        (Outcome.REACHED, date(2026, 10, 31), 0, date(2026, 11, 2)),  # November begins on a Sunday
        (Outcome.REACHED, date(2026, 12, 31), 0, date(2027, 1, 1)),
        (Outcome.REFUSED, THURSDAY, 1, date(2026, 12, 1)),
    ],
)
def test_a_patient_is_tried_again_after_a_pause_of_working_days(
    outcome: Outcome, on: date, in_vain: int, due: date
) -> None:
    assert due_again(Tried(outcome, on, in_vain), on) == due


def test_a_patient_never_tried_is_due_now() -> None:
    assert due_again(None, FRIDAY) == FRIDAY


@pytest.mark.parametrize(
    ("due_on", "day", "today", "again"),
    [
        (date(2026, 11, 5), 5, date(2026, 11, 20), date(2026, 12, 5)),
        (date(2026, 1, 31), 31, date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 2, 28), 31, date(2026, 2, 28), date(2026, 3, 31)),
        (date(2027, 12, 31), 31, date(2028, 1, 1), date(2028, 1, 31)),
        (date(2028, 1, 30), 30, date(2028, 1, 30), date(2028, 2, 29)),
        (date(2026, 9, 5), 5, date(2026, 11, 20), date(2026, 12, 5)),
        (date(2026, 11, 30), 30, date(2026, 11, 2), date(2026, 12, 30)),
    ],
)
def test_a_monthly_task_comes_back_on_its_day_and_never_in_the_past(
    due_on: date, day: int, today: date, again: date
) -> None:
    assert comes_back(due_on, day, today) == again


def test_a_task_stands_as_its_work_item_does() -> None:
    known = [("open", ""), ("done", "done"), ("done", "not_done"), ("cancelled", "")]
    assert [state_of(*one) for one in known] == list(TaskState)


@pytest.mark.parametrize(
    ("old", "starts", "ends", "by_hand", "answer"),
    [
        (Standing(Source.LIVE, 0, 600), 0, 300, Source.BACK_DATED, (Source.MANUAL, False)),
        (Standing(Source.LIVE, 0, 600), 0, 600, Source.BACK_DATED, (Source.MANUAL, False)),
        (Standing(Source.LIVE, 0, 600), 0, 601, Source.BACK_DATED, (Source.BACK_DATED, True)),
        (Standing(Source.LIVE, 0, 600), -1, 300, Source.MANUAL, (Source.MANUAL, False)),
        (Standing(Source.LIVE, 0, 600), -1, 300, Source.BACK_DATED, (Source.BACK_DATED, True)),
        (Standing(Source.BACK_DATED, 0, 600, True), 60, 300, Source.MANUAL, (Source.BACK_DATED, False)),
        (Standing(Source.BACK_DATED, 0, 600, None), 60, 300, Source.MANUAL, (Source.BACK_DATED, True)),
        (Standing(Source.BACK_DATED, 0, 600, False), 60, 300, Source.MANUAL, (Source.BACK_DATED, True)),
        (Standing(Source.BACK_DATED, 0, 600, True), 0, 900, Source.BACK_DATED, (Source.BACK_DATED, True)),
    ],
)
def test_only_a_correction_that_adds_late_seconds_asks_for_an_approval(
    old: Standing, starts: int, ends: int, by_hand: Source, answer: tuple[Source, bool]
) -> None:
    assert source_of_correction(old, starts, ends, by_hand) == answer


@pytest.mark.parametrize(
    ("ended", "source"), [(1_000, Source.MANUAL), (-900, Source.MANUAL), (-901, Source.BACK_DATED)]
)
def test_time_by_hand_is_back_dated_once_it_is_later_than_allowed(ended: int, source: Source) -> None:
    assert source_of(ended, 0, 900) is source


_BEGIN = datetime(2026, 10, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen", "now", "counts", "parts"),
    [
        (0, 899, True, [(0, 899, Source.LIVE)]),
        (0, 900, False, []),
        (0, 900, True, [(0, 900, Source.MANUAL)]),
        (600, 1_499, False, [(0, 1_499, Source.LIVE)]),
        (600, 1_500, False, [(0, 600, Source.LIVE)]),
        (600, 1_500, True, [(0, 600, Source.LIVE), (600, 1_500, Source.MANUAL)]),
        (-60, 900, True, [(0, 900, Source.MANUAL)]),  # seen last before the clock was started
        (9 * 3600, 9 * 3600, False, [(0, 8 * 3600, Source.LIVE), (8 * 3600, 9 * 3600, Source.LIVE)]),
    ],
)
def test_a_clock_is_live_until_nobody_was_there_for_the_idle_time(
    seen: int, now: int, counts: bool, parts: list[tuple[int, int, Source]]
) -> None:
    moments = (_BEGIN + timedelta(seconds=one) for one in (0, seen, now))
    found = parts_of(Run(*moments, timedelta(seconds=900)), CHICAGO, idle_counts=counts)
    assert [
        ((one.starts - _BEGIN).total_seconds(), (one.ends - _BEGIN).total_seconds(), one.source)
        for one in found
    ] == parts


_SECONDS = st.integers(0, 8 * 86_400)


@settings(max_examples=60, deadline=None)
@given(_SECONDS, _SECONDS, _SECONDS, st.booleans())
def test_a_clock_leaves_seconds_once_and_live_ones_only_while_somebody_was_there(
    started: int, seen: int, now: int, counts: bool
) -> None:
    started, now = min(started, now), max(started, now)
    moments = (_BEGIN + timedelta(seconds=one) for one in (started, min(max(seen, started), now), now))
    run = Run(*moments, timedelta(seconds=900))
    parts = parts_of(run, CHICAGO, idle_counts=counts)
    seconds = [int((one.ends - one.starts).total_seconds()) for one in parts]
    assert all(0 < one <= LONGEST_SECONDS for one in seconds)
    assert all(before.ends == after.starts for before, after in pairwise(parts))
    left_out = int(run.away.total_seconds()) if run.idle and not counts else 0
    assert sum(seconds) == now - started - left_out
    live = sum(one for one, part in zip(seconds, parts, strict=True) if part.source is Source.LIVE)
    assert live == now - started - (int(run.away.total_seconds()) if run.idle else 0)


def test_a_clock_is_split_where_the_practices_month_ends_though_the_clocks_change() -> None:
    begins = datetime(2026, 11, 1, 4, 50, tzinfo=UTC)  # 23:50 of 31 October; clocks go back two hours later
    run = Run(begins, begins + timedelta(hours=3), begins + timedelta(hours=3), timedelta(hours=4))
    assert [one.starts for one in parts_of(run, CHICAGO, idle_counts=False)] == [
        begins,
        datetime(2026, 11, 1, 5, tzinfo=UTC),
    ]


def test_a_clock_begins_with_the_first_second_that_is_whole() -> None:
    whole = datetime(2026, 11, 18, 17, tzinfo=UTC)
    assert first_whole_second(whole) == whole
    assert first_whole_second(whole + timedelta(microseconds=1)) == whole + timedelta(seconds=1)
