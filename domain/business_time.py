"""Time as an office counts it: open hours by weekday in a zone, without the days on which it is closed.

Intervals are made in local time and measured in UTC, so that a day with a clock change has its true length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.refusals import Invalid

Hours = tuple[tuple[time, time], ...]
"""The open intervals of a day, in order."""

# A calendar that is never open would be searched for ever.
LONGEST_SEARCH_DAYS = 3_660


@dataclass(frozen=True)
class BusinessCalendar:
    """`week` holds the hours of Monday to Sunday, `closed` the days without any, `zone` an IANA name."""

    zone: str
    week: tuple[Hours, ...]
    closed: frozenset[date] = frozenset()

    def add(self, moment: datetime, seconds: int) -> datetime:
        """The moment (aware, UTC) at which so many open seconds have passed since `moment`.

        Refused as `calendar.never_open` when ten years do not hold them.
        """
        left = timedelta(seconds=seconds)
        for begins, ends in self._open_from(moment):
            begins = max(begins, moment)
            if ends - begins >= left:
                return begins + left
            left -= max(ends - begins, timedelta(0))
        raise Invalid(
            "calendar.never_open",
            "This calendar is hardly ever open.",
            "Give it open hours, or fewer holidays.",
        )

    def between(self, start: datetime, end: datetime) -> int:
        """Open seconds from `start` to `end`; 0 when `end` is not later."""
        total = timedelta(0)
        for begins, ends in self._open_from(start):
            if begins >= end:
                break
            total += max(min(ends, end) - max(begins, start), timedelta(0))
        return int(total.total_seconds())

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there at this moment."""
        begins, ends = next(self._open_from(moment), (None, None))
        return begins is not None and ends is not None and begins <= moment < ends

    def _open_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open intervals in UTC that end after `moment`, in order."""
        zone = ZoneInfo(self.zone)
        first = moment.astimezone(zone).date() - timedelta(days=1)
        for offset in range(LONGEST_SEARCH_DAYS):
            day = first + timedelta(days=offset)
            if day in self.closed:
                continue
            for begins, ends in self.week[day.weekday()]:
                interval = _moment(day, begins, zone), _end(day, ends, zone)
                if interval[1] > moment and interval[1] > interval[0]:
                    yield interval


def office_week(begins: time = time(9), ends: time = time(17)) -> tuple[Hours, ...]:
    """Monday to Friday with the same hours."""
    return (((begins, ends),),) * 5 + ((),) * 2


ALWAYS = BusinessCalendar("UTC", (((time(0), time(0)),),) * 7)
"""Open day and night: midnight as an end is that of the next day."""


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _end(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Midnight as an end belongs to the day before it."""
    return _moment(day + timedelta(days=1) if at == time(0) else day, at, zone)
