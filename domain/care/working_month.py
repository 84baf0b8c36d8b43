"""A month in working days: how much of it has passed, and what of it is left."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.business_time import BusinessCalendar


@dataclass(frozen=True, slots=True)
class WorkingMonth:
    """The working days of a calendar month, in order; weekends and the calendar's closed days are none."""

    first: date
    last: date
    days: tuple[date, ...]

    def after(self, day: date) -> tuple[date, ...]:
        """The working days later than a day."""
        return tuple(one for one in self.days if one > day)

    @property
    def length(self) -> int:
        """Its calendar days."""
        return self.last.day


def working_month(calendar: BusinessCalendar, first: date) -> WorkingMonth:
    """The month that begins on `first`, as an office with this calendar works it."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    whole = (first + timedelta(days=number) for number in range(last.day))
    return WorkingMonth(first, last, tuple(one for one in whole if is_working(calendar, one)))


def is_working(calendar: BusinessCalendar, day: date) -> bool:
    """Whether the office opens on a day."""
    return day not in calendar.closed and bool(calendar.week[day.weekday()])
