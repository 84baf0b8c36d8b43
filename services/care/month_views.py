"""What the month-end shows: months, what their patients came to, and one patient's month with its revisions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month in the list: `id` None and `step` empty while nobody has begun to close it. `seconds_left` is by the pace
    measured so far, None where nothing runs or nothing is known. With `by_schedule` its close began by itself, at the word
    of whoever set the schedule."""

    key: str
    month: date
    id: UUID | None = None
    step: str = ""
    step_label: str = "Open"
    tone: str = "neutral"
    frozen: bool = False
    revision: int = 0
    total: int = 0
    done: int = 0
    seconds_left: int | None = None
    may_close: bool = False
    closes_from: datetime | None = None
    started_at: datetime | None = None
    started_by: str = ""
    by_schedule: bool = False
    closed_at: datetime | None = None
    approval_id: UUID | None = None
    approval_reference: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """Patients of one outcome, with their charges and counted seconds."""

    outcome: str
    label: str
    tone: str
    patients: int
    charge_cents: int
    seconds: int


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How many patients a finding or a warning names."""

    code: str
    label: str
    what_to_do: str
    patients: int


@dataclass(frozen=True, slots=True)
class MonthNews:
    """Something that happened to a month; `said` only for those who manage care."""

    at: datetime
    event: str
    label: str
    revision: int
    actor_name: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month with what its patients came to and what happened to it. `warnings` are billed and to be known."""

    line: MonthLine
    outcomes: list[OutcomeCount] = field(default_factory=list)
    findings: list[FindingCount] = field(default_factory=list)
    warnings: list[FindingCount] = field(default_factory=list)
    history: list[MonthNews] = field(default_factory=list)
    diagram: str = ""


@dataclass(frozen=True, slots=True)
class MonthClaimLine:
    """A claim that the month made: of one programme, under its practitioner of record. `taken_back`: nothing is left of
    it."""

    id: UUID
    reference: str
    programme: str
    practitioner_name: str
    taken_back: bool


@dataclass(frozen=True, slots=True)
class PatientMonthLine:
    """One patient's month in the list (PHI). `findings` are the codes of what stands against it, with their labels;
    `warnings` of what is billed all the same. There are as many claims as programmes were billed."""

    id: UUID
    patient_id: UUID
    patient_name: str
    account_number: str
    client_name: str
    enrolment_id: UUID | None
    outcome: str
    outcome_label: str
    tone: str
    seconds: int
    codes: list[str]
    charge_cents: int
    findings: list[str]
    finding_labels: list[str]
    warnings: list[str]
    warning_labels: list[str]
    packet_id: UUID | None
    claims: list[MonthClaimLine]
    work_item_id: UUID | None


@dataclass(frozen=True, slots=True)
class MonthCharge:
    """One line of a claim; `charge_cents` is that of all its units."""

    code: str
    units: int
    served_on: date
    charge_cents: int
    programme: str
    practitioner_name: str


@dataclass(frozen=True, slots=True)
class MonthFinding:
    """What stands against billing, what it says in full where there is more to say, and what to do."""

    code: str
    label: str
    words: str
    what_to_do: str
    may_stand: bool
    accepted: bool


@dataclass(frozen=True, slots=True)
class MonthRevision:
    """One close of the patient's month; `current` is the one that counts."""

    id: UUID
    revision: int
    outcome: str
    outcome_label: str
    tone: str
    charge_cents: int
    computed_at: datetime | None
    packet_id: UUID | None
    claims: list[MonthClaimLine]
    current: bool


@dataclass(frozen=True, slots=True)
class PatientMonthView:
    """One patient's month in full (PHI)."""

    line: PatientMonthLine
    month: date
    month_id: UUID
    month_step: str
    revision: int
    counted: dict[str, int]
    lines: list[MonthCharge]
    findings: list[MonthFinding]
    warnings: list[MonthFinding]
    revisions: list[MonthRevision]
    history: list[MonthNews]
    table_version: str
    entries: int
