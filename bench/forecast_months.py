"""Made-up companies of care and their months: calls that come about or not, top-ups near the end, absences.

Each company is drawn from its number: how late in a month its people call, how they make up for what is missing, how much
patients differ, how often months are missed. The ranges were written down before anything was measured on them. What the
forecast was improved on are `TRAINING`; `UNSEEN` were left alone until it was done.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp
from random import Random

from domain.business_time import BusinessCalendar, office_week
from domain.care.backtest import Away
from domain.care.forecast_learning import PatientMonth
from domain.care.working_month import WorkingMonth, working_month

CALENDAR = BusinessCalendar("America/Chicago", office_week(), frozenset({date(2026, 7, 3), date(2026, 9, 7)}))
MONTHS = tuple(date(2026, number, 1) for number in range(5, 11))
A_COORDINATOR = 50
BASES = (1_200,) * 9 + (1_800,)
TRAINING = range(12)
UNSEEN = range(100, 124)
Between = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Company:
    """What moves a company's months; none of it is shown to the forecast. Pairs are what its people lie between."""

    number: int
    planned: bool  # months are laid out as a whole, and some are missed; else each is made of tries
    late: Between  # 1: evenly over the month; above: towards its end
    tops_up: Between  # how eagerly those who are short are brought there in the last days
    stops: Between  # chance of no more work once the base is reached
    aim: float  # of the base, as a logarithm
    differ: float  # how patients differ in it
    varies: float  # how a patient's months do
    session: Between  # seconds
    answers: Between  # share of tries
    misses: Between  # share of months planned short
    away: float  # share of coordinators away in a month
    away_days: int


@dataclass(frozen=True, slots=True)
class _Coordinator:
    late: float
    tops_up: float
    stops: float
    misses: float


@dataclass(frozen=True, slots=True)
class _Patient:
    coordinator: int
    base: int
    aim: float  # seconds that a month would come to if nothing came between
    session: float
    answers: float
    misses: float
    joined: int  # in which of the months


@dataclass(frozen=True, slots=True)
class History:
    """The finished months of a company, and its planned days off; nobody plans to be sick."""

    rows: tuple[PatientMonth, ...]
    away: Away


@cache
def working_months() -> Mapping[date, WorkingMonth]:
    """The months, as the office works them."""
    return {first: working_month(CALENDAR, first) for first in MONTHS}


def company_of(number: int) -> Company:
    """The company of a number, the same each time."""
    chance = Random(f"company/{number}")
    return Company(
        number,
        planned=number % 2 == 0,
        late=_between(chance, (0.6, 1.3), (0.0, 0.9)),
        tops_up=_between(chance, (0.0, 0.5), (0.0, 0.5)),
        stops=_between(chance, (0.1, 0.6), (0.0, 0.4)),
        aim=chance.uniform(-0.05, 0.4),
        differ=chance.uniform(0.05, 0.55),
        varies=chance.uniform(0.1, 0.4),
        session=_between(chance, (150.0, 420.0), (60.0, 480.0)),
        answers=_between(chance, (0.2, 0.8), (0.0, 0.4)),
        misses=_between(chance, (0.0, 0.12), (0.05, 0.35)),
        away=chance.uniform(0.05, 0.3),
        away_days=chance.randrange(2, 11),
    )


def alike() -> Company:
    """A company in which neither patients nor coordinators differ: the months before tell nothing of one of them."""
    same = {"late": (1.2, 1.2), "tops_up": (0.4, 0.4), "stops": (0.6, 0.6), "session": (420.0, 420.0)}
    return Company(
        -1, False, **same, aim=0.22, differ=0.0, varies=0.3, answers=(0.8, 0.8), misses=(0.1, 0.1), away=0.15, away_days=7
    )  # fmt: skip


