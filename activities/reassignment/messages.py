"""What the workflow of a move and its activities say to each other: ids, enums and moments, never free text."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.reassignment.process import State


@dataclass(frozen=True, slots=True)
class MoveInput:
    """Starts `Reassignment`. What moves to whom is stored already; `asks`: an approval is awaited first."""

    tenant_id: UUID
    reassignment_id: UUID
    asks: bool


@dataclass(frozen=True, slots=True)
class MovePosition:
    """Where the move stands after an activity, and when its next clock rings."""

    state: State
    ring_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MoveApproved:
    """Update `approved`: the approval was decided, or is not needed any more."""

    tenant_id: UUID
    reassignment_id: UUID
    approval_id: UUID
    approved: bool
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class MoveTold:
    """Update `happened`: a person tells a fact of `domain.reassignment.process.Event`. Their reason is stored already."""

    tenant_id: UUID
    request_id: UUID
    event: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class MoveTask:
    """What every activity of a move is given. `now` is the workflow's own time: clocks and judgement use one."""

    tenant_id: UUID
    reassignment_id: UUID
    now: datetime
    event: str = ""
    by: UUID | None = None
