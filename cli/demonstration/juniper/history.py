"""Six months of work: how much time each patient got, on which days, and when in the day. Pure, the same for the same day.

Coordinators differ in when in a month they call and how often they miss somebody; patients in how much they need and how
well they are reached. So a straight line through the month errs, and there is something to forecast.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from cli.demonstration.juniper.company import COORDINATORS, PLACES
from cli.demonstration.juniper.patients import CarePatient
from cli.demonstration.juniper.rhythm import care_taken, last_day, stream, weighed_days
from domain.care.activities import Source
from domain.care.enrolment import Step

# What a month asks for until its first code, in seconds.
_GOALS = {"ccm": 1200, "pcm": 1800, "apcm": 600}
_COMPLEX_GOAL = 3600
# How often a patient is missed, by how well they are reached (1: hardly).
_MISSED = {1: 0.30, 2: 0.19, 3: 0.11, 4: 0.07, 5: 0.04}
_ACTIVITIES = (
    ("patient_call", 0.40), ("care_plan_review", 0.11), ("medication_management", 0.13), ("provider_coordination", 0.11),
    ("results_review", 0.09), ("education", 0.07), ("caregiver_call", 0.05), ("referral", 0.02), ("community_resources", 0.02),
)  # fmt: skip
_NAMES = tuple(name for name, _ in _ACTIVITIES)
_SHARES = tuple(share for _, share in _ACTIVITIES)
_OPENS, _CLOSES = time(8, 30), time(17, 0)


@dataclass(frozen=True, slots=True)
class Spent:
    """One stretch of time on a patient. `late` days pass before back-dated time is written down."""

    patient: CarePatient
    activity: str
    starts_at: datetime
    ends_at: datetime
    source: Source = Source.LIVE
    late: int = 0


@dataclass(frozen=True, slots=True)
class _Planned:
    patient: CarePatient
    day: date
    seconds: int
    activity: str


def month_of(first: date, everybody: Sequence[CarePatient], now: datetime) -> list[Spent]:
    """What was recorded in one month up to `now`, by coordinator and in the order in which it was done."""
    today = now.date()
    found: list[Spent] = []
    for number in range(COORDINATORS):
        days, weights = weighed_days(number, first, today)
        if not days:
            continue
        mine = [one for one in everybody if one.coordinator == number]
        planned = [piece for one in mine for piece in _planned(one, first, days, weights)]
        found.extend(_laid(number, first, planned))
    return [one for one in found if one.ends_at <= now]


def _planned(
    patient: CarePatient, first: date, days: Sequence[date], weights: Sequence[float]
) -> Iterator[_Planned]:
    """A patient's month in pieces, on days that the coordinator works and the patient has consented."""
    if patient.step in (Step.REFERRED, Step.VISIT, Step.CONSENT) or patient.since > last_day(first):
        return
    open_days = [at for at, day in enumerate(days) if day >= patient.since]
    if not open_days:
        return
    chance = stream("month", patient.number, first)
    seconds = _seconds(patient, chance)
    if patient.since > first:  # a month begun late is a shorter one
        seconds = round(seconds * max(0.35, len(open_days) / len(days)))
    for length in _pieces(seconds, chance):
        at = chance.choices(open_days, [weights[one] for one in open_days])[0]
        yield _Planned(patient, days[at], length, chance.choices(_NAMES, _SHARES)[0])


def _seconds(patient: CarePatient, chance: Random) -> int:
    """What the whole month comes to: mostly a little above the goal, now and then missed, sometimes far above."""
    goal = _COMPLEX_GOAL if patient.complex_decisions else _GOALS[patient.programme]
    if chance.random() < _MISSED[patient.engagement] * care_taken(patient.coordinator):
        return round(goal * chance.uniform(0.15, 0.97))
    whole = goal * chance.lognormvariate(0.2, 0.16)
    if chance.random() < 0.02 * patient.risk:
        whole *= chance.uniform(1.6, 2.6)
    return round(max(whole, goal + 20))


def _pieces(seconds: int, chance: Random) -> Iterator[int]:
    """Calls of three to eleven minutes, the last one what is left."""
    while seconds > 0:
        length = min(seconds, chance.randrange(170, 680))
        if 0 < seconds - length < 100:
            length = seconds
        yield length
        seconds -= length


def _laid(number: int, first: date, planned: Iterable[_Planned]) -> Iterator[Spent]:
    """Each day's pieces one after the other, with pauses that fill the day: nobody is with two patients at once."""
    by_day: dict[date, list[_Planned]] = {}
    for piece in planned:
        by_day.setdefault(piece.day, []).append(piece)
    for day in sorted(by_day):
        yield from _day(day, by_day[day], stream("day", number, day))


def _day(day: date, pieces: list[_Planned], chance: Random) -> Iterator[Spent]:
    chance.shuffle(pieces)
    zone = ZoneInfo(PLACES[pieces[0].patient.place].zone)
    at = datetime.combine(day, _OPENS, zone) + timedelta(seconds=chance.randrange(60, 1200))
    left = (datetime.combine(day, _CLOSES, zone) - at).total_seconds() - sum(one.seconds for one in pieces)
    pause = max(20.0, left / (len(pieces) + 1))
    for one in pieces:
        at += timedelta(seconds=chance.uniform(0.1, 1.6) * pause // 1)
        ends = at + timedelta(seconds=one.seconds)
        yield _as_recorded(Spent(one.patient, one.activity, at, ends), chance)
        at = ends


def _as_recorded(spent: Spent, chance: Random) -> Spent:
    """Most of it by the clock, some by hand the same day, little of it days later."""
    dice = chance.random()
    if dice < 0.945:
        return spent
    if dice < 0.985:
        return replace(spent, source=Source.MANUAL)
    return replace(spent, source=Source.BACK_DATED, late=chance.randrange(3, 6))
