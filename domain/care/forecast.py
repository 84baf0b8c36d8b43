"""Where a patient's month is heading: minutes so far, the projected end with an interval, the chance of each threshold.

The patient's usual month is their own past months and this one, drawn towards the coordinator's and the tenant's where
there is little to go by. What is still to come is that level for the working time that is left, as the tenant spreads
its minutes over a month, without the days on which the coordinator is away. Pure: given everything, the day included.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from math import exp, log

from domain.care.codes import STANDARD, CodeTable, Track
from domain.care.compound import USUAL_SHAPE, Spread, Sums
from domain.care.entries import Programme
from domain.care.month import Month

FORMULA = "1"
"""Names this way of reckoning: a change of it gets another name, and is measured anew."""
STRAIGHT = "straight"
"""Names the straight line: seconds so far × days of the month ÷ days gone."""
MOST_THRESHOLDS = 4
STAND_IN = 0.6
"""What of a day's work a substitute is taken to do for somebody else's patients; an assumption, not measured."""
# A month this long ago counts so much of one that has just ended.
_FADING = 0.8
_SESSIONS_OF_OTHERS = 6.0
_MONTHS_OF_OTHERS = 1.5
_EVEN_TRIES = 6.0
_OUTREACH_REACH = (0.7, 1.3)


@dataclass(frozen=True, slots=True)
class Past:
    """A patient's finished month: counted seconds, the days on which there were any, whether the first code was reached."""

    seconds: int
    sessions: int
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """What is usual: seconds a patient's month, seconds a session, and the share of months that reach their first code."""

    month_seconds: float
    session_seconds: float
    reached: float = 0.5


@dataclass(frozen=True, slots=True)
class Bend:
    """How chances reckoned on a day of the month are bent to what was observed: `shift` + `slope` × their log odds +
    `pull` × the log odds with which the patient's months have reached before. `widen` stretches the interval to what
    held in four of five months, `straight_widen` that around the straight line."""

    day: int
    shift: float = 0.0
    slope: float = 1.0
    pull: float = 0.0
    widen: float = 1.0
    straight_widen: float = 1.0


@dataclass(frozen=True)
class Book:
    """What past months taught. As it stands without any: a plain guess.

    `profile` is the share of a month's seconds done when 0, 1/20, … of its working days have passed. `evidence` is how
    much this month says of the patient's usual level, `strength` how many months the others' level counts for.
    `straight` holds, for each day measured, the share of patients that reached when the straight line said miss, and
    when it said reach.
    """

    level: Level = Level(1_200.0, 420.0)
    coordinators: Mapping[Hashable, Level] = field(default_factory=dict)
    shape: tuple[float, ...] = USUAL_SHAPE
    profile: tuple[float, ...] = tuple(number / 20 for number in range(21))
    evidence: float = 1.0
    strength: float = 1.0
    bends: tuple[Bend, ...] = ()
    straight: tuple[tuple[int, float, float], ...] = ()
    sums: Sums = field(default_factory=Sums, compare=False)
    _left: dict["Ahead", "Left"] = field(default_factory=dict, compare=False)

    def done_by(self, share: float) -> float:
        """The share of a month's seconds done when this share of its working days has passed."""
        place = min(max(share, 0.0), 1.0) * (len(self.profile) - 1)
        whole = min(int(place), len(self.profile) - 2)
        lower, upper = self.profile[whole], self.profile[whole + 1]
        return lower + (place - whole) * (upper - lower)

    def left(self, ahead: "Ahead") -> "Left":
        """What of a month's seconds usually comes in the time left; reckoned once for all who share it."""
        found = self._left.get(ahead)
        if found is None:
            found = self._left[ahead] = self._reckoned(ahead)
        return found

    def _reckoned(self, ahead: "Ahead") -> "Left":
        whole = there = 0.0
        begins = ahead.working_days - len(ahead.shares)
        for number, (share, presence) in enumerate(zip(ahead.shares, ahead.presence, strict=True), begins):
            part = self.done_by((number + 1) / ahead.working_days) - self.done_by(number / ahead.working_days)
            whole += part * share
            there += part * share * presence
        return Left(whole, there, bend_on(self.bends, ahead.day))


