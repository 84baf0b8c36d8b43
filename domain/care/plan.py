"""A comprehensive care plan: every element that CMS asks of one, as data between the form, the sealed row and the print.

Elements: domain rules for CCM, PCM and APCM (problem list, expected outcome and prognosis, measurable goals, cognitive and
functional assessment, symptom management, interventions with who is responsible, medication management, environmental
evaluation, caregiver assessment, coordination with outside resources, periodic review).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any


class Prognosis(StrEnum):
    """What is expected of the course. Values are stored: never rename one."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    GUARDED = "guarded"
    POOR = "poor"


class Aim(StrEnum):
    """Which way a goal's figure should go. Values are stored: never rename one."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class GoalEnd(StrEnum):
    """How a goal was closed by hand. Values are stored: never rename one."""

    OPEN = ""
    MET = "met"
    GIVEN_UP = "given_up"


PROGNOSES: Mapping[str, str] = {one.value: one.value.capitalize() for one in Prognosis}
AIMS: Mapping[str, str] = {Aim.AT_MOST.value: "at most", Aim.AT_LEAST.value: "at least"}
GOAL_ENDS: Mapping[str, str] = {
    GoalEnd.OPEN.value: "Open",
    GoalEnd.MET.value: "Met",
    GoalEnd.GIVEN_UP.value: "Given up",
}
# How the patient's copy reached the patient.
HANDED: Mapping[str, str] = {
    "printed": "Printed and handed over",
    "mailed": "Mailed",
    "portal": "Through the patient portal",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the problem list, the most important first. `code` is ICD-10-CM without its point, as claims store it."""

    code: str
    words: str = ""
    chronic: bool = True


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached, in the patient's words, and how it is measured.

    Figures are text: a number, or two with a slash as in 130/80. `aim` says whether the target is a most or a least.
    """

    words: str
    measure: str = ""
    unit: str = ""
    start: str = ""
    aim: str = Aim.AT_MOST.value
    target: str = ""
    by: date | None = None
    latest: str = ""
    measured_on: date | None = None
    end: str = GoalEnd.OPEN.value


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that is done, how often, and who is responsible for it."""

    words: str
    responsible: str = ""
    often: str = ""


@dataclass(frozen=True, slots=True)
class CarePlan:
    """One version of a plan (PHI throughout). Empty text and no rows: nothing was said of that element yet."""

    problems: tuple[Problem, ...] = ()
    prognosis: str = ""
    outcome: str = ""
    goals: tuple[Goal, ...] = ()
    cognitive: str = ""
    functional: str = ""
    symptoms: str = ""
    interventions: tuple[Intervention, ...] = ()
    medication: str = ""
    environment: str = ""
    caregiver: str = ""
    coordination: str = ""
    review_on: date | None = None


# In the order in which the form asks, the print shows and a comparison lists them.
ELEMENTS: Mapping[str, str] = {
    "problems": "Problem list",
    "prognosis": "Prognosis",
    "outcome": "Expected outcome",
    "goals": "Goals",
    "cognitive": "Cognitive assessment",
    "functional": "Functional assessment",
    "symptoms": "Symptom management",
    "interventions": "Planned interventions",
    "medication": "Medication management",
    "environment": "Environmental evaluation",
    "caregiver": "Caregiver assessment",
    "coordination": "Coordination with outside resources and providers",
    "review_on": "Next review",
}
# Elements that are told in free words.
TEXTS = (
    "outcome", "cognitive", "functional", "symptoms", "medication", "environment", "caregiver", "coordination"
)  # fmt: skip


def as_json(plan: CarePlan) -> dict[str, Any]:
    """The plan as it is sealed: days as ISO text."""
    return {name: _plain(value) for name, value in asdict(plan).items()}


def plan_of(body: Mapping[str, Any]) -> CarePlan:
    """What `as_json` made; fields that came later keep their default."""
    known = {one.name for one in fields(CarePlan)}
    plain = {name: value for name, value in body.items() if name in known}
    rows = {
        "problems": tuple(Problem(**one) for one in body.get("problems", ())),
        "goals": tuple(_goal(one) for one in body.get("goals", ())),
        "interventions": tuple(Intervention(**one) for one in body.get("interventions", ())),
    }
    return CarePlan(**{**plain, **rows, "review_on": _day(body.get("review_on"))})


def _goal(body: Mapping[str, Any]) -> Goal:
    days = {name: _day(body.get(name)) for name in ("by", "measured_on")}
    return Goal(**{**body, **days})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value
