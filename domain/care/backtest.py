"""How right the forecast would have been on past months, beside the straight line, told at days 7, 10, 14 and 21.

Each month is forecast with what the months before it teach and nothing else: levels, the spread over the month, how
chances bend and how wide intervals must be. Time counts on the day it was spent. Planned absence and outreach, which
the daily forecast applies on top, are left out here.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.care.calibration import Sample, bends_of, straight_of
from domain.care.forecast import (
    FORMULA,
    Ahead,
    Book,
    Past,
    Projection,
    Standing,
    forecast,
    habit_of,
    straight,
)
from domain.care.forecast_learning import PatientMonth, Tally, book_of
from domain.care.working_month import WorkingMonth

CHECKPOINTS = (7, 10, 14, 21)
MISS_BELOW = 0.5
"""A month is told a miss when its chance is lower."""
MOST_PAST = 6
EVIDENCE = (0.1, 0.3, 1.0)
BINS = 10


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many patient-months were told to miss, rightly (`found`) and wrongly (`false_alarms`), and to reach, rightly
    (`right`) and wrongly (`overlooked`)."""

    found: int = 0
    overlooked: int = 0
    false_alarms: int = 0
    right: int = 0

    @property
    def recall(self) -> float | None:
        """The share of true misses that was found; None when there were none."""
        misses = self.found + self.overlooked
        return self.found / misses if misses else None

    @property
    def false_alarm_rate(self) -> float | None:
        """The share of those that reached that was told to miss; None when none did."""
        reached = self.false_alarms + self.right
        return self.false_alarms / reached if reached else None

    @property
    def wrong(self) -> int:
        """Patient-months told wrongly."""
        return self.overlooked + self.false_alarms

    def told(self, *, miss: bool, reached: bool) -> "Verdicts":
        """With one more."""
        name = ("false_alarms" if reached else "found") if miss else ("right" if reached else "overlooked")
        return replace(self, **{name: getattr(self, name) + 1})


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was measured after a day of the month. `brier` is the mean squared error of the chances of those not there
    yet, 0 the best; `within` how many of `patients` ended inside the interval. `found_alike` is how many true misses the
    forecast finds when it may raise as many false alarms as the straight line does."""

    day: int
    patients: int
    forecast: Verdicts
    straight: Verdicts
    brier: float
    within: int
    found_alike: int = 0


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts with chances from `low` up to `high`: what was expected on average, and how many reached."""

    low: float
    high: float
    patients: int
    expected: float
    reached: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """The measurement, and the book that is to be used from now on. `better`: than the straight line."""

    formula: str
    months: tuple[date, ...]
    patients: int
    checkpoints: tuple[Checkpoint, ...]
    reliability: tuple[Bin, ...]
    book: Book

    @property
    def better(self) -> bool:
        """Fewer patient-months told wrongly than by the straight line, all days together. Without any measurement the
        forecast is not better: nobody knows."""
        ours = sum(one.forecast.wrong for one in self.checkpoints)
        return bool(self.checkpoints) and ours < sum(one.straight.wrong for one in self.checkpoints)


@dataclass
class _Measured:
    """What has been measured so far, day by day."""

    patients: dict[int, int] = field(default_factory=lambda: dict.fromkeys(CHECKPOINTS, 0))
    ours: dict[int, Verdicts] = field(default_factory=lambda: dict.fromkeys(CHECKPOINTS, Verdicts()))
    line: dict[int, Verdicts] = field(default_factory=lambda: dict.fromkeys(CHECKPOINTS, Verdicts()))
    within: dict[int, int] = field(default_factory=lambda: dict.fromkeys(CHECKPOINTS, 0))
    squares: dict[int, list[float]] = field(default_factory=lambda: {day: [] for day in CHECKPOINTS})
    ranked: dict[int, list[tuple[float, bool]]] = field(
        default_factory=lambda: {day: [] for day in CHECKPOINTS}
    )
    bins: list[list[float]] = field(default_factory=lambda: [[0, 0.0, 0] for _ in range(BINS)])

    def take(self, day: int, row: PatientMonth, ours: Projection, line: Projection) -> None:
        chance, reached = ours.chances[0], row.reached
        self.patients[day] += 1
        self.ours[day] = self.ours[day].told(miss=chance < MISS_BELOW, reached=reached)
        self.line[day] = self.line[day].told(miss=line.projected < row.first_seconds, reached=reached)
        self.ranked[day].append((chance, reached))
        self.within[day] += ours.low <= row.seconds <= ours.high
        if ours.seconds < row.first_seconds:
            self.squares[day].append((chance - reached) ** 2)
            counted = self.bins[min(int(chance * BINS), BINS - 1)]
            for number, value in enumerate((1, chance, reached)):
                counted[number] += value

    def checkpoint(self, day: int) -> Checkpoint:
        squares = self.squares[day]
        brier = sum(squares) / len(squares) if squares else 0.0
        alike = _found_alike(self.ranked[day], self.line[day].false_alarms)
        return Checkpoint(
            day, self.patients[day], self.ours[day], self.line[day], brier, self.within[day], alike
        )


