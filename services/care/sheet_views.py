"""What a time sheet shows: its days, its entries, what two of them claim at once, and how it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SheetDay:
    """One day in seconds. `counted` are those of patient time that count for billing; `worked` counts none twice."""

    day: date
    patients: int
    other: int
    worked: int
    counted: int


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One entry that stands (PHI where `patient_name` is shown: of the asker's roster only). `source` tells how it came to be."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    seconds: int
    what: str
    enrolment_id: UUID | None
    reference: str
    patient_name: str
    source: str
    source_label: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class SheetConflict:
    """Seconds that one's own two entries both claim."""

    first_id: UUID
    second_id: UUID
    starts_at: datetime
    ends_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class SheetNews:
    """Something that happened to a sheet."""

    at: datetime
    kind: str
    actor_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A person's sheet of one period in a list; `id` is None while it was never submitted."""

    id: UUID | None
    user_id: UUID
    name: str
    starts_on: date
    ends_on: date
    worked: int
    patients: int
    state: str
    state_label: str
    tone: str
    submitted_at: datetime | None
    accepted_by: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """A person's week or month. `obstacle` says why it cannot be submitted now; empty: it can, by that person."""

    id: UUID | None
    user_id: UUID
    name: str
    span: str
    starts_on: date
    ends_on: date
    zone: str
    state: str
    state_label: str
    tone: str
    days: list[SheetDay]
    patients: int
    other: int
    worked: int
    counted: int
    conflicts: list[SheetConflict]
    entries: list[SheetEntry]
    submitted_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str
    approval_id: UUID | None
    comment: str
    obstacle: str
    news: list[SheetNews]