def history_of(company: Company, patients: int) -> History:
    """The months of so many patients."""
    chance = Random(f"history/{company.number}")
    crew = [_coordinator(company, chance) for _ in range(max(1, patients // A_COORDINATOR))]
    off, planned = _absences(company, len(crew), chance)
    rows = [
        row
        for number in range(patients)
        for row in _months_of(
            number, _patient(number, company, len(crew), chance), company, crew, off, chance
        )
    ]
    return History(tuple(rows), planned)


def _between(chance: Random, low: Between, width: Between) -> Between:
    begins = chance.uniform(*low)
    return begins, begins + chance.uniform(*width)


def _coordinator(company: Company, chance: Random) -> _Coordinator:
    ways = (company.late, company.tops_up, company.stops, company.misses)
    return _Coordinator(*(chance.uniform(*one) for one in ways))


def _patient(number: int, company: Company, crew: int, chance: Random) -> _Patient:
    base = chance.choice(BASES)
    return _Patient(
        number % crew,
        base,
        base * exp(chance.gauss(company.aim, company.differ)),
        chance.uniform(*company.session),
        min(1.0, chance.uniform(*company.answers)),
        chance.uniform(0.0, 2.0),
        0 if chance.random() < 0.7 else chance.randrange(0, len(MONTHS)),
    )


def _absences(company: Company, crew: int, chance: Random) -> tuple[frozenset[tuple[int, date]], Away]:
    """Who is away on which days, and what of it was planned."""
    off: set[tuple[int, date]] = set()
    planned: dict[tuple[Hashable, date], float] = {}
    for number in range(crew):
        for month in working_months().values():
            if chance.random() >= company.away:
                continue
            begins = chance.choice(month.days[:-3])
            days = [(number, one) for one in month.days if 0 <= (one - begins).days < company.away_days]
            off.update(days)
            if chance.random() < 0.7:
                planned |= dict.fromkeys(days, 0.0)
    return frozenset(off), planned


def _months_of(
    number: int,
    one: _Patient,
    company: Company,
    crew: Sequence[_Coordinator],
    off: frozenset[tuple[int, date]],
    chance: Random,
) -> Iterator[PatientMonth]:
    """A patient's months, from the one of joining on."""
    by, lay = crew[one.coordinator], _planned if company.planned else _tried
    for first, month in list(working_months().items())[one.joined :]:
        there = [day for day in month.days if (one.coordinator, day) not in off]
        days = [0] * month.length
        if there:
            lay(one, company, by, there, days, chance)
            _top_up(one, by, there, days, chance)
        yield PatientMonth(first, number, one.coordinator, one.base, tuple(days), sum(days) >= one.base)


def _planned(
    one: _Patient, company: Company, by: _Coordinator, there: Sequence[date], days: list[int], chance: Random
) -> None:
    """A whole month cut into calls, which are laid on days; some months are planned short."""
    left = one.aim * exp(chance.gauss(0.0, company.varies))
    if chance.random() < by.misses * one.misses:
        left = one.base * chance.uniform(0.1, 0.97)
    while left > 0:
        length = min(left, max(60.0, one.session * exp(chance.gauss(-0.05, 0.35))))
        days[_day(by, there, chance)] += round(length)
        left -= length


def _tried(
    one: _Patient, company: Company, by: _Coordinator, there: Sequence[date], days: list[int], chance: Random
) -> None:
    """Tries that come about or not, and less of them once the base is reached."""
    tries = max(
        1, round(one.aim * exp(chance.gauss(0.0, company.varies)) / one.session / max(one.answers, 0.1))
    )
    for place in sorted(_day(by, there, chance) for _ in range(tries)):
        reached = sum(days) >= one.base
        if chance.random() < one.answers and not (reached and chance.random() < by.stops):
            days[place] += max(45, round(one.session * exp(chance.gauss(-0.1, 0.45))))


def _day(by: _Coordinator, there: Sequence[date], chance: Random) -> int:
    """The place of a working day in the month, late or early as the coordinator works."""
    return there[min(int(chance.random() ** (1 / by.late) * len(there)), len(there) - 1)].day - 1


def _top_up(one: _Patient, by: _Coordinator, there: Sequence[date], days: list[int], chance: Random) -> None:
    """What little is missing is made up for in the last days, or not."""
    short = one.base - sum(days)
    if 0 < short < 720 and chance.random() < by.tops_up * one.answers:
        days[chance.choice(there[-5:]).day - 1] += short + chance.randrange(5, 120)
