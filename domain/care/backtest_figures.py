"""What is measured of the forecast on past months, and when it may be called better than the straight line."""

from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

from domain.care.forecast_model import Book


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
    yet, 0 the best, `straight_brier` that of the shares measured for where the straight line leads; `within` how many of
    `patients` ended inside the interval. `found_alike` is how many true misses the forecast finds when it may raise as
    many false alarms as the straight line does, `only_one` how many misses then only one of the two finds."""

    day: int
    patients: int
    forecast: Verdicts
    straight: Verdicts
    brier: float
    straight_brier: float
    within: int
    found_alike: int
    only_one: int


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
        """Whether the forecast beats the straight line in both: it finds more true misses with as many false alarms, by
        more than chance would, and its chances are closer to what came; all days together. Counting wrong words alone
        would not do: where misses are rare, whoever never tells one is seldom wrong. Unmeasured is not better."""
        closer = sum(one.straight_brier - one.brier for one in self.checkpoints)
        return bool(self.checkpoints) and self.more_found > self.noise and closer > 0

    @property
    def misses(self) -> int:
        """True misses, the same on every day."""
        return (
            self.checkpoints[0].forecast.found + self.checkpoints[0].forecast.overlooked
            if self.checkpoints
            else 0
        )

    @property
    def more_found(self) -> float:
        """The share of true misses that the forecast finds beyond the straight line with as many false alarms, on average
        of the days; negative: it finds fewer."""
        found = sum(one.found_alike - one.straight.found for one in self.checkpoints)
        return found / (len(self.checkpoints) * self.misses) if self.misses else 0.0

    @property
    def noise(self) -> float:
        """What two equal ways of telling the same patients may differ by: two standard deviations of the difference of
        their shares, which comes from the misses that only one of them finds (McNemar). The days tell of the same
        patients, so that they do not count as more of them."""
        if not self.misses:
            return 0.0
        only_one = sum(one.only_one for one in self.checkpoints) / len(self.checkpoints)
        return 2.0 * sqrt(only_one) / self.misses
