"""A month in working days."""

from datetime import date

import pytest

from domain.business_time import BusinessCalendar, office_week
from domain.care.working_month import working_month

OFFICE = BusinessCalendar("America/Chicago", office_week(), frozenset({date(2026, 11, 26)}))


@pytest.mark.parametrize(
    ("first", "last", "working"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), 20),  # without Thanksgiving
        (date(2026, 12, 1), date(2026, 12, 31), 23),
        (date(2027, 2, 1), date(2027, 2, 28), 20),
        (date(2028, 2, 1), date(2028, 2, 29), 21),
    ],
)
def test_a_month_has_the_days_on_which_the_office_opens(first: date, last: date, working: int) -> None:
    month = working_month(OFFICE, first)
    assert (month.last, month.length, len(month.days)) == (last, last.day, working)


def test_what_is_left_of_a_month_begins_on_the_day_after() -> None:
    month = working_month(OFFICE, date(2026, 11, 1))
    assert month.after(date(2026, 11, 25)) == (date(2026, 11, 27), date(2026, 11, 30))
    assert month.after(date(2026, 11, 30)) == ()
