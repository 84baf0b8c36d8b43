"""What the queue and an item's page show."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.crypto import TenantKey
from domain import work
from domain.tenancy import Actor

RETURN_COMMENT = "work_items.return_comment"
COMMENT = "work_items.comment"
_LABELS = {str(kind): rules.label for kind, rules in work.KINDS.items()}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One row of the queue. `priority` 1 is the most urgent; `returned` means somebody gave it back with a comment."""

    id: UUID
    kind: str
    kind_label: str
    title: str
    priority: int
    status: str
    due_at: datetime
    follow_up_at: datetime | None
    created_at: datetime
    owner_id: UUID | None
    owner_name: str
    returned: bool
    subject_type: str
    subject_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One way to finish an item."""

    code: str
    label: str
    hint: str
    needs_comment: bool


@dataclass(frozen=True, slots=True)
class WorkEvent:
    """One entry of an item's history."""

    at: datetime
    kind: str
    actor_name: str
    detail: str


@dataclass(frozen=True, slots=True)
class WorkView:
    """An item with everything about it. `actions` are those that the asker may take now, in menu order."""

    line: WorkLine
    detail: dict[str, Any]
    return_comment: str
    decision: str
    comment: str
    taken_at: datetime | None
    finished_at: datetime | None
    finished_by_name: str
    decisions: list[DecisionView]
    actions: list[str]
    history: list[WorkEvent]

    @property
    def id(self) -> UUID:
        """The item's id."""
        return self.line.id


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much waits, counted up to `most` only: `mine` of that many means `most` or more."""

    mine: int
    available: int
    asleep: int
    overdue: int
    most: int = 99


@dataclass(frozen=True, slots=True)
class AssignablePerson:
    """Somebody who may take an item, and how many items are in their hands (counted up to 99)."""

    user_id: UUID
    name: str
    open_items: int


def line_of(row: Sequence[Any]) -> WorkLine:
    """A row of the queue's query, whose columns stand in the order of the view's fields without `kind_label`."""
    identifier, kind, *rest = row[: len(WorkLine.__slots__) - 1]
    return WorkLine(identifier, kind, _LABELS[kind], *rest)


def view_of(row: Any, events: list[Any], actor: Actor, key: TenantKey) -> WorkView:
    """A whole item, as this actor may act on it, with its sealed comments opened."""
    line = line_of(row)
    holding = work.Holding(line.status, row["permission"], line.owner_id, line.owner_name)
    kind = work.Kind(line.kind)
    return WorkView(
        line=line,
        detail=json.loads(row["detail"]),
        return_comment=_opened(key, RETURN_COMMENT, row["return_comment"]),
        decision=row["decision"],
        comment=_opened(key, COMMENT, row["comment"]),
        taken_at=row["taken_at"],
        finished_at=row["finished_at"],
        finished_by_name=row["finished_by_name"] or "",
        decisions=[
            DecisionView(d.code, d.label, d.hint, d.needs_comment) for d in work.KINDS[kind].decisions
        ],
        actions=list(work.actions(holding, actor.user_id, actor.permissions)),
        history=[WorkEvent(e["at"], e["kind"], e["actor_name"], e["detail"]) for e in events],
    )


def sealed(key: TenantKey, column: str, text: str) -> bytes | None:
    """Free text as it is stored: sealed, and nothing at all when empty."""
    return key.seal(column, text.encode()) if text else None


def _opened(key: TenantKey, column: str, stored: bytes | None) -> str:
    return key.open(column, stored).decode() if stored else ""
