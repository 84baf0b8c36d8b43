"""Time sheets: a person's week or month, day by day, from the entries that stand; what makes one ready and whose it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo


class Span(StrEnum):
    """How long a sheet is."""

    WEEK = "week"  # Monday to Sunday
    MONTH = "month"


class State(StrEnum):
    """How a sheet stands."""

    OPEN = "open"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    RETURNED = "returned"


STATES: Mapping[State, tuple[str, str]] = {
    State.OPEN: ("Not submitted", "neutral"),
    State.WAITING: ("Waits for acceptance", "info"),
    State.ACCEPTED: ("Accepted", "ok"),
    State.CHANGED: ("Changed after acceptance", "warn"),
    State.RETURNED: ("Returned", "bad"),
}
OTHER: Mapping[str, str] = {
    "meeting": "Meeting",
    "training": "Training",
    "administration": "Administration",
    "travel": "Travel",
    "support": "Helping colleagues",
    "other": "Other working time",
}


@dataclass(frozen=True, slots=True)
class Spent:
    """Whole epoch seconds that somebody worked: on a patient, or with `kind` in OTHER on something else."""

    id: UUID
    staff_id: UUID
    starts: int
    ends: int
    kind: str = ""
    supersedes: UUID | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a sheet in seconds. `worked` is the union of both: nobody works twice at once."""

    day: date
    patients: int
    other: int
    worked: int
    counted: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a sheet and the zone in which they begin."""

    first: date
    last: date
    zone: str

    @property
    def window(self) -> tuple[int, int]:
        """Epoch seconds of its beginning and of the day after its end."""
        return midnight(self.first, self.zone), midnight(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> list[date]:
        """Every day, in order."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def midnight(day: date, zone: str) -> int:
    """The epoch second at which a day begins somewhere."""
    return int(datetime.combine(day, time(0), ZoneInfo(zone)).timestamp())


def period_of(span: Span, day: date, zone: str) -> Period:
    """The week from Monday, or the month, in which a day lies."""
    if span is Span.WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6), zone)
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), zone)


def span_of(period: Period) -> Span:
    """What a period is."""
    return Span.WEEK if (period.last - period.first).days == 6 else Span.MONTH


def state_of(stored: str | None, approval: str, *, changed: bool) -> State:
    """How a sheet stands: its own state, None while it was never submitted, and that of what it asked for."""
    if stored is None:
        return State.OPEN
    if stored == "accepted":
        return State.CHANGED if changed else State.ACCEPTED
    return State.WAITING if approval in ("asked", "waiting", "approved") else State.RETURNED


def days_of(period: Period, standing: Iterable[Spent], counted: Sequence[tuple[int, int]] = ()) -> list[Day]:
    """The days of a sheet from entries that stand; `counted` are the stretches among them that count for a patient."""
    rows = list(standing)
    patients = [(one.starts, one.ends) for one in rows if not one.kind]
    other = [(one.starts, one.ends) for one in rows if one.kind]
    found = []
    for day in period.days:
        window = midnight(day, period.zone), midnight(day + timedelta(days=1), period.zone)
        figures = (within(kind, window) for kind in (patients, other, [*patients, *other], counted))
        found.append(Day(day, *figures))
    return found


def within(stretches: Iterable[tuple[int, int]], window: tuple[int, int]) -> int:
    """Seconds of a window that are in any of the stretches: a union, never a sum."""
    seconds, reached = 0, window[0]
    for starts, ends in sorted(stretches):
        starts, ends = max(starts, reached), min(ends, window[1])
        if ends > starts:
            seconds, reached = seconds + ends - starts, ends
    return seconds


def digest(standing: Iterable[Spent]) -> str:
    """What a sheet says, as a hash: accepted is what was submitted, or nothing."""
    lines = sorted(f"{one.id} {one.starts} {one.ends} {one.kind}" for one in standing)
    return sha256("\n".join(lines).encode()).hexdigest()
