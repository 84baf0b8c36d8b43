"""What the manager's view shows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DayMinutes:
    """Counted seconds of a day."""

    day: date
    seconds: int


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target in force: whose it is in words (a name, a team, or everybody), from when, and what should be reached."""

    whose: str
    since: date
    minutes: int
    reached_percent: int


@dataclass(frozen=True, slots=True)
class CoordinatorLine:
    """One coordinator's month. `counted_seconds` is what this person spent and counts, whoever the patient belongs to;
    `patients`, `reached` and `missing_seconds` are those of the own roster. Hours are None where nobody entered them.

    `reckoned` says how the load came about.
    """

    user_id: UUID
    name: str
    team_id: UUID | None
    team_name: str
    patients: int
    by_minutes: int
    reached: int
    counted_seconds: int
    missing_seconds: int
    available_seconds: int | None
    left_seconds: int | None
    load: str
    load_label: str
    tone: str
    share: float | None
    reckoned: str
    target: TargetView | None


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team's month: the sum of its coordinators. Without an id: those of no team."""

    team_id: UUID | None
    name: str
    people: int
    patients: int
    by_minutes: int
    reached: int
    counted_seconds: int
    missing_seconds: int
    target: TargetView | None


@dataclass(frozen=True, slots=True)
class HeavyPatient:
    """A patient who takes more than their share (PHI); `reckoned` says against what."""

    enrolment_id: UUID
    patient_name: str
    account_number: str
    programme: str
    coordinator_id: UUID | None
    coordinator_name: str
    counted_seconds: int
    threshold_seconds: int
    times_threshold: float
    peers: int
    peers_median_seconds: int
    times_peers: float
    reckoned: str


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """A month of the whole company (PHI). `unassigned` patients are on nobody's roster."""

    month: date
    made_at: datetime
    patients: int
    by_minutes: int
    reached: int
    unassigned: int
    counted_seconds: int
    missing_seconds: int
    days: list[DayMinutes]
    teams: list[TeamLine]
    coordinators: list[CoordinatorLine]
    heavy: list[HeavyPatient]


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """A time entry behind a figure (PHI). `counted_seconds` is what of it counts in the month that was asked for."""

    id: UUID
    enrolment_id: UUID
    patient_name: str
    account_number: str
    staff_id: UUID
    staff_name: str
    activity_label: str
    starts_at: datetime
    zone: str
    seconds: int
    counted_seconds: int
    source: str
    source_label: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """An item of care past its time: whose it is, when it was escalated, and the names of those who were told then."""

    item_id: UUID
    kind: str
    kind_label: str
    title: str
    due_at: datetime
    owner_name: str
    escalated_at: datetime | None
    told: list[str]
    enrolment_id: UUID | None


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One dated row of the targets; never changed, the one set later from the same day counts."""

    id: UUID
    whose: str
    user_id: UUID | None
    team_id: UUID | None
    since: date
    minutes: int
    reached_percent: int
    set_by_name: str
    set_at: datetime
