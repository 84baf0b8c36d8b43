"""What stands against a care plan: what cannot be kept at all, and what it lacks to be complete."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from domain.care.entries import Programme
from domain.care.plan import (
    AIMS,
    ELEMENTS,
    GOAL_ENDS,
    PROGNOSES,
    TEXTS,
    CarePlan,
    Goal,
    GoalEnd,
    Intervention,
    Problem,
)
from domain.care.plan_goals import figures
from domain.codes import icd10cm
from domain.refusals import FieldError

R = TypeVar("R", Problem, Goal, Intervention)
LONGEST_TEXT = 4000
LONGEST_CELL = 300
MOST_ROWS = 40
# A plan is looked over once a year at the latest: the annual revision is part of what is paid for.
REVIEW_WITHIN = timedelta(days=366)
GOAL_WITHIN = timedelta(days=3 * 366)
_CHRONIC = {Programme.CCM: 2, Programme.PCM: 1, Programme.APCM: 0}


def tidied(plan: CarePlan) -> CarePlan:
    """The plan without blanks around its texts and without rows in which nothing was typed; codes as claims store them."""
    texts: dict[str, Any] = {name: getattr(plan, name).strip() for name in TEXTS}
    return replace(
        plan,
        problems=tuple(replace(one, code=icd10cm.plain(one.code)) for one in _kept(plan.problems)),
        goals=_kept(plan.goals),
        interventions=_kept(plan.interventions),
        **texts,
    )


def _kept(rows: tuple[R, ...]) -> tuple[R, ...]:
    """Rows in which something was typed; a choice that always stands somewhere is not typing."""
    stripped = [_stripped(row) for row in rows]
    return tuple(row for row in stripped if any(getattr(row, name) for name in _typed(row)))


def _stripped(row: R) -> R:
    texts: dict[str, Any] = {name: getattr(row, name).strip() for name in _texts(row)}
    return replace(row, **texts)


def _texts(row: Problem | Goal | Intervention) -> list[str]:
    return [part.name for part in fields(row) if isinstance(getattr(row, part.name), str)]


def _typed(row: Problem | Goal | Intervention) -> list[str]:
    return [part.name for part in fields(row) if part.name not in ("aim", "chronic", "end")]


def faults_of(plan: CarePlan) -> tuple[FieldError, ...]:
    """What no version may carry: codes that do not exist, choices that are none, texts beyond all measure."""
    return tuple(_faults(plan))


def _faults(plan: CarePlan) -> Iterator[FieldError]:
    if plan.prognosis and plan.prognosis not in PROGNOSES:
        yield FieldError("prognosis", "prognosis.unknown", f"Choose one of: {', '.join(PROGNOSES)}.")
    for name in TEXTS:
        yield from _too_long(name, getattr(plan, name), LONGEST_TEXT)
    yield from _cells("problems", plan.problems)
    yield from _cells("goals", plan.goals)
    yield from _cells("interventions", plan.interventions)
    yield from _codes(plan.problems)
    for number, goal in enumerate(plan.goals, 1):
        if goal.aim not in AIMS:
            yield FieldError(f"goals.{number}.aim", "aim.unknown", f"Choose one of: {', '.join(AIMS)}.")
        if goal.end not in GOAL_ENDS:
            yield FieldError(f"goals.{number}.end", "end.unknown", "Choose open, met or given up.")


def _cells(name: str, rows: Sequence[Problem | Goal | Intervention]) -> Iterator[FieldError]:
    if len(rows) > MOST_ROWS:
        yield FieldError(name, "rows.too_many", f"Keep it to {MOST_ROWS} rows.")
    for number, row in enumerate(rows, 1):
        for part in _texts(row):
            yield from _too_long(f"{name}.{number}.{part}", getattr(row, part), LONGEST_CELL)


def _codes(problems: Sequence[Problem]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for number, problem in enumerate(problems, 1):
        where = f"problems.{number}.code"
        if not icd10cm.is_valid(problem.code):
            yield FieldError(where, "code.unknown", "Choose an ICD-10-CM code that exists.")
        elif problem.code in seen:
            yield FieldError(where, "code.twice", "This code stands above already.")
        seen.add(problem.code)


def _too_long(name: str, text: str, longest: int) -> Iterator[FieldError]:
    if len(text) > longest or "\0" in text:
        yield FieldError(name, "text.too_long", f"Use at most {longest} characters of plain text.")


def gaps(plan: CarePlan, programme: Programme, today: date) -> tuple[FieldError, ...]:
    """What is missing or cannot be measured; a plan without gaps is complete."""
    return (*_missing(plan, programme), *_goals(plan.goals, today), *_review(plan.review_on, today))


def _missing(plan: CarePlan, programme: Programme) -> Iterator[FieldError]:
    chronic, least = sum(one.chronic for one in plan.problems), _CHRONIC[programme]
    if not plan.problems:
        yield FieldError("problems", "problems.missing", "List the conditions that the plan is for.")
    elif chronic < least:
        words = (
            f"{programme.value.upper()} asks for {least} chronic condition{'s' if least > 1 else ''} or more."
        )
        yield FieldError("problems", "problems.too_few", words)
    if not plan.prognosis:
        yield FieldError("prognosis", "prognosis.missing", "Choose what is expected.")
    for name in TEXTS:
        if not getattr(plan, name):
            words = "Say what was found or agreed; “none” is an answer too."
            yield FieldError(name, f"{name}.missing", words)
    if not plan.interventions:
        yield FieldError("interventions", "interventions.missing", "List what will be done.")
    for number, one in enumerate(plan.interventions, 1):
        if not one.words:
            yield FieldError(f"interventions.{number}.words", "words.missing", "Say what will be done.")
        if not one.responsible:
            words = "Say who is responsible for it."
            yield FieldError(f"interventions.{number}.responsible", "responsible.missing", words)


def _goals(goals: Sequence[Goal], today: date) -> Iterator[FieldError]:
    if not goals:
        yield FieldError("goals", "goals.missing", "Agree on one goal at least.")
    for number, goal in enumerate(goals, 1):
        where = f"goals.{number}"
        if not goal.words:
            yield FieldError(f"{where}.words", "words.missing", "Say what is to be reached.")
        if not goal.measure:
            yield FieldError(f"{where}.measure", "measure.missing", "Say what is measured.")
        if not figures(goal.target):
            words = (
                "Enter a figure, such as 7.0 or 130/80: without one nobody can tell whether it was reached."
            )
            yield FieldError(f"{where}.target", "target.unmeasurable", words)
        for name in ("start", "latest"):
            if getattr(goal, name) and not figures(getattr(goal, name)):
                yield FieldError(f"{where}.{name}", f"{name}.unmeasurable", "Enter a figure.")
        yield from _goal_days(where, goal, today)


def _goal_days(where: str, goal: Goal, today: date) -> Iterator[FieldError]:
    if goal.by is None:
        yield FieldError(f"{where}.by", "by.missing", "Say by when.")
    elif goal.by > today + GOAL_WITHIN:
        yield FieldError(f"{where}.by", "by.too_far", "Choose a day within three years.")
    elif goal.by < today and goal.end == GoalEnd.OPEN:
        words = "This day has passed: choose another, or close the goal as met or given up."
        yield FieldError(f"{where}.by", "by.past", words)
    if goal.latest and (goal.measured_on is None or goal.measured_on > today):
        yield FieldError(f"{where}.measured_on", "measured_on.missing", "Say on which day it was measured.")


def _review(review_on: date | None, today: date) -> Iterator[FieldError]:
    if review_on is None:
        yield FieldError("review_on", "review_on.missing", "Say when the plan is looked over again.")
    elif review_on <= today:
        yield FieldError("review_on", "review_on.past", "Choose a day to come.")
    elif review_on > today + REVIEW_WITHIN:
        yield FieldError("review_on", "review_on.too_far", "Look the plan over once a year at the least.")


def element_of(field: str) -> str:
    """The element that a field belongs to, in words."""
    return ELEMENTS[field.partition(".")[0]]
