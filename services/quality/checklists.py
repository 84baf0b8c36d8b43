"""Checklists: a tenant's own rows, each from a day on; without one the default asks."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session
from domain.quality.checklist import DEFAULT, Category, Question, checked
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.quality.views import QuestionView

DEFAULT_NAME = "Default checklist"


@dataclass(frozen=True, slots=True)
class ChecklistFacts:
    """A checklist that holds from a day on. Audits keep the questions that they were planned with."""

    name: str
    effective_from: date
    questions: list[QuestionView]


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """A checklist. `id` None: the default, until a row of the tenant begins."""

    id: UUID | None
    name: str
    effective_from: date | None
    in_force: bool
    questions: list[QuestionView]


@door.query(Permission.CLAIMS_VIEW)
async def list_checklists(session: Session) -> list[ChecklistView]:
    """Every checklist ever set, the newest first, and the default."""
    rows = await session.fetch("SELECT * FROM audit_checklists ORDER BY effective_from DESC, id DESC")
    today = await _today(session)
    begun = [row["id"] for row in rows if row["effective_from"] <= today]
    now = begun[0] if begun else None
    default = ChecklistView(None, DEFAULT_NAME, None, now is None, [_view(one) for one in DEFAULT])
    return [*(_checklist(row, now) for row in rows), default]


@door.command(Permission.AUDITS_PLAN)
async def add_checklist(session: Session, facts: ChecklistFacts) -> ChecklistView:
    """Set the checklist from a day on; the ones before stay as they were."""
    name = facts.name.strip()
    if not 1 <= len(name) <= 80 or "\0" in name:
        fault = FieldError("name", "name.unusable", "Give it a name of at most 80 characters.")
        raise Invalid("checklist.name", "The checklist cannot be kept so.", fault.message, fields=(fault,))
    questions = checked([_question(number, one) for number, one in enumerate(facts.questions, 1)])
    row = await session.row(
        "INSERT INTO audit_checklists (tenant_id, name, effective_from, questions, created_by)"
        " VALUES ($1, $2, $3, $4, $5) RETURNING *",
        session.tenant_id,
        name,
        facts.effective_from,
        json.dumps(
            [{"key": q.key, "text": q.text, "category": q.category, "weight": q.weight} for q in questions]
        ),
        session.actor.user_id,
    )
    return _checklist(row, row["id"] if facts.effective_from <= await _today(session) else None)


async def in_force(session: Session) -> tuple[str, tuple[Question, ...]]:
    """The name and the questions that hold today."""
    row = await session.row(
        "SELECT * FROM audit_checklists WHERE effective_from <= $1 ORDER BY effective_from DESC, id DESC LIMIT 1",
        await _today(session),
    )
    if row is None:
        return DEFAULT_NAME, DEFAULT
    listed = json.loads(row["questions"])
    return row["name"], tuple(
        Question(one["key"], one["text"], Category(one["category"]), one["weight"]) for one in listed
    )


async def _today(session: Session) -> date:
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id)
    return datetime.now(ZoneInfo(zone)).date()


def _question(number: int, one: QuestionView) -> Question:
    if one.category not in set(Category):
        fault = FieldError(
            f"questions.{number}.category", "category.unknown", f"Choose one of: {', '.join(Category)}."
        )
        raise Invalid("checklist.category", "There is no such category.", fault.message, fields=(fault,))
    return Question(one.key.strip(), one.text.strip(), Category(one.category), one.weight)


def _view(one: Question) -> QuestionView:
    return QuestionView(one.key, one.text, one.category.value, one.weight)


def _checklist(row: Any, now: UUID | None) -> ChecklistView:
    questions = [QuestionView(**one) for one in json.loads(row["questions"])]
    return ChecklistView(row["id"], row["name"], row["effective_from"], row["id"] == now, questions)
