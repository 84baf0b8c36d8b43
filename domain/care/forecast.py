"""Where a patient's month is heading: minutes so far, the projected end with an interval, the chance of each threshold.

The patient's usual month is their own past months and this one, drawn towards the coordinator's and the tenant's where
there is little to go by. What is still to come is that level for the working time that is left, as the tenant spreads
its minutes over a month, without the days on which the coordinator is away. Pure: given everything, the day included.
"""

from bisect import bisect_right
from math import exp, log

from domain.care.codes import CodeTable, Track
from domain.care.compound import Spread
from domain.care.entries import Programme
from domain.care.forecast_model import (
    LINE_STEPS,
    MOST_THRESHOLDS,
    STRAIGHT,
    Ahead,
    Bend,
    Book,
    Projection,
    Standing,
)
from domain.care.month import Month

# A month this long ago counts so much of one that has just ended.
_FADING = 0.8
_SESSIONS_OF_OTHERS = 6.0
_MONTHS_OF_OTHERS = 4.0
_EVEN_TRIES = 6.0
_OUTREACH_REACH = (0.7, 1.3)


def thresholds(
    programme: Programme, month: Month, table: CodeTable, *, complex_decisions: bool = False
) -> tuple[int, ...]:
    """The seconds of staff time that a programme's codes ask for in a month: bases, and add-ons up to their caps, the
    first few in order. Empty where no code in force counts the time of staff."""
    found: set[int] = set()
    for row in table.on(month.last).timed:
        if row.programme == programme and row.track == Track.STAFF and (complex_decisions or not row.complex):
            most = MOST_THRESHOLDS - 1 if row.add_on else 0
            units = most if row.cap is None else min(row.cap, most)
            found |= {row.base_seconds + number * row.add_on_seconds for number in range(units + 1)}
    return tuple(sorted(found)[:MOST_THRESHOLDS])


def forecast(book: Book, about: Standing, ahead: Ahead) -> Projection:
    """Reckon one patient's month by what past months taught."""
    left = book.left(ahead, about.coordinator)
    usual, seen = _level(book, about, left.seen)
    session = _session(book, about)
    reach = _reach(about)
    coming = left.there * reach
    spread = book.sums.spread(usual / session * seen, coming / seen)
    step = session / book.sums.mean_steps
    projected = about.seconds + round(usual * coming)
    low, high = _interval(about.seconds, projected, spread, step, left.bend.widen)
    chances = _chances(about, spread, step, left.bend, habit_of(book, about))
    there = left.there / left.whole if left.whole else 1.0
    return Projection(about.seconds, projected, low, high, chances, usual, there, reach)


def straight(book: Book, about: Standing, ahead: Ahead) -> Projection:
    """The straight line, with the chances that it was measured to have."""
    over = ahead.day >= ahead.days
    line = straight_line(about.seconds, ahead.day, ahead.days)
    half = max(line - about.seconds, book.level.session_seconds) * book.left(ahead).bend.straight_widen
    low, high = (line, line) if over else (max(about.seconds, round(line - half)), round(line + half))
    first = _line_chance(book, about, line, ahead.day, over=over)
    # The line was measured for the first threshold only: what comes after it is what the forecast makes of it.
    later = forecast(book, about, ahead).chances[1:]
    chances = (first, *(min(one, first) for one in later))
    return Projection(about.seconds, line, low, high, chances, float(line), 1.0, 1.0, STRAIGHT)


def straight_line(seconds: int, day: int, days: int) -> int:
    """Seconds so far × days of the month ÷ days gone; before the first day is over, what there is."""
    return seconds if day <= 0 else max(seconds, seconds * days // day)


def _level(book: Book, about: Standing, gone: float) -> tuple[float, float]:
    """The patient's usual month in seconds, and how many months that is known from."""
    usual = book.coordinators.get(about.coordinator, book.level).month_seconds
    seconds, seen, weight = book.strength * usual, book.strength, 1.0
    for month in about.past:
        seconds += weight * month.seconds
        seen += weight
        weight *= _FADING
    seconds += book.evidence * about.seconds
    seen += book.evidence * gone
    return max(seconds / seen, 1.0), seen


def _session(book: Book, about: Standing) -> float:
    """The usual length of the patient's sessions. Past months only: a short call today must not make the rest shorter."""
    usual = book.coordinators.get(about.coordinator, book.level).session_seconds
    seconds = sum(one.seconds for one in about.past) + _SESSIONS_OF_OTHERS * usual
    return max(seconds / (sum(one.sessions for one in about.past) + _SESSIONS_OF_OTHERS), 30.0)


def habit_of(book: Book, about: Standing) -> float:
    """The log odds with which this patient's months reach their first code, beyond those of everybody's."""
    usual = book.coordinators.get(about.coordinator, book.level).reached
    reached, seen, weight = _MONTHS_OF_OTHERS * usual, _MONTHS_OF_OTHERS, 1.0
    for month in about.past:
        reached += weight * month.reached
        seen += weight
        weight *= _FADING
    return log_odds(reached / seen) - log_odds(book.level.reached)


def _reach(about: Standing) -> float:
    """How much easier or harder than usual the patient is to reach; 1 when nobody has tried."""
    if about.tries <= 0 or about.usual_reach <= 0:
        return 1.0
    share = (about.reached + _EVEN_TRIES * about.usual_reach) / (about.tries + _EVEN_TRIES)
    low, high = _OUTREACH_REACH
    return min(max((share / about.usual_reach) ** 0.5, low), high)


def _interval(seconds: int, projected: int, spread: Spread, step: float, widen: float) -> tuple[int, int]:
    low = seconds + spread.quantile(0.1) * step
    high = seconds + spread.quantile(0.9) * step
    below = max(projected - low, 0.0) * widen
    above = max(high - projected, 0.0) * widen
    return max(seconds, round(projected - below)), round(projected + above)


def _chances(about: Standing, spread: Spread, step: float, bend: Bend, habit: float) -> tuple[float, ...]:
    """Reached is certain, nothing to come is certain; between them what was observed of such chances. The first
    threshold is what was measured; a later one is never likelier than the one before it."""
    chances: list[float] = []
    for wanted in about.thresholds:
        if about.seconds >= wanted:
            chances.append(1.0)
        elif len(spread.below) == 1:
            chances.append(0.0)
        else:
            chance = spread.at_least((wanted - about.seconds) / step)
            first = wanted == about.thresholds[0]
            chances.append(bent(chance, bend, habit) if first else min(chance, chances[-1]))
    return tuple(chances)


def bent(chance: float, bend: Bend, habit: float = 0.0) -> float:
    """A chance as observed: never turned around, never certain."""
    return 1.0 / (1.0 + exp(-(bend.shift + bend.slope * log_odds(chance) + bend.pull * habit)))


def log_odds(chance: float) -> float:
    """The logarithm of the odds, kept away from certainty."""
    kept = min(max(chance, 0.001), 0.999)
    return log(kept / (1 - kept))


def line_step(line: int, wanted: int) -> int:
    """Where the straight line leads, as a place in what was measured of it."""
    return bisect_right(LINE_STEPS, line / wanted)


def _line_chance(book: Book, about: Standing, line: int, day: int, *, over: bool) -> float:
    """What was measured of such lines on the nearest day; the line's own word where nothing was."""
    wanted = about.thresholds[0]
    if over or about.seconds >= wanted:
        return float(about.seconds >= wanted)
    if not book.straight:
        return float(line >= wanted)
    nearest = min(book.straight, key=lambda one: (abs(one[0] - day), one[0]))
    return nearest[1][line_step(line, wanted)]
