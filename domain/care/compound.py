"""The seconds still to come: a number of sessions that is not certain, each of a length that is not certain.

The number is negative binomial: sessions at a rate that is itself known only as well as the months seen tell. Lengths
follow a shape in steps of a quarter of the usual session. Their sum is reckoned exactly by Panjer's recursion, so that
nothing is drawn at random and the same facts always give the same chances.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, log
from operator import mul

STEPS_A_SESSION = 4
MOST_STEPS = 240
USUAL_SHAPE = (
    0.12,
    0.19,
    0.18,
    0.14,
    0.11,
    0.08,
    0.05,
    0.04,
    0.03,
    0.02,
    0.01,
    0.01,
    0.01,
    0.005,
    0.003,
    0.002,
)
"""Shares of sessions by their length in quarters of the usual one, until a tenant's own are known: many short, few long."""

# Rates within 5 % and odds within 10 % of each other share a distribution: rounding keeps their order.
_RATE_GRID = 0.05
_ODDS_GRID = 0.1
_MOST_RATE = 1_000.0
_ENOUGH = 0.9995


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution in steps: `below[n]` is the chance of at most `n` steps."""

    below: tuple[float, ...]

    def at_least(self, steps: float) -> float:
        """The chance of so many steps or more; nothing lies between zero and the first step's beginning."""
        if steps <= 0:
            return 1.0
        whole = int(steps)
        if whole + 1 >= len(self.below):
            # What was left over when the recursion stopped early is no chance: it is not ordered by the rate.
            return 0.0 if self.below[-1] >= _ENOUGH else 1.0 - self.below[-1]
        lower, upper = self.below[whole], self.below[whole + 1]
        return max(0.0, 1.0 - (lower + (steps - whole) * (upper - lower)))

    def quantile(self, share: float) -> float:
        """The steps that are not exceeded with this chance."""
        for number, reached in enumerate(self.below):
            if reached >= share:
                before = self.below[number - 1] if number else 0.0
                return number - 1 + (share - before) / (reached - before) if number else 0.0
        return float(len(self.below) - 1)


NOTHING = Spread((1.0,))
"""Nothing comes any more."""


@dataclass
class Sums:
    """The distributions of sums for one shape of session lengths; each is reckoned once."""

    shape: Sequence[float] = USUAL_SHAPE
    _known: dict[tuple[int, int], Spread] = field(default_factory=dict)

    @property
    def mean_steps(self) -> float:
        """The steps of a usual session; a length fills its last step by half."""
        whole = sum(self.shape)
        return sum((number + 0.5) * share for number, share in enumerate(self.shape)) / whole

    def spread(self, rate: float, odds: float) -> Spread:
        """What comes of `rate` sessions seen, when `odds` of the time seen is still to come."""
        if rate <= 0 or odds <= 0:
            return NOTHING
        key = round(log(min(rate, _MOST_RATE)) / _RATE_GRID), round(log(odds) / _ODDS_GRID)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._reckoned(exp(key[0] * _RATE_GRID), exp(key[1] * _ODDS_GRID))
        return found

    def _reckoned(self, rate: float, odds: float) -> Spread:
        """Panjer's recursion for a negative binomial number with mean `rate` × `odds`."""
        whole = sum(self.shape)
        shares = [share / whole for share in self.shape]
        first = odds / (1 + odds)
        second = (rate - 1) * first
        backwards = shares[::-1]
        weighted = [number * share for number, share in enumerate(shares, 1)][::-1]
        chances = [exp(-rate * log(1 + odds))]
        below = [chances[0]]
        for step in range(1, MOST_STEPS):
            window = chances[-len(shares) :]
            plain = sum(map(mul, backwards[-len(window) :], window))
            skewed = sum(map(mul, weighted[-len(window) :], window))
            chances.append(first * plain + second * skewed / step)
            below.append(min(1.0, below[-1] + max(0.0, chances[-1])))
            if below[-1] >= _ENOUGH:
                break
        return Spread(tuple(below))
