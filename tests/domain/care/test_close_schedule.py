"""Whose turn it is when months are closed by schedule."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.close_schedule import CloseSchedule

NEW_YORK = CloseSchedule(3, 6, "America/New_York")


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2026-11-03T10:59:59+00:00", date(2026, 9, 1)),
        ("2026-11-03T11:00:00+00:00", date(2026, 10, 1)),  # clocks went back on the first
        ("2026-07-03T10:00:00+00:00", date(2026, 6, 1)),
        ("2026-12-31T23:00:00+00:00", date(2026, 11, 1)),
        ("2027-01-03T10:59:59+00:00", date(2026, 11, 1)),
        ("2027-01-03T11:00:00+00:00", date(2026, 12, 1)),
        ("2028-03-01T00:00:00+00:00", date(2028, 1, 1)),
    ],
)
def test_the_month_whose_turn_came_last(now: str, month: date) -> None:
    assert NEW_YORK.last(datetime.fromisoformat(now)) == month


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 28),
    st.integers(0, 23),
    st.sampled_from(["America/Chicago", "Pacific/Kiritimati", "Pacific/Honolulu", "Europe/Berlin"]),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
)
def test_a_moment_lies_between_the_last_turn_and_the_next_of_the_month_after(
    day: int, hour: int, zone: str, naive: datetime
) -> None:
    schedule, now = CloseSchedule(day, hour, zone), naive.replace(tzinfo=UTC)
    last, following = schedule.last(now), schedule.next(now)
    assert schedule.turn_of(last) <= now < schedule.turn_of(following)
    assert (following - timedelta(days=1)).replace(day=1) == last
    assert schedule.turn_of(last).astimezone(UTC).date() > last.replace(day=28)
