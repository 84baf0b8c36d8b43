"""Fitting the forecast to what came of it: how its chances bend on each day, and how wide its intervals must be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log

from domain.care.forecast import line_step, log_odds
from domain.care.forecast_model import LINE_STEPS, Bend, Projection

HELD = 0.8
"""Four of five are to end inside the interval."""
# What holds a bend at none at all until there is enough to go by, and how far shift, slope and pull may go. A slope
# below zero would let more minutes lower a chance.
_HELD_BY = (1.0, 10.0, 5.0)
_LIMITS = ((-4.0, 4.0), (0.2, 3.0), (0.0, 3.0))
_ROUNDS = 12
_UNWIDENED = 10.0
_WIDEST = (0.5, 4.0)
_LEAST_SECONDS = 30.0
# A share of few is drawn to the straight line's own word.
_ITS_WORD = 4.0
_WORDS = tuple(float(step >= 1.0) for step in (0.0, *LINE_STEPS))


@dataclass(frozen=True, slots=True)
class Sample:
    """A forecast of a past month on a day, the straight line beside it, and what came of it."""

    day: int
    first_seconds: int
    seconds: int
    reached: bool
    habit: float
    ours: Projection
    line: Projection

    @property
    def open(self) -> bool:
        """Whether anything was left to tell."""
        return self.ours.seconds < self.first_seconds


def bends_of(samples: Sequence[Sample]) -> tuple[tuple[Bend, ...], float]:
    """The bend of each day measured, and how far its chances still are from what came: the mean squared error."""
    by_day: dict[int, list[Sample]] = {}
    for one in samples:
        by_day.setdefault(one.day, []).append(one)
    bends, errors = [], []
    for day, known in sorted(by_day.items()):
        told = [(log_odds(one.ours.chances[0]), one.habit, one.reached) for one in known if one.open]
        shift, slope, pull = _fitted(told)
        bends.append(Bend(day, shift, slope, pull, widening(known), widening(known, line=True)))
        errors += [(_logistic(shift + slope * a + pull * b) - reached) ** 2 for a, b, reached in told]
    return tuple(bends), sum(errors) / len(errors) if errors else 0.0


def _fitted(told: Iterable[tuple[float, float, bool]]) -> tuple[float, float, float]:
    """Logistic regression by Newton's method, held at no bend as if by a few forecasts: shift, slope and pull."""
    known = _grouped(told)
    found = [0.0, 1.0, 0.0]
    for _ in range(_ROUNDS):
        towards = [
            -weight * (one - to) for weight, one, to in zip(_HELD_BY, found, (0.0, 1.0, 0.0), strict=True)
        ]
        bend = [[_HELD_BY[row] if row == column else 0.0 for column in range(3)] for row in range(3)]
        for odds, habit, count, reached in known:
            facts = (1.0, odds, habit)
            expected = _logistic(sum(a * b for a, b in zip(found, facts, strict=True)))
            weight = count * expected * (1.0 - expected)
            for row in range(3):
                towards[row] += (reached - count * expected) * facts[row]
                for column in range(3):
                    bend[row][column] += weight * facts[row] * facts[column]
        steps = _solved(bend, towards)
        found = [
            min(max(one + max(-1.0, min(1.0, step)), low), high)
            for one, step, (low, high) in zip(found, steps, _LIMITS, strict=True)
        ]
    return found[0], found[1], found[2]


def _grouped(told: Iterable[tuple[float, float, bool]]) -> list[tuple[float, float, int, int]]:
    """Forecasts of nearly the same kind together: log odds, habit, how many, how many reached."""
    groups: dict[tuple[float, float], list[int]] = {}
    for odds, habit, reached in told:
        counted = groups.setdefault((round(odds, 1), round(habit, 1)), [0, 0])
        counted[0] += 1
        counted[1] += reached
    return [(*kind, count, reached) for kind, (count, reached) in sorted(groups.items())]


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Three equations with three unknowns, by elimination; the ridge keeps the diagonal from zero."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(3):
        rows[place] = [one / rows[place][place] for one in rows[place]]
        for other in range(3):
            if other != place:
                factor = rows[other][place]
                rows[other] = [one - factor * two for one, two in zip(rows[other], rows[place], strict=True)]
    return [row[3] for row in rows]


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + exp(-value))


def widening(samples: Sequence[Sample], *, line: bool = False) -> float:
    """What an interval must be multiplied by, so that four of five months end inside it."""
    needed = sorted(_needed(one.line if line else one.ours, one.seconds) for one in samples)
    if not needed:
        return 1.0
    found = needed[min(int(len(needed) * HELD), len(needed) - 1)]
    # Few samples say little: they are drawn to no widening, evenly for factors below and above one.
    drawn = exp(log(max(found, 0.01)) * len(needed) / (len(needed) + _UNWIDENED))
    return min(max(drawn, _WIDEST[0]), _WIDEST[1])


def _needed(made: Projection, seconds: int) -> float:
    over = seconds - made.projected
    half = made.high - made.projected if over > 0 else made.projected - made.low
    return abs(over) / max(half, _LEAST_SECONDS)


def straight_of(samples: Sequence[Sample]) -> tuple[tuple[int, tuple[float, ...]], ...]:
    """For each day the share that reached by where the straight line led, never falling as it leads further."""
    counted: dict[int, list[list[float]]] = {}
    for one in samples:
        if one.open:
            own = counted.setdefault(one.day, [[_ITS_WORD, _ITS_WORD * word] for word in _WORDS])
            step = own[line_step(one.line.projected, one.first_seconds)]
            step[0] += 1
            step[1] += one.reached
    return tuple(
        (day, tuple(accumulate((reached / count for count, reached in own), max)))
        for day, own in sorted(counted.items())
    )
