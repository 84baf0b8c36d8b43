"""What enrolments, with payers and in care, say to their activities: ids, words of their tables and times."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EnrolmentInput:
    """Starts `PayerEnrolment` or `ProgrammeEnrolment`."""

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
    """At which step of its own table an enrolment stands. `refused`: a fact no longer fitted, for somebody was faster."""

    step: str
    alarm_at: datetime | None = None
    refused: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen: the last step has one name in every table."""
        return self.step == "ended"