def _found_alike(ranked: list[tuple[float, bool]], alarms: int) -> int:
    """True misses among the least likely, down to where false alarms are as many; equals with a false alarm first."""
    found = false = 0
    for _, reached in sorted(ranked, key=lambda one: (one[0], not one[1])):
        false += reached
        if false > alarms:
            break
        found += not reached
    return found


def backtest(rows: Sequence[PatientMonth], months: Mapping[date, WorkingMonth]) -> Backtest:
    """Measure month by month, the oldest first, and learn from all of them. Pure: the order of rows does not matter."""
    by_month: dict[date, list[PatientMonth]] = {}
    for row in sorted(rows, key=lambda one: (one.month, str(one.patient))):
        by_month.setdefault(row.month, []).append(row)
    tally, past, samples = Tally(), _Past(), _Samples()
    measured, told = _Measured(), []
    for month, there in by_month.items():
        if tally.months:
            book = samples.fitted(book_of(tally))
            for row in there:
                _measure(book, row, past.of(row.patient), months[month], measured)
            samples.take(book, there, past, months[month])
            told.append(month)
        tally.add(there, months)
        past.add(there)
    book = samples.fitted(book_of(tally))
    checkpoints = tuple(measured.checkpoint(day) for day in CHECKPOINTS) if told else ()
    patients = sum(len(by_month[month]) for month in told)
    return Backtest(FORMULA, tuple(told), patients, checkpoints, _bins(measured), book)


class _Past:
    """The months of each patient so far, the newest first."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Past, ...]] = {}

    def of(self, patient: Hashable) -> tuple[Past, ...]:
        return self._known.get(patient, ())

    def add(self, rows: Sequence[PatientMonth]) -> None:
        for row in rows:
            self._known[row.patient] = (row.past, *self.of(row.patient))[:MOST_PAST]


class _Samples:
    """Forecasts made without bends and widening, each with what came of it, for every weight of this month's evidence."""

    def __init__(self) -> None:
        self._known: dict[float, list[Sample]] = {one: [] for one in EVIDENCE}

    def take(self, book: Book, rows: Sequence[PatientMonth], past: _Past, month: WorkingMonth) -> None:
        """Forecast a month for the months after it to learn from."""
        for evidence, known in self._known.items():
            plain = replace(book, evidence=evidence, bends=(), _left={})
            for row in rows:
                for day in CHECKPOINTS:
                    about, ahead = as_it_stood(row, day, past.of(row.patient), month)
                    ours, line = forecast(plain, about, ahead), straight(plain, about, ahead)
                    habit = habit_of(plain, about)
                    known.append(Sample(day, row.first_seconds, row.seconds, row.reached, habit, ours, line))

    def fitted(self, book: Book) -> Book:
        """The book with the evidence that told best, and with what was observed of its chances."""
        if not self._known[EVIDENCE[-1]]:
            return book
        fits = [(evidence, *bends_of(known)) for evidence, known in self._known.items()]
        evidence, bends, _ = min(fits, key=lambda one: one[2])
        return replace(
            book, evidence=evidence, bends=bends, straight=straight_of(self._known[evidence]), _left={}
        )


def as_it_stood(
    row: PatientMonth, day: int, past: tuple[Past, ...], month: WorkingMonth
) -> tuple[Standing, Ahead]:
    """A past month as it stood when a day of it was over."""
    left = len(month.after(month.first.replace(day=day)))
    standing = Standing(sum(row.days[:day]), (row.first_seconds,), past, row.coordinator)
    return standing, Ahead(len(month.days), (1.0,) * left, (1.0,) * left, day, month.length)


def _measure(
    book: Book, row: PatientMonth, past: tuple[Past, ...], month: WorkingMonth, measured: _Measured
) -> None:
    for day in CHECKPOINTS:
        about, ahead = as_it_stood(row, day, past, month)
        measured.take(day, row, forecast(book, about, ahead), straight(book, about, ahead))


def _bins(measured: _Measured) -> tuple[Bin, ...]:
    return tuple(
        Bin(number / BINS, (number + 1) / BINS, int(count), expected / count, int(reached))
        for number, (count, expected, reached) in enumerate(measured.bins)
        if count
    )
