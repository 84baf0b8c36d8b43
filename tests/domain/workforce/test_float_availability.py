"""Free working time: open hours up to what a person works a day, without absences and other assignments."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_time import BusinessCalendar, office_week
from domain.workforce.float_availability import Period, Working, days_of, free_seconds, needed_seconds

ZONE = ZoneInfo("America/New_York")
HOUR = 3600
OFFICE = BusinessCalendar("America/New_York", office_week(), frozenset({date(2026, 11, 26)}))
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))


def at(day: int, hour: int) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), ZONE)


def test_a_week_holds_the_open_days_of_the_calendar_up_to_what_the_person_works() -> None:
    assert free_seconds(Working(OFFICE, 8 * HOUR), WEEK) == 4 * 8 * HOUR
    assert free_seconds(Working(OFFICE, 6 * HOUR), WEEK) == 4 * 6 * HOUR
    assert needed_seconds(OFFICE, 8 * HOUR, Period(at(23, 13), at(24, 11))) == 6 * HOUR


def test_absence_takes_whole_days_and_another_assignment_its_hours() -> None:
    work = Working(
        OFFICE,
        8 * HOUR,
        away=((date(2026, 11, 24), date(2026, 11, 24)),),
        busy=(Period(at(25, 9), at(25, 12)),),
    )
    days = days_of(work, WEEK)
    assert [(one.free // HOUR, one.away) for one in days[:4]] == [
        (8, False),
        (0, True),
        (5, False),
        (0, False),
    ]
    assert [one.working // HOUR for one in days[:4]] == [8, 8, 8, 0]


def test_nobody_is_free_before_they_are_hired_or_after_they_have_left() -> None:
    work = Working(OFFICE, 8 * HOUR, hired_on=date(2026, 11, 24), leaves_on=date(2026, 11, 25))
    assert [one.free // HOUR for one in days_of(work, WEEK)] == [0, 8, 8, 0, 0, 0, 0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 200), st.integers(1, 100), st.integers(0, 100))
def test_a_period_cut_in_two_holds_as_much_as_both_parts_of_different_days(
    start: int, hours: int, cut: int
) -> None:
    begins = MONDAY.astimezone(UTC) + timedelta(hours=start)
    ends = begins + timedelta(hours=hours)
    midnight = datetime.combine(begins.astimezone(ZONE).date() + timedelta(days=1 + cut % 4), time(0), ZONE)
    work = Working(OFFICE, 7 * HOUR)
    if begins < midnight < ends:
        parts = free_seconds(work, Period(begins, midnight)) + free_seconds(work, Period(midnight, ends))
        assert free_seconds(work, Period(begins, ends)) == parts
