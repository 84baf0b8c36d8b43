"""A care plan between its sealed row and what is shown of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from database.care_plans import BODY, WHY
from database.care_reads import SAID, practice_of
from database.crypto import TenantKey
from database.session import Session
from domain.care.enrolment import CONSENTED, Event, Step, plan_overdue
from domain.care.entries import Programme
from domain.care.plan import HANDED, CarePlan, plan_of
from domain.care.plan_changes import Difference
from domain.care.plan_checks import element_of, gaps
from domain.care.plan_goals import COURSES, progress

SELECT = "SELECT p.* FROM care_plans p WHERE p.tenant_id = current_tenant()"
MOST_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One stored version, without its content. It holds from `in_force_on`, the day stored or one before that. `why` says
    why it was made (PHI); `restores` which one it brings back."""

    version: int
    complete: bool
    stored_on: date
    in_force_on: date
    review_on: date | None
    stored_by_name: str
    stored_at: datetime
    why: str
    restores: int | None


@dataclass(frozen=True, slots=True)
class PlanGap:
    """Something that a plan lacks to be complete, at its field."""

    field: str
    code: str
    message: str
    element: str


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """How far the goal of this number (from 1) has come; `share` is per cent of the way, None when it cannot be said."""

    number: int
    course: str
    label: str
    tone: str
    share: int | None


@dataclass(frozen=True, slots=True)
class CopyGiven:
    """When and how the patient's copy of a version was handed over, and to whom (PHI)."""

    version: int
    how: str
    how_label: str
    on: date
    given_to: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanView:
    """A version of a plan with what it lacks today (PHI). `version` 0: there is none yet. `in_force` is the version that
    holds, 0 without any; `newest` the one that a next one revises. `today` and `contact_line` are the practice's."""

    enrolment_id: UUID
    version: int
    newest: int
    in_force: int
    complete: bool
    plan: CarePlan
    gaps: list[PlanGap]
    progress: list[GoalProgress]
    versions: list[PlanVersion]
    given: list[CopyGiven]
    due_on: date | None
    review_on: date | None
    overdue: str
    today: date
    writable: bool
    contact_line: str


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """One element in both versions, as lines of words."""

    element: str
    label: str
    before: list[str]
    after: list[str]
    changed: bool


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """Two versions side by side (PHI)."""

    before: PlanVersion
    after: PlanVersion
    differences: list[PlanDifference]


async def last(session: Session, enrolment_id: UUID) -> Any:
    """The row of the newest version, or None."""
    return await session.row(
        f"{SELECT} AND p.enrolment_id = $1 ORDER BY p.version DESC LIMIT 1", enrolment_id
    )


async def shown(session: Session, row: Any, version: int | None) -> PlanView:
    """The plan of an enrolment, a row of `scope.ROW`: the newest version or the one asked for, which is there."""
    rows = await session.fetch(
        f"{SELECT} AND p.enrolment_id = $1 ORDER BY p.version DESC LIMIT {MOST_VERSIONS}", row["id"]
    )
    chosen = next((one for one in rows if version in (None, one["version"])), None)
    key = await session.key()
    plan = plan_of(key.open_json(BODY, chosen["body"])) if chosen else CarePlan()
    holding = next((one["version"] for one in rows if one["complete"]), rows[0]["version"] if rows else 0)
    today = row["today_there"]
    return PlanView(
        row["id"],
        chosen["version"] if chosen else 0,
        rows[0]["version"] if rows else 0,
        holding,
        bool(chosen and chosen["complete"]),
        plan,
        [PlanGap(one.field, one.code, one.message, element_of(one.field)) for one in gaps_of(plan, row)],
        [_progress(number, goal, today) for number, goal in enumerate(plan.goals, 1)],
        [line_of(key, one) for one in rows],
        await _given(session, row["id"]),
        row["plan_due_on"],
        row["review_on"],
        plan_overdue(Step(row["step"]), row["plan_due_on"], row["review_on"], today),
        today,
        Step(row["step"]) in CONSENTED,
        (await practice_of(session, row["client_id"])).contact_line,
    )


def gaps_of(plan: CarePlan, row: Any) -> Any:
    """What a plan lacks today, for the programme of the enrolment."""
    return gaps(plan, Programme(row["programme"]), row["today_there"])


def line_of(key: TenantKey, row: Any) -> PlanVersion:
    """A row of SELECT as a line."""
    same = ("version", "complete", "stored_on", "review_on", "stored_by_name", "stored_at", "restores")
    why = key.open(WHY, row["why"]).decode() if row["why"] else ""
    since = row["in_force_on"] or row["stored_on"]
    return PlanVersion(**{name: row[name] for name in same}, in_force_on=since, why=why)


def difference_of(one: Difference) -> PlanDifference:
    """A difference as it is shown."""
    return PlanDifference(one.element, one.label, list(one.before), list(one.after), one.changed)


def _progress(number: int, goal: Any, today: date) -> GoalProgress:
    found = progress(goal, today)
    label, tone = COURSES[found.course]
    return GoalProgress(number, found.course.value, label, tone, found.share)


async def _given(session: Session, enrolment_id: UUID) -> list[CopyGiven]:
    """Every handing over of a copy, the newest first."""
    rows = await session.fetch(
        "SELECT said, actor_name, at FROM care_enrolment_events WHERE enrolment_id = $1 AND event = $2"
        " ORDER BY id DESC LIMIT 50",
        enrolment_id,
        Event.COPY_GIVEN.value,
    )
    key = await session.key()
    found = []
    for row in rows:
        said = key.open_json(SAID, row["said"])
        how, on = said["how"], date.fromisoformat(said["on"])
        found.append(
            CopyGiven(
                said["version"], how, HANDED[how], on, said.get("given_to", ""), row["actor_name"], row["at"]
            )
        )
    return found
