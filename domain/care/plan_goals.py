"""How far a goal has come: figures compared with where they began and where they should be."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.care.plan import Aim, Goal, GoalEnd

_FIGURE = re.compile(r"-?\d{1,6}(?:\.\d{1,4})?(?:/\d{1,6}(?:\.\d{1,4})?)?")


class Course(StrEnum):
    """Where a goal stands."""

    MET = "met"
    CLOSER = "closer"
    NOT_CLOSER = "not_closer"
    OVERDUE = "overdue"
    UNMEASURED = "unmeasured"
    GIVEN_UP = "given_up"


COURSES: dict[Course, tuple[str, str]] = {
    Course.MET: ("met", "ok"),
    Course.CLOSER: ("closer", "info"),
    Course.NOT_CLOSER: ("not closer", "warn"),
    Course.OVERDUE: ("day has passed", "bad"),
    Course.UNMEASURED: ("not measured yet", "neutral"),
    Course.GIVEN_UP: ("given up", "neutral"),
}
"""The words and the tone of each."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a goal stands; `share` is the per cent of the way gone, 0 to 100, None without a start to reckon from."""

    course: Course
    share: int | None = None


def figures(text: str) -> tuple[Decimal, ...]:
    """The number of a measurement, or both of `130/80`; empty when it is none."""
    bare = text.replace(",", "").replace("%", "").strip()
    return tuple(Decimal(part) for part in bare.split("/")) if _FIGURE.fullmatch(bare) else ()


def progress(goal: Goal, today: date) -> Progress:
    """How far a goal has come by a day."""
    if goal.end == GoalEnd.GIVEN_UP:
        return Progress(Course.GIVEN_UP)
    latest, target = figures(goal.latest), figures(goal.target)
    comparable = len(latest) == len(target) > 0
    if goal.end == GoalEnd.MET or (comparable and _reached(latest, target, goal.aim)):
        return Progress(Course.MET, 100)
    share = _share(figures(goal.start), latest, target) if comparable else None
    if goal.by is not None and goal.by < today:
        return Progress(Course.OVERDUE, share)
    if not comparable:
        return Progress(Course.UNMEASURED)
    return Progress(Course.CLOSER if share else Course.NOT_CLOSER, share)


def _reached(latest: tuple[Decimal, ...], target: tuple[Decimal, ...], aim: str) -> bool:
    pairs = zip(latest, target, strict=True)
    return all(now >= goal if aim == Aim.AT_LEAST else now <= goal for now, goal in pairs)


def _share(
    start: tuple[Decimal, ...], latest: tuple[Decimal, ...], target: tuple[Decimal, ...]
) -> int | None:
    """The part of the way that is behind, of two figures the lesser; below 100 as long as the target is not reached."""
    if len(start) != len(target) or any(one == end for one, end in zip(start, target, strict=True)):
        return None
    gone = [(one - now) / (one - end) for one, now, end in zip(start, latest, target, strict=True)]
    return max(0, min(99, int(min(gone) * 100)))
