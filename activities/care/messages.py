"""What enrolments in care say to their activities: ids, enums and times."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.care.enrolment import Step


@dataclass(frozen=True, slots=True)
class CareInput:
    """Starts `ProgrammeEnrolment`."""

    tenant_id: UUID
    enrolment_id: UUID


@dataclass(frozen=True, slots=True)
class CareFact:
    """Update `happened`: a fact about the enrolment is stored under this id."""

    tenant_id: UUID
    event_id: UUID


@dataclass(frozen=True, slots=True)
class CareFactTask:
    """Apply one stored fact."""

    tenant_id: UUID
    enrolment_id: UUID
    event_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class CareLookTask:
    """The alarm rang at `now`, the workflow's own time."""

    tenant_id: UUID
    enrolment_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class CareDecisionTask:
    """A work item of the enrolment was completed."""

    tenant_id: UUID
    enrolment_id: UUID
    work_item_id: UUID
    decision: str
    now: datetime
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class CareStanding:
    """Where an enrolment stands. `refused` is set when a fact no longer fitted: somebody was faster."""

    step: Step
    alarm_at: datetime | None = None
    refused: bool = False
