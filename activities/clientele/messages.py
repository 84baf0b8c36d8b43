"""What enrolments and trials say to their activities: ids, enums and times."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.enrolments import Step


@dataclass(frozen=True, slots=True)
class EnrolmentInput:
    """Starts `PayerEnrolment`."""

    tenant_id: UUID
    enrolment_id: UUID


@dataclass(frozen=True, slots=True)
class Happened:
    """Update `happened`: a fact about the enrolment is stored under this id."""

    tenant_id: UUID
    event_id: UUID


@dataclass(frozen=True, slots=True)
class EventTask:
    """Apply one stored fact."""

    tenant_id: UUID
    enrolment_id: UUID
    event_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class LookTask:
    """Nothing happened until `now`, the workflow's own time."""

    tenant_id: UUID
    enrolment_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class DecisionTask:
    """A work item of the enrolment was completed."""

    tenant_id: UUID
    enrolment_id: UUID
    work_item_id: UUID
    decision: str
    now: datetime
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an enrolment stands. `refused` is set when a fact no longer fitted: somebody was faster."""

    step: Step
    alarm_at: datetime | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class TrialInput:
    """Starts `ConnectionTrial`."""

    tenant_id: UUID
    trial_id: UUID


@dataclass(frozen=True, slots=True)
class Again:
    """Update `again`: somebody mended what was wrong and says: try the step again. `end` gives the trial up."""

    tenant_id: UUID
    end: bool = False


@dataclass(frozen=True, slots=True)
class TrialFailed:
    """A step of a trial came to nothing for this reason; it waits for a person."""

    tenant_id: UUID
    trial_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look for a trial's answers found: `accepted`, `rejected` with a code, or neither yet."""

    accepted: bool = False
    code: str = ""
