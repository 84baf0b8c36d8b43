"""What the services of approvals answer with."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.approvals.limits import WORDS, LimitKind
from domain.approvals.process import KIND_WORDS, STAGES, State


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """A row of the list. `waits_with` is whose desk it lies on; empty: everybody's who may decide."""

    id: UUID
    reference: str
    kind: str
    kind_label: str
    summary: str
    amount_cents: int | None
    state: str
    state_label: str
    tone: str
    requester_id: UUID
    requester_name: str
    waits_with: str
    level: int
    levels: int
    due_at: datetime | None
    created_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApprovalWord:
    """What somebody decided on one level."""

    level: int
    approved: bool
    by: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApprovalEventView:
    """What happened to the approval."""

    at: datetime
    kind: str
    actor_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """An approval. `may` holds approve and refuse for whoever may decide now, withdraw for the asker.

    `excluded` are names of those who must not decide; `on_its_way`: decided, and its process has not heard of it yet.
    """

    id: UUID
    version: int
    line: ApprovalLine
    subject_type: str
    subject_id: UUID
    work_item_id: UUID | None
    reason: str
    excluded: list[str]
    words: list[ApprovalWord]
    end_reason: str
    withdrawn_reason: str
    on_its_way: bool
    events: list[ApprovalEventView]
    diagram: str
    may: list[str]


@dataclass(frozen=True, slots=True)
class LimitView:
    """Up to where nobody needs to be asked, from a day: cents, or items of a move. `own`: nobody has set it."""

    kind: str
    kind_label: str
    effective_from: date | None
    free_up_to: int
    second_from: int | None
    set_by: str
    in_force: bool

    @property
    def money(self) -> bool:
        """Whether the figures are cents."""
        return self.kind != LimitKind.REASSIGNMENT


def line_of(row: Any) -> ApprovalLine:
    """A row of the list."""
    stage = STAGES[State(row["state"])]
    return ApprovalLine(
        row["id"], row["reference"], row["kind"], KIND_WORDS[row["kind"]], row["summary"], row["amount_cents"],
        row["state"], stage.label, stage.tone, row["requester_id"], row["requester_name"], row["waits_with"] or "",
        row["level"], row["levels"], row["due_at"], row["created_at"], row["decided_at"],
    )  # fmt: skip


def limit_view(kind: LimitKind, row: Any, in_force: bool) -> LimitView:
    """A dated row."""
    return LimitView(
        kind.value, WORDS[kind], row["effective_from"], row["free_up_to"], row["second_from"], row["set_by"], in_force
    )  # fmt: skip
