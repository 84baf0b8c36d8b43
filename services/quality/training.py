"""Training that audits show to be needed: who is under the target in what, and what was planned and done about it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session
from domain.quality.accuracy import TARGET
from domain.quality.checklist import CATEGORY_WORDS, Category
from domain.refusals import Conflict, FieldError, Invalid
from domain.work import checked_comment
from policies.permissions import Permission
from services import door
from services.quality.trends import needs_of
from services.quality.views import RateView
from services.tenancy.actors import holders

NOTE = "qa_training.note"
# The newest plan of each person and category: open, or done last.
_PLANS = """
SELECT DISTINCT ON (t.employee_id, t.category) t.*, u.name FROM qa_training t JOIN users u ON u.id = t.employee_id
WHERE t.tenant_id = current_tenant() ORDER BY t.employee_id, t.category, t.id DESC
"""


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """Who is to be trained in which category by which day; the note is kept encrypted."""

    employee_id: UUID
    category: str
    due_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """One person and category: the share of claims without an error, if audits show a need, and the newest plan.

    `state` is needed, planned or done; `sure` when even the upper end of the interval is below the target.
    """

    employee_id: UUID
    name: str
    category: str
    label: str
    right: RateView | None
    sure: bool
    state: str
    training_id: UUID | None = None
    due_on: date | None = None
    done_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TrainingList:
    """What is needed, planned and done; `target` is the share of claims without an error that is asked for."""

    target: float
    months: int
    lines: list[TrainingLine]


@door.query(Permission.AUDITS_PLAN)
async def list_training(
    session: Session, months: int = 12, target_percent: int = int(TARGET * 100)
) -> TrainingList:
    """Who needs training in what, with what was planned; a plan stays in the list until audits show no need any more."""
    needs = {(one.employee_id, one.category): one for one in await needs_of(session, months, target_percent)}
    plans = {(row["employee_id"], row["category"]): row for row in await session.fetch(_PLANS)}
    key = await session.key()
    lines = [
        _line(who, needs.get(who), plans.get(who), key)
        for who in {**needs, **{who: None for who, row in plans.items() if row["done_on"] is None}}
    ]
    order = {"needed": 0, "planned": 1, "done": 2}
    lines.sort(key=lambda one: (order[one.state], not one.sure, one.name, one.category))
    return TrainingList(target_percent / 100, months, lines)


@door.command(Permission.AUDITS_PLAN)
async def plan_training(session: Session, facts: TrainingFacts) -> UUID:
    """Plan training for somebody; refused while one for the same category is open."""
    today = await _today(session)
    faults = []
    if facts.category not in set(Category):
        faults.append(FieldError("category", "category.unknown", f"Choose one of: {', '.join(Category)}."))
    if facts.due_on < today:
        faults.append(FieldError("due_on", "due_on.past", "Choose today or a later day."))
    if facts.employee_id not in await holders(session, set()):
        faults.append(FieldError("employee_id", "employee_id.unknown", "Choose somebody who works here."))
    if faults:
        raise Invalid(
            "training.unusable", "The training cannot be planned so.", faults[0].message, fields=tuple(faults)
        )
    note = checked_comment(facts.note, field="note")
    open_one = await session.value(
        "SELECT id FROM qa_training WHERE employee_id = $1 AND category = $2 AND done_on IS NULL",
        facts.employee_id,
        facts.category,
    )
    if open_one:
        raise Conflict(
            "training.planned", "This is planned already.", "Mark that one as done, then plan the next."
        )
    planned: UUID = await session.value(
        "INSERT INTO qa_training (tenant_id, employee_id, category, due_on, note, planned_by)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        session.tenant_id,
        facts.employee_id,
        facts.category,
        facts.due_on,
        (await session.key()).seal(NOTE, note.encode()) if note else None,
        session.actor.user_id,
    )
    return planned


@door.command(Permission.AUDITS_PLAN, of="qa_training")
async def finish_training(session: Session, training_id: UUID) -> None:
    """Mark planned training as done today; doing it again changes nothing."""
    await session.execute(
        "UPDATE qa_training SET done_on = $2, done_by = $3 WHERE id = $1 AND done_on IS NULL",
        training_id,
        await _today(session),
        session.actor.user_id,
    )


def _line(who: tuple[UUID, str], need: Any, plan: Any, key: Any) -> TrainingLine:
    state = "needed" if plan is None else "planned" if plan["done_on"] is None else "done"
    return TrainingLine(
        who[0],
        need.name if need else plan["name"],
        who[1],
        CATEGORY_WORDS[Category(who[1])],
        need.right if need else None,
        bool(need and need.sure),
        state,
        plan and plan["id"],
        plan and plan["due_on"],
        plan and plan["done_on"],
        key.open(NOTE, plan["note"]).decode() if plan and plan["note"] else "",
    )


async def _today(session: Session) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(session.actor.time_zone)).date()
