"""How right the forecast would have been on past months, beside the straight line, told at days 7, 10, 14 and 21.

Each month is forecast with what the months before it teach and nothing else: levels, the spread over the month, how
chances bend and how wide intervals must be. Time counts on the day it was spent. Outreach, which the daily forecast
applies on top, is left out here.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.care.backtest_figures import Backtest, Bin, Checkpoint, Verdicts
from domain.care.calibration import Sample, bends_of, straight_of
from domain.care.forecast import forecast, habit_of, straight
from domain.care.forecast_learning import PatientMonth, Tally, book_of
from domain.care.forecast_model import FORMULA, Ahead, Book, Past, Projection, Standing
from domain.care.working_month import WorkingMonth

CHECKPOINTS = (7, 10, 14, 21)
MISS_BELOW = 0.5
"""A month is told a miss when its chance is lower."""
MOST_PAST = 6
EVIDENCE = (0.1, 0.5, 2.0)
BINS = 10


_Ranked = tuple[float, bool, bool]
"""A chance, whether the month reached, and whether the straight line told a miss."""


@dataclass
class _Measured:
    """What has been measured so far, day by day."""

    patients: dict[int, int] = field(default_factory=lambda: dict.fromkeys(CHECKPOINTS, 0))
    ours: dict[int, Verdicts] = field(default_factory=lambda: dict.fromkeys(CHECKPOINTS, Verdicts()))
    line: dict[int, Verdicts] = field(default_factory=lambda: dict.fromkeys(CHECKPOINTS, Verdicts()))
    within: dict[int, int] = field(default_factory=lambda: dict.fromkeys(CHECKPOINTS, 0))
    squares: dict[int, list[float]] = field(default_factory=lambda: {day: [] for day in CHECKPOINTS})
    line_squares: dict[int, list[float]] = field(default_factory=lambda: {day: [] for day in CHECKPOINTS})
    ranked: dict[int, list[_Ranked]] = field(default_factory=lambda: {day: [] for day in CHECKPOINTS})
    bins: list[list[float]] = field(default_factory=lambda: [[0, 0.0, 0] for _ in range(BINS)])

    def take(self, day: int, row: PatientMonth, ours: Projection, line: Projection) -> None:
        chance, reached = ours.chances[0], row.reached
        self.patients[day] += 1
        self.ours[day] = self.ours[day].told(miss=chance < MISS_BELOW, reached=reached)
        behind = line.projected < row.first_seconds
        self.line[day] = self.line[day].told(miss=behind, reached=reached)
        self.ranked[day].append((chance, reached, behind))
        self.within[day] += ours.low <= row.seconds <= ours.high
        if ours.seconds < row.first_seconds:
            self.squares[day].append((chance - reached) ** 2)
            self.line_squares[day].append((line.chances[0] - reached) ** 2)
            counted = self.bins[min(int(chance * BINS), BINS - 1)]
            for number, value in enumerate((1, chance, reached)):
                counted[number] += value

    def checkpoint(self, day: int) -> Checkpoint:
        alike = _alike(self.ranked[day], self.line[day].false_alarms)
        errors = (_mean(self.squares[day]), _mean(self.line_squares[day]))
        return Checkpoint(
            day, self.patients[day], self.ours[day], self.line[day], *errors, self.within[day], *alike
        )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _alike(ranked: list[_Ranked], alarms: int) -> tuple[int, int]:
    """True misses among the least likely, down to where false alarms are as many as the straight line's, and how many
    misses only one of the two finds. Of equals a false alarm comes first."""
    found = only_one = false = 0
    for _, reached, by_line in sorted(ranked, key=lambda one: (one[0], not one[1])):
        false += reached
        if not reached:
            found += false <= alarms
            only_one += (false <= alarms) != by_line
    return found, only_one


Away = Mapping[tuple[Hashable, date], float]
"""The share of a coordinator's work that is done on a day off that was planned; days that are not in it are usual."""


def backtest(
    rows: Sequence[PatientMonth], months: Mapping[date, WorkingMonth], away: Away | None = None
) -> Backtest:
    """Measure month by month, the oldest first, and learn from all of them. Pure: the order of rows does not matter."""
    away = away or {}
    by_month: dict[date, list[PatientMonth]] = {}
    for row in sorted(rows, key=lambda one: (one.month, str(one.patient))):
        by_month.setdefault(row.month, []).append(row)
    tally, past, samples = Tally(), _Past(), _Samples(away)
    measured, told = _Measured(), []
    for month, there in by_month.items():
        if tally.months:
            book = samples.fitted(book_of(tally))
            for row in there:
                _measure(book, row, past.of(row.patient), months[month], away, measured)
            samples.take(book, there, past, months[month])
            told.append(month)
        tally.add(there, months)
        if not told and not samples:
            # The first month is not measured: forecast from itself, it only shows how chances bend.
            samples.take(book_of(tally), there, past, months[month])
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

    def __init__(self, away: Away) -> None:
        self._away = away
        self._known: dict[float, list[Sample]] = {one: [] for one in EVIDENCE}

    def __bool__(self) -> bool:
        return any(self._known.values())

    def take(self, book: Book, rows: Sequence[PatientMonth], past: _Past, month: WorkingMonth) -> None:
        """Forecast a month for the months after it to learn from."""
        plain = {one: replace(book, evidence=one, bends=(), _left={}) for one in EVIDENCE}
        for row in rows:
            for day in CHECKPOINTS:
                about, ahead = as_it_stood(row, day, past.of(row.patient), month, self._away)
                line, habit = straight(plain[EVIDENCE[0]], about, ahead), habit_of(book, about)
                for evidence, known in self._known.items():
                    ours = forecast(plain[evidence], about, ahead)
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
    row: PatientMonth, day: int, past: tuple[Past, ...], month: WorkingMonth, away: Away
) -> tuple[Standing, Ahead]:
    """A past month as it stood when a day of it was over, planned days off known."""
    presence = tuple(away.get((row.coordinator, one), 1.0) for one in month.days) if away else ()
    left = len(month.after(month.first.replace(day=day)))
    gone = len(month.days) - left
    coming = presence[gone:] or (1.0,) * left
    standing = Standing(sum(row.days[:day]), (row.first_seconds,), past, row.coordinator)
    return standing, Ahead(len(month.days), (1.0,) * left, coming, day, month.length, presence[:gone])


def _measure(
    book: Book,
    row: PatientMonth,
    past: tuple[Past, ...],
    month: WorkingMonth,
    away: Away,
    measured: _Measured,
) -> None:
    for day in CHECKPOINTS:
        about, ahead = as_it_stood(row, day, past, month, away)
        measured.take(day, row, forecast(book, about, ahead), straight(book, about, ahead))


def _bins(measured: _Measured) -> tuple[Bin, ...]:
    return tuple(
        Bin(number / BINS, (number + 1) / BINS, int(count), expected / count, int(reached))
        for number, (count, expected, reached) in enumerate(measured.bins)
        if count
    )
