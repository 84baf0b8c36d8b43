"""What the close of a month says to its activities and to the processes of its patients: ids, enums, counts and times."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from activities.claims.messages import Decided
from domain.care.closing import Outcome, Step


@dataclass(frozen=True, slots=True)
class MonthInput:
    """Starts `CareMonthEnd`. What follows `revision` is set when a run goes on as a new one: the last patient begun, how
    many were done, decisions not yet carried out, and patients not yet computed again."""

    tenant_id: UUID
    month_id: UUID
    revision: int
    frozen: bool = False
    computed: bool = False
    after: UUID | None = None
    done: int = 0
    decisions: list[Decided] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CloseAsked:
    """Signal `close_asked`, with which a close is started: to this revision."""

    tenant_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class MonthReopened:
    """Signal `reopened`: this revision is over, its time can be changed again."""

    tenant_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class MonthTask:
    """An activity's input about a month as a whole."""

    tenant_id: UUID
    month_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class PortionTask:
    """The next patients of a month, after the one named; `done` of them have been computed."""

    tenant_id: UUID
    month_id: UUID
    revision: int
    after: UUID | None = None
    done: int = 0


@dataclass(frozen=True, slots=True)
class PatientPortion:
    """Patients' months to compute now; none: all were begun."""

    patient_month_ids: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """Where a month stands. `overtaken`: the revision asked about is no longer the one that counts."""

    step: Step
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class PatientInput:
    """Starts `CarePatientMonth`, is what each of its activities is given, and is the signal `patient_changed` to the month.
    With `insist` an activity fails instead of asking to be run again, so that it is tried until it can be done."""

    tenant_id: UUID
    patient_month_id: UUID
    insist: bool = False


@dataclass(frozen=True, slots=True)
class PatientStanding:
    """What a patient's month has come to. `claims` when a claim is to be made, corrected or taken back; `again` when the
    claim is being reopened and must be asked for once more."""

    outcome: Outcome
    claims: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class ExceptionTask:
    """Somebody decided on an exception from the queue."""

    tenant_id: UUID
    month_id: UUID
    revision: int
    work_item_id: UUID
    decision: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ExceptionDecided:
    """The patient's month that is to be computed again; None when the decision came too late."""

    patient_month_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ScheduledCloseInput:
    """Starts `ScheduledClose`."""

    tenant_id: UUID


@dataclass(frozen=True, slots=True)
class ScheduledCloseTask:
    """Close the month whose turn has come; `now` is the workflow's own time."""

    tenant_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class ScheduledCloseStanding:
    """The month whose close was begun; with `not_before` it still runs somewhere until then, so ask again."""

    month_id: UUID | None = None
    not_before: datetime | None = None
