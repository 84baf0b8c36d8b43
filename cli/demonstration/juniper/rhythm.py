"""How the coordinators work: when they are away, and how their days weigh. Pure, and the same for the same day."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from cli.demonstration.juniper.company import COORDINATORS

MONTHS = 6
_SEED = 20261122
# How a coordinator spreads a month's calls over its working days; x runs from 0 to 1.
_STEADY, _LATE, _EARLY, _UNEVEN = range(4)
_KINDS = (_STEADY,) * 12 + (_LATE,) * 9 + (_EARLY,) * 5 + (_UNEVEN,) * 4


def stream(*keys: object) -> Random:
    """A source of chance that always gives the same for the same keys."""
    return Random("/".join(str(key) for key in (_SEED, *keys)))


def months_until(today: date) -> list[date]:
    """The first days of the months of the history, the running one last."""
    first = today.replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        first = (first - timedelta(days=1)).replace(day=1)
        found.insert(0, first)
    return found


def last_day(first: date) -> date:
    """The last day of a month."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def absences_of(number: int, today: date) -> list[tuple[date, date]]:
    """A coordinator's weeks off, first and last day: some of the past months, and for a few the week that comes."""
    chance = stream("absence", number)
    found = []
    for first in months_until(today)[:-1]:
        if chance.random() < 0.22:
            start = first + timedelta(days=chance.randrange(3, 20))
            start -= timedelta(days=start.weekday())
            found.append((start, start + timedelta(days=chance.choice((4, 4, 9, 11)))))
    if number % 6 == 1:
        start = today + timedelta(days=7 - today.weekday())
        found.append((start, start + timedelta(days=4)))
    return _apart(found)


def _apart(weeks: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Weeks that touch an earlier one are left out."""
    kept: list[tuple[date, date]] = []
    for one in weeks:
        if not kept or one[0] > kept[-1][1] + timedelta(days=1):
            kept.append(one)
    return kept


def weighed_days(number: int, first: date, today: date) -> tuple[list[date], list[float]]:
    """The days of a month on which a coordinator works, and how much of the month's work falls on each."""
    away = absences_of(number, today)
    all_days = [first + timedelta(days=at) for at in range(last_day(first).day)]
    days = [
        day for day in all_days if day.weekday() < 5 and not any(start <= day <= end for start, end in away)
    ]
    return days, list(_weights(number, first, days))


def _weights(number: int, first: date, days: list[date]) -> Iterator[float]:
    kind = _KINDS[number * 7 % COORDINATORS]
    weeks = stream("weeks", number, first)
    uneven = [weeks.choice((0.3, 0.7, 1.0, 1.8)) for _ in range(6)]
    for day in days:
        x = (day.day - 1) / 30
        if kind == _LATE:
            yield 0.45 + 1.5 * x * x
        elif kind == _EARLY:
            yield 1.5 - x
        elif kind == _UNEVEN:
            yield uneven[day.day // 7]
        else:
            yield 1.0


def care_taken(number: int) -> float:
    """How often this coordinator's patients are missed, against the average: 0.4 to 1.9."""
    return 0.4 + 1.5 * stream("care", number).random() ** 1.6
