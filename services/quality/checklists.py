"""Checklists: a tenant's own rows, each from a day on; without one the default asks."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session
from domain.quality.checklist import (
    DEFAULT,
    Category,
    Question,
    Severity,
    checked,
    question_from,
    stored_question,
)
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
    """Every version of every checklist, the newest first, and the default. Of each name the newest that has begun is in force."""
    rows = await session.fetch("SELECT * FROM audit_checklists ORDER BY effective_from DESC, id DESC")
    today = await _today(session)
    now: dict[str, UUID] = {}
    for row in rows:
        if row["effective_from"] <= today:
            now.setdefault(row["name"], row["id"])
    default = ChecklistView(None, DEFAULT_NAME, None, not now, [_view(one) for one in DEFAULT])
    return [*(_checklist(row, now.get(row["name"])) for row in rows), default]


@door.command(Permission.AUDITS_PLAN)
async def add_checklist(session: Session, facts: ChecklistFacts) -> ChecklistView:
    """Set a checklist from a day on: a version of the one of that name, or a new one. Those before stay as they were."""
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
        json.dumps([stored_question(one) for one in questions]),
        session.actor.user_id,
    )
    return _checklist(row, row["id"] if facts.effective_from <= await _today(session) else None)


async def in_force(session: Session, name: str = "") -> tuple[str, tuple[Question, ...]]:
    """The name and the questions that hold today: of the checklist of that name, else of the newest."""
    row = await session.row(
        "SELECT * FROM audit_checklists WHERE effective_from <= $1 AND ($2 = '' OR name = $2)"
        " ORDER BY effective_from DESC, id DESC LIMIT 1",
        await _today(session),
        name,
    )
    if row is not None:
        return row["name"], tuple(question_from(one) for one in json.loads(row["questions"]))
    if name not in ("", DEFAULT_NAME):
        fault = FieldError("checklist", "checklist.unknown", "Choose a checklist that is in force.")
        raise Invalid("checklist.unknown", "There is no such checklist.", fault.message, fields=(fault,))
    return DEFAULT_NAME, DEFAULT


async def _today(session: Session) -> date:
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id)
    return datetime.now(ZoneInfo(zone)).date()


def _question(number: int, one: QuestionView) -> Question:
    if one.category not in set(Category):
        fault = FieldError(
            f"questions.{number}.category", "category.unknown", f"Choose one of: {', '.join(Category)}."
        )
        raise Invalid("checklist.category", "There is no such category.", fault.message, fields=(fault,))
    if one.severity not in set(Severity):
        fault = FieldError(
            f"questions.{number}.severity", "severity.unknown", f"Choose one of: {', '.join(Severity)}."
        )
        raise Invalid("checklist.severity", "There is no such severity.", fault.message, fields=(fault,))
    return Question(
        one.key.strip(), one.text.strip(), Category(one.category), one.weight, Severity(one.severity)
    )


def _view(one: Question) -> QuestionView:
    return QuestionView(one.key, one.text, one.category.value, one.weight, one.severity.value)


def _checklist(row: Any, now: UUID | None) -> ChecklistView:
    questions = [QuestionView(**one) for one in json.loads(row["questions"])]
    return ChecklistView(row["id"], row["name"], row["effective_from"], row["id"] == now, questions)
