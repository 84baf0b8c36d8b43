"""Made-up months of care, as coordinators work them: calls when they come about, top-ups near the end, absences."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import exp

from domain.business_time import BusinessCalendar, office_week
from domain.care.forecast_learning import PatientMonth
from domain.care.working_month import WorkingMonth, working_month

CALENDAR = BusinessCalendar("America/Chicago", office_week(), frozenset({date(2026, 7, 3), date(2026, 9, 7)}))
MONTHS = tuple(date(2026, number, 1) for number in range(5, 11))
A_COORDINATOR = 60
BASES = (1_200,) * 9 + (1_800,)


@dataclass(frozen=True, slots=True)
class Patient:
    """What moves a patient's months: none of it is shown to the forecast."""

    number: int
    coordinator: int
    base: int
    aim: float  # seconds that a month would come to if nothing came between
    session: float
    answers: float  # of tries
    joined: int  # in which of the months


@dataclass(frozen=True, slots=True)
class Coordinator:
    """How a coordinator works: when in the month, and how eagerly those who are short are topped up."""

    late: float  # 1: evenly; above: towards the end
    tops_up: float
    stops: float  # once the base is reached


def working_months() -> dict[date, WorkingMonth]:
    """The months, as the office works them."""
    return {first: working_month(CALENDAR, first) for first in MONTHS}


def made_up(patients: int, seed: int = 7, *, alike: bool = False) -> Iterator[PatientMonth]:
    """Patient-months, patient by patient. With `alike` patients and coordinators do not differ, so that the months before
    tell nothing of one of them."""
    months = working_months()
    chance = random.Random(seed)
    crew = [
        Coordinator(1.2, 0.4, 0.6)
        if alike
        else Coordinator(chance.uniform(0.8, 1.7), chance.uniform(0.1, 0.7), chance.uniform(0.3, 0.9))
        for _ in range(max(1, patients // A_COORDINATOR))
    ]
    away = {
        (number, first): chance.choice(month.days[:-4])
        for number in range(len(crew))
        for first, month in months.items()
        if chance.random() < 0.15
    }
    for number in range(patients):
        one = _patient(number, len(crew), chance)
        if alike:
            one = replace(one, aim=one.base * 1.25, session=420.0, answers=0.8)
        for place, (first, month) in enumerate(months.items()):
            if place >= one.joined:
                gone = away.get((one.coordinator, first))
                days = _days(one, crew[one.coordinator], month, gone, chance)
                yield PatientMonth(first, number, one.coordinator, one.base, days, sum(days) >= one.base)


def _patient(number: int, crew: int, chance: random.Random) -> Patient:
    base = chance.choice(BASES)
    aim = base * exp(chance.gauss(0.12, 0.45))
    joined = 0 if chance.random() < 0.7 else chance.randrange(0, len(MONTHS))
    return Patient(
        number,
        number % crew,
        base,
        aim,
        chance.uniform(180, 780),
        min(1.0, chance.uniform(0.35, 1.15)),
        joined,
    )


def _days(
    one: Patient, by: Coordinator, month: WorkingMonth, away: date | None, chance: random.Random
) -> tuple[int, ...]:
    """The seconds of each day: tries that come about or not, shorter work once the base is reached, and top-ups."""
    days = [0] * month.length
    aim = one.aim * exp(chance.gauss(0, 0.3))
    tries = max(1, round(aim / one.session / (0.35 + 0.65 * one.answers)))
    count = len(month.days)
    places = sorted(min(int(chance.random() ** (1 / by.late) * count), count - 1) for _ in range(tries))
    for place in places:
        day = month.days[place]
        gone = away is not None and 0 <= (day - away).days < 7
        if gone or chance.random() > 0.35 + 0.65 * one.answers:
            continue
        if sum(days) >= one.base and chance.random() < by.stops:
            continue
        days[day.day - 1] += max(45, round(one.session * exp(chance.gauss(-0.1, 0.45))))
    short = one.base - sum(days)
    if 0 < short < 720 and chance.random() < by.tops_up * one.answers:
        days[chance.choice(month.days[-5:]).day - 1] += short + chance.randrange(5, 120)
    return tuple(days)
