"""What an audit's workflow and its activities say to each other: ids, enums and moments, never PHI."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.quality.process import State


@dataclass(frozen=True, slots=True)
class AuditInput:
    """Starts `QaAudit`. The plan is stored already; the people are told so that nobody decides on work of their own."""

    tenant_id: UUID
    audit_id: UUID
    employee_id: UUID
    auditor_id: UUID


@dataclass(frozen=True, slots=True)
class AuditPosition:
    """Where the audit stands after an activity, and when its next clock rings."""

    state: State
    ring_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditTold:
    """Update `happened`: a person tells a fact of `domain.quality.process.Event`. What they wrote is stored already."""

    tenant_id: UUID
    request_id: UUID
    event: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ItemDecided:
    """Update `decided`: a work item of this audit was completed; its comment stays with the item."""

    tenant_id: UUID
    work_item_id: UUID
    decision: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class AuditTask:
    """What every activity of an audit is given. `now` is the workflow's own time: clocks and judgement use one."""

    tenant_id: UUID
    audit_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class ToldTask:
    """An activity's input: take a fact into the audit."""

    tenant_id: UUID
    audit_id: UUID
    now: datetime
    fact: AuditTold


@dataclass(frozen=True, slots=True)
class ItemTask:
    """An activity's input: act on the decision of a work item."""

    tenant_id: UUID
    audit_id: UUID
    now: datetime
    decided: ItemDecided
