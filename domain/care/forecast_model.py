"""What a forecast is made from and what it says: what past months taught, a patient's standing, the time ahead."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from domain.care.compound import USUAL_SHAPE, Sums

FORMULA = "3"
"""Names this way of reckoning and measuring: a change of it gets another name, and is measured anew."""
STRAIGHT = "straight"
"""Names the straight line: seconds so far × days of the month ÷ days gone."""
MOST_THRESHOLDS = 4
LINE_STEPS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
STAND_IN = 0.6
"""What of a day's work a substitute is taken to do for somebody else's patients; an assumption, not measured."""


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

    `profile` is the share of a month's seconds done when 0, 1/20, … of its working days have passed, `profiles` the same
    for coordinators whose own rhythm is known. `evidence` is how
    much this month says of the patient's usual level, `strength` how many months the others' level counts for.
    `straight` holds, for each day measured, the share of patients that reached by where the straight line led: below each
    of `LINE_STEPS` of the threshold, and above the last.
    """

    level: Level = Level(1_200.0, 420.0)
    coordinators: Mapping[Hashable, Level] = field(default_factory=dict)
    shape: tuple[float, ...] = USUAL_SHAPE
    profile: tuple[float, ...] = tuple(number / 20 for number in range(21))
    profiles: Mapping[Hashable, tuple[float, ...]] = field(default_factory=dict)
    evidence: float = 1.0
    strength: float = 1.0
    bends: tuple[Bend, ...] = ()
    straight: tuple[tuple[int, tuple[float, ...]], ...] = ()
    sums: Sums = field(default_factory=Sums, compare=False)
    _left: dict[tuple["Ahead", Hashable], "Left"] = field(default_factory=dict, compare=False)

    def left(self, ahead: "Ahead", coordinator: Hashable = None) -> "Left":
        """What of a month's seconds usually comes in the time left; reckoned once for all who share it."""
        key = ahead, coordinator if coordinator in self.profiles else None
        found = self._left.get(key)
        if found is None:
            profile = self.profiles.get(coordinator, self.profile)
            found = self._left[key] = self._reckoned(ahead, profile)
        return found

    def _reckoned(self, ahead: "Ahead", profile: tuple[float, ...]) -> "Left":
        whole = there = missed = 0.0
        begins = ahead.working_days - len(ahead.shares)
        for number, (share, presence) in enumerate(zip(ahead.shares, ahead.presence, strict=True), begins):
            part = _done_by(profile, (number + 1) / ahead.working_days)
            part -= _done_by(profile, number / ahead.working_days)
            whole += part * share
            there += part * share * presence
        for number, presence in enumerate(ahead.been[:begins]):
            part = _done_by(profile, (number + 1) / ahead.working_days)
            missed += (part - _done_by(profile, number / ahead.working_days)) * (1.0 - presence)
        return Left(whole, there, max(1.0 - whole - missed, 0.0), bend_on(self.bends, ahead.day))


@dataclass(frozen=True, slots=True)
class Ahead:
    """The working time left of a month of `working_days`: for each day to come, today among them, which share of it is
    left (`shares`) and which share of its work the coordinator or a substitute does (`presence`). `day` is the number
    of calendar days gone, of `days` in all. `been` is the presence on the working days gone; none: always there."""

    working_days: int
    shares: tuple[float, ...]
    presence: tuple[float, ...]
    day: int
    days: int
    been: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """The share of a month's seconds that is usually done in the time left: as if nobody were away (`whole`), and by
    those who are there; the share done in the time gone by those who were there (`seen`); how chances bend that day."""

    whole: float
    there: float
    seen: float
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


def _done_by(profile: tuple[float, ...], share: float) -> float:
    """The share of a month's seconds done when this share of its working days has passed."""
    place = min(max(share, 0.0), 1.0) * (len(profile) - 1)
    whole = min(int(place), len(profile) - 2)
    return profile[whole] + (place - whole) * (profile[whole + 1] - profile[whole])
