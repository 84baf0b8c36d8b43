"""Open seconds are counted as the office counts them: by its zone, hours and closed days, clock changes included."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_time import ALWAYS, BusinessCalendar, office_week
from domain.refusals import Invalid

NEW_YORK = BusinessCalendar("America/New_York", office_week(), frozenset({date(2026, 11, 26)}))
HOUR = 3_600


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 14:00", 1, "2026-11-23 15:00"),  # Monday, nine o'clock there
        ("2026-11-23 21:00", 2, "2026-11-24 15:00"),  # one hour before closing
        ("2026-11-25 21:00", 2, "2026-11-27 15:00"),  # over the holiday
        ("2026-11-27 21:00", 2, "2026-11-30 15:00"),  # over the week-end
        ("2026-11-28 03:00", 1, "2026-11-30 15:00"),  # from a closed hour
        ("2026-10-30 20:00", 2, "2026-11-02 15:00"),  # clocks go back on Sunday: nine is an hour later in UTC
    ],
)
def test_hours_pass_only_while_the_office_is_open(start: str, hours: int, end: str) -> None:
    assert NEW_YORK.add(at(start), hours * HOUR) == at(end)
    assert NEW_YORK.between(at(start), at(end)) == hours * HOUR


def test_a_night_shift_over_a_clock_change_has_its_true_length() -> None:
    nights = BusinessCalendar("America/New_York", (((time(0), time(6)),),) * 7)
    assert nights.between(at("2026-11-01 04:00"), at("2026-11-01 12:00")) == 7 * HOUR
    assert nights.between(at("2026-03-08 05:00"), at("2026-03-08 12:00")) == 5 * HOUR


def test_day_and_night_is_plain_time() -> None:
    assert ALWAYS.between(at("2026-11-01 00:00"), at("2026-11-08 00:00")) == 7 * 24 * HOUR
    assert ALWAYS.is_open(at("2026-11-01 00:00")) and not NEW_YORK.is_open(at("2026-11-26 15:00"))


def test_a_calendar_that_never_opens_is_refused_and_not_searched_for_ever() -> None:
    with pytest.raises(Invalid):
        BusinessCalendar("UTC", ((),) * 7).add(at("2026-11-01 00:00"), 1)


@settings(max_examples=60, deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(1, 200_000))
def test_adding_and_measuring_agree(start: datetime, seconds: int) -> None:
    begin = start.replace(microsecond=0, tzinfo=UTC)
    end = NEW_YORK.add(begin, seconds)
    assert NEW_YORK.between(begin, end) == seconds
    assert NEW_YORK.between(begin, end - timedelta(seconds=1)) == seconds - 1
