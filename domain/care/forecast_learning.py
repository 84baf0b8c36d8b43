"""What past months teach the forecast: usual levels, how long sessions are, and how a month's minutes are spread."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, pairwise

from domain.care.compound import STEPS_A_SESSION, USUAL_SHAPE, Sums
from domain.care.forecast_model import Book, Level, Past
from domain.care.working_month import WorkingMonth

PARTS = 20
# So many patient-months of a coordinator count as much as everybody's together; so many sessions keep the usual shape.
_MONTHS_OF_OTHERS = 15.0
_SESSIONS_OF_OTHERS = 60.0
_USUAL_SHAPE_SESSIONS = 200.0
_PROFILE_MONTHS_OF_OTHERS = 20.0
_EVEN = (1 / PARTS,) * PARTS


@dataclass(frozen=True, slots=True)
class PatientMonth:
    """A finished month of a patient: counted seconds of each calendar day, and what the first code asked for."""

    month: date
    patient: Hashable
    coordinator: Hashable
    first_seconds: int
    days: tuple[int, ...]
    reached: bool

    @property
    def seconds(self) -> int:
        """Of the whole month."""
        return sum(self.days)

    @property
    def past(self) -> Past:
        """As the forecast of a later month takes it."""
        return Past(self.seconds, sum(one > 0 for one in self.days), self.reached)


@dataclass
class Tally:
    """Sums over patient-months, from which a book is made; months are added one after the other."""

    months: int = 0
    seconds: int = 0
    sessions: int = 0
    reached: int = 0
    coordinators: dict[Hashable, list[int]] = field(
        default_factory=dict
    )  # months, seconds, sessions, reached
    lengths: list[float] = field(default_factory=lambda: [0.0] * len(USUAL_SHAPE))
    spread: list[float] = field(default_factory=lambda: [0.0] * PARTS)
    rhythms: dict[Hashable, list[float]] = field(default_factory=dict)  # the same by coordinator

    def add(self, rows: Iterable[PatientMonth], months: Mapping[date, WorkingMonth]) -> None:
        """Take patient-months in."""
        for row in rows:
            past = row.past
            own = self.coordinators.setdefault(row.coordinator, [0, 0, 0, 0])
            for number, value in enumerate((1, past.seconds, past.sessions, row.reached)):
                own[number] += value
            self.months += 1
            self.seconds += past.seconds
            self.sessions += past.sessions
            self.reached += row.reached
            self._take_shape(row, past)
            self._take_profile(row, months[row.month], past.seconds)

    def _take_shape(self, row: PatientMonth, past: Past) -> None:
        """The length of each session in quarters of what is usual with everybody."""
        usual = self.seconds / self.sessions if self.sessions else 1.0
        for seconds in row.days:
            if seconds:
                step = min(int(seconds / usual * STEPS_A_SESSION), len(self.lengths) - 1)
                self.lengths[step] += 1

    def _take_profile(self, row: PatientMonth, month: WorkingMonth, whole: int) -> None:
        """When in the month its seconds were spent, in twentieths of the working days. A day off counts with the
        working day after it."""
        if not whole or not month.days:
            return
        place, count = 0, len(month.days)
        own = self.rhythms.setdefault(row.coordinator, [0.0] * PARTS)
        for number, seconds in enumerate(row.days, 1):
            while place < count - 1 and month.days[place].day < number:
                place += 1
            if seconds:
                part = min(int((place + 0.5) / count * PARTS), PARTS - 1)
                self.spread[part] += seconds / whole
                own[part] += seconds / whole


def book_of(tally: Tally) -> Book:
    """What the sums teach; without any, a plain guess."""
    plain = Book()
    if not tally.months or not tally.sessions:
        return plain
    share = (tally.reached + 0.5) / (tally.months + 1.0)
    level = Level(max(tally.seconds / tally.months, 1.0), max(tally.seconds / tally.sessions, 30.0), share)
    coordinators = {who: _drawn(own, level) for who, own in tally.coordinators.items() if who is not None}
    shape = _shape(tally.lengths)
    profile = _profile(tally.spread, _EVEN)
    usual = [after - before for before, after in pairwise(profile)]
    profiles = {who: _profile(own, usual) for who, own in tally.rhythms.items() if who is not None}
    return Book(level, coordinators, shape, profile, profiles, sums=Sums(shape))


def _drawn(own: Sequence[int], level: Level) -> Level:
    """A coordinator's level, drawn towards everybody's where there are few months of it."""
    months, seconds, sessions, reached = own
    month = (seconds + _MONTHS_OF_OTHERS * level.month_seconds) / (months + _MONTHS_OF_OTHERS)
    length = (seconds + _SESSIONS_OF_OTHERS * level.session_seconds) / (sessions + _SESSIONS_OF_OTHERS)
    share = (reached + _MONTHS_OF_OTHERS * level.reached) / (months + _MONTHS_OF_OTHERS)
    return Level(month, length, share)


def _shape(lengths: Sequence[float]) -> tuple[float, ...]:
    whole = sum(lengths)
    return tuple(
        (seen + _USUAL_SHAPE_SESSIONS * usual) / (whole + _USUAL_SHAPE_SESSIONS)
        for seen, usual in zip(lengths, USUAL_SHAPE, strict=True)
    )


def _profile(spread: Sequence[float], usual: Sequence[float]) -> tuple[float, ...]:
    """The running share, drawn towards what is usual where few months are known."""
    parts = [one + _PROFILE_MONTHS_OF_OTHERS * other for one, other in zip(spread, usual, strict=True)]
    whole = sum(parts)
    return (0.0, *(min(one / whole, 1.0) for one in accumulate(parts[:-1])), 1.0)
