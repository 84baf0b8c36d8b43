"""How much of somebody's working time is free: open hours of their calendar up to what they work a day, without absences
and other assignments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.business_time import BusinessCalendar


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment up to another, aware; the end itself is outside."""

    starts_at: datetime
    ends_at: datetime

    def within(self, other: "Period") -> "Period | None":
        """The part that lies in the other one."""
        begins, ends = max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at)
        return Period(begins, ends) if begins < ends else None


@dataclass(frozen=True, slots=True)
class Working:
    """When a person works: `daily_seconds` at most on a day; `away` are whole days, both included; `busy` other
    assignments."""

    calendar: BusinessCalendar
    daily_seconds: int
    away: tuple[tuple[date, date], ...] = ()
    busy: tuple[Period, ...] = ()
    hired_on: date | None = None
    leaves_on: date | None = None


@dataclass(frozen=True, slots=True)
class DayTime:
    """A day of somebody's: working seconds within the period asked for, how many are free, and whether they are away."""

    day: date
    working: int
    free: int
    away: bool


def days_of(work: Working, period: Period) -> list[DayTime]:
    """Each day that the period touches, in the zone of the person's calendar."""
    zone = ZoneInfo(work.calendar.zone)
    first = period.starts_at.astimezone(zone).date()
    last = (period.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [_day(work, period, day, zone) for day in days]


def free_seconds(work: Working, period: Period) -> int:
    """The free working time in the period."""
    return sum(one.free for one in days_of(work, period))


def needed_seconds(calendar: BusinessCalendar, daily_seconds: int, period: Period) -> int:
    """The working time that a period holds for somebody who is always there."""
    return sum(one.working for one in days_of(Working(calendar, daily_seconds), period))


def _day(work: Working, period: Period, day: date, zone: ZoneInfo) -> DayTime:
    whole = Period(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
    part = whole.within(period)
    away = any(begins <= day <= ends for begins, ends in work.away)
    employed = (work.hired_on is None or work.hired_on <= day) and (
        work.leaves_on is None or day <= work.leaves_on
    )
    if part is None or not employed:
        return DayTime(day, 0, 0, away)
    working = _capped(work, [part])
    if away:
        return DayTime(day, working, 0, True)
    taken = _capped(work, [one for busy in work.busy if (one := busy.within(part))])
    return DayTime(day, working, max(working - taken, 0), False)


def _capped(work: Working, parts: Iterable[Period]) -> int:
    """Open seconds of these parts of a day, no more than the person works on a day."""
    opened = sum(work.calendar.between(one.starts_at, one.ends_at) for one in parts)
    return min(opened, work.daily_seconds)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)
