"""What a float assignment's workflow and its activities say to each other: ids, enums and moments, never PHI."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.workforce.float_process import State


@dataclass(frozen=True, slots=True)
class FloatInput:
    """Starts `FloatAssignment`. The plan is stored already; the person is told so that nobody else accepts for them."""

    tenant_id: UUID
    assignment_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class FloatPosition:
    """Where the assignment stands after an activity, and when its next clock rings."""

    state: State
    ring_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FloatTold:
    """Update `happened`: a person tells a fact of `domain.workforce.float_process.Event`. What they wrote is stored
    already; `until` is the new end of an extended one."""

    tenant_id: UUID
    request_id: UUID
    event: str
    by: UUID | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfferDecided:
    """Update `decided`: the work item of the offer was completed; its comment stays with the item."""

    tenant_id: UUID
    work_item_id: UUID
    decision: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class FloatTask:
    """What every activity of an assignment is given. `now` is the workflow's own time: clocks and judgement use one."""

    tenant_id: UUID
    assignment_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class FloatToldTask:
    """An activity's input: take a fact into the assignment."""

    tenant_id: UUID
    assignment_id: UUID
    now: datetime
    fact: FloatTold


@dataclass(frozen=True, slots=True)
class OfferTask:
    """An activity's input: act on the answer to the offer."""

    tenant_id: UUID
    assignment_id: UUID
    now: datetime
    decided: OfferDecided
