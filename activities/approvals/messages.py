"""What an approval's workflow and its activities say to each other: ids, enums and moments, never free text."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.approvals.process import State


@dataclass(frozen=True, slots=True)
class ApprovalInput:
    """Starts `Approval`. What is asked is stored already."""

    tenant_id: UUID
    approval_id: UUID


@dataclass(frozen=True, slots=True)
class ApprovalPosition:
    """Where the approval stands after an activity: who must not decide now, and when it goes to the next manager."""

    state: State
    excluded: list[UUID]
    ring_at: datetime | None = None
    effect: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalDecided:
    """Update `decided`: the work item of this approval was completed; its comment stays with the item."""

    tenant_id: UUID
    work_item_id: UUID
    decision: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ApprovalNeedless:
    """Update `needless`: `event` is withdrawn (the asker took it back) or overtaken, with the code of why."""

    tenant_id: UUID
    request_id: UUID
    event: str
    code: str = ""
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ApprovalTask:
    """What every activity of an approval is given. `now` is the workflow's own time: clocks and judgement use one."""

    tenant_id: UUID
    approval_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class ApprovalDecisionTask:
    """An activity's input: take a decision into the approval."""

    tenant_id: UUID
    approval_id: UUID
    now: datetime
    decided: ApprovalDecided


@dataclass(frozen=True, slots=True)
class ApprovalNeedlessTask:
    """An activity's input: end an approval that nobody needs any more."""

    tenant_id: UUID
    approval_id: UUID
    now: datetime
    needless: ApprovalNeedless