@dataclass(frozen=True, slots=True)
class Ahead:
    """The working time left of a month of `working_days`: for each day to come, today among them, which share of it is
    left (`shares`) and which share of its work the coordinator or a substitute does (`presence`). `day` is the number
    of calendar days gone, of `days` in all."""

    working_days: int
    shares: tuple[float, ...]
    presence: tuple[float, ...]
    day: int
    days: int


@dataclass(frozen=True, slots=True)
class Left:
    """The share of a month's seconds that is usually done in the time left: as if nobody were away, and by those who
    are there; and how chances bend on that day."""

    whole: float
    there: float
    bend: Bend


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a patient on a day. `past` has the newest month first; `reached` are answered of `tries`
    attempts to reach the patient, `usual_reach` the tenant's share; without any tries they change nothing."""

    seconds: int
    thresholds: tuple[int, ...]
    past: tuple[Past, ...] = ()
    coordinator: Hashable = None
    tries: int = 0
    reached: int = 0
    usual_reach: float = 0.5


@dataclass(frozen=True, slots=True)
class Projection:
    """What a month is heading for. Seconds; four months in five end from `low` to `high`. `chances` go with the
    thresholds asked for. `level` is the patient's usual month, `presence` the share of the time left that somebody is
    there, `reach` what outreach multiplies the pace with."""

    seconds: int
    projected: int
    low: int
    high: int
    chances: tuple[float, ...]
    level: float
    presence: float
    reach: float
    formula: str = FORMULA


def thresholds(
    programme: Programme, month: Month, *, complex_decisions: bool = False, table: CodeTable = STANDARD
) -> tuple[int, ...]:
    """The seconds of staff time that a programme's codes ask for in a month: bases, and add-ons up to their caps, the
    first few in order. Empty where no code goes by minutes."""
    found: set[int] = set()
    for row in table.on(month.last).timed:
        if row.programme == programme and row.track == Track.STAFF and (complex_decisions or not row.complex):
            units = MOST_THRESHOLDS - 1 if row.cap is None else row.cap
            found |= {row.base_seconds + number * row.add_on_seconds for number in range(units + 1)}
    return tuple(sorted(found)[:MOST_THRESHOLDS])


def forecast(book: Book, about: Standing, ahead: Ahead) -> Projection:
    """Reckon one patient's month by what past months taught."""
    left = book.left(ahead)
    usual, seen = _level(book, about, 1.0 - left.whole)
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
    miss, reach = _measured(book, ahead.day)
    chances = tuple(
        1.0 if about.seconds >= one else 0.0 if over else reach if line >= one else miss
        for one in about.thresholds
    )
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


def bend_on(bends: tuple[Bend, ...], day: int) -> Bend:
    """The bend on a day: that of the days measured beside it, in proportion."""
    before = [one for one in bends if one.day <= day]
    after = [one for one in bends if one.day > day]
    if not before or not after:
        return before[-1] if before else after[0] if after else Bend(day)
    left, right = before[-1], after[0]
    share = (day - left.day) / (right.day - left.day)
    names = ("shift", "slope", "pull", "widen", "straight_widen")
    return Bend(day, *((1 - share) * getattr(left, one) + share * getattr(right, one) for one in names))


def bent(chance: float, bend: Bend, habit: float = 0.0) -> float:
    """A chance as observed: never turned around, never certain."""
    return 1.0 / (1.0 + exp(-(bend.shift + bend.slope * log_odds(chance) + bend.pull * habit)))


def log_odds(chance: float) -> float:
    """The logarithm of the odds, kept away from certainty."""
    kept = min(max(chance, 0.001), 0.999)
    return log(kept / (1 - kept))


def _measured(book: Book, day: int) -> tuple[float, float]:
    """How often those reached of whom the straight line said miss, and reach; its word where nothing was measured."""
    if not book.straight:
        return 0.0, 1.0
    nearest = min(book.straight, key=lambda one: (abs(one[0] - day), one[0]))
    return nearest[1], max(nearest[1], nearest[2])
