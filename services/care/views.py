"""What care management shows: enrolments, time entries, and a month with its reasons."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from database.clientele_phi import open_person
from database.crypto import TenantKey
from domain.care.activities import PROGRAMMES
from domain.care.enrolment import TRANSITIONS, WORDS, Step, plan_overdue, possible_events
from domain.care.entries import Programme
from services.clientele.patient_rows import full_name


@dataclass(frozen=True, slots=True)
class OutreachStanding:
    """Where the attempts stand: the last one, how many in vain since somebody was reached, and when to try again."""

    last_at: datetime | None
    last_label: str
    tone: str
    in_vain: int
    reached_at: datetime | None
    due_on: date
    due: bool


@dataclass(frozen=True, slots=True)
class CareLine:
    """One patient in one programme, as a roster shows it (PHI). Seconds are those of the running month."""

    id: UUID
    reference: str
    patient_id: UUID
    patient_name: str
    account_number: str
    client_id: UUID
    client_name: str
    programme: str
    programme_label: str
    step: str
    step_label: str
    tone: str
    coordinator_id: UUID | None
    coordinator_name: str
    counted_seconds: int = 0
    plan_overdue: str = ""  # what is overdue of the care plan, in words
    short_seconds: int | None = None  # until the nearest base code; None: reached, or no code by minutes
    outreach: OutreachStanding | None = None
    open_tasks: int = 0
    overdue_tasks: int = 0


@dataclass(frozen=True, slots=True)
class CareNewsLine:
    """One fact of an enrolment's history; `step` is where it stood then, `said` what was said, by name."""

    at: datetime
    event: str
    step: str
    label: str
    actor_name: str
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CareChoice:
    """Something that can be told of an enrolment now."""

    event: str
    label: str


@dataclass(frozen=True, slots=True)
class CareView:
    """An enrolment with its history and what can be told now (PHI); `version` is its ETag."""

    id: UUID
    reference: str
    version: int
    patient_id: UUID
    patient_name: str
    account_number: str
    client_id: UUID
    client_name: str
    programme: str
    programme_label: str
    step: str
    step_label: str
    tone: str
    practitioner_id: UUID
    practitioner_name: str
    coordinator_id: UUID | None
    coordinator_name: str
    conditions: int
    complex_decisions: bool
    qmb: bool
    consented_on: date | None
    plan_due_on: date | None
    ends_on: date | None
    review_on: date | None = None
    plan_overdue: str = ""
    possible: list[CareChoice] = field(default_factory=list)
    history: list[CareNewsLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PieceView:
    """Seconds of an entry with one fate, and why."""

    seconds: int
    why: str
    words: str


@dataclass(frozen=True, slots=True)
class TimeView:
    """A time entry. `source` is live, manual or back_dated; `waiting` until a manager has decided on back-dated time."""

    id: UUID
    staff_id: UUID
    staff_name: str
    credential: str
    activity: str
    activity_label: str
    starts_at: datetime
    ends_at: datetime
    seconds: int
    source: str
    source_label: str
    note: str
    reason: str
    supersedes: UUID | None
    superseded: bool
    void: bool
    waiting: bool
    refused: bool
    pieces: list[PieceView] = field(default_factory=list)


def line_of(key: TenantKey, row: Any, counted: int = 0, short: int | None = None) -> CareLine:
    """A row of `scope.ROW` as a line."""
    return CareLine(**_shown(key, row), counted_seconds=counted, short_seconds=short)


def view_of(key: TenantKey, row: Any, history: list[CareNewsLine]) -> CareView:
    """A row of `scope.ROW` with its history, the newest first."""
    same = ("version", "practitioner_id", "practitioner_name", "conditions", "complex_decisions", "qmb")
    days = ("consented_on", "plan_due_on", "ends_on", "review_on")
    choices = [CareChoice(one.value, WORDS[one]) for one in possible_events(Step(row["step"]))]
    return CareView(
        **_shown(key, row),
        **{name: row[name] for name in (*same, *days)},
        possible=choices,
        history=history,
    )


def _shown(key: TenantKey, row: Any) -> dict[str, Any]:
    person, _ = open_person(key, row["person"])
    stage = TRANSITIONS[Step(row["step"])]
    same = (
        "id",
        "reference",
        "patient_id",
        "account_number",
        "client_id",
        "client_name",
        "programme",
        "step",
        "coordinator_id",
    )
    return {name: row[name] for name in same} | {
        "patient_name": full_name(person),
        "programme_label": PROGRAMMES[Programme(row["programme"])],
        "step_label": stage.label,
        "tone": stage.tone,
        "coordinator_name": row["coordinator_name"] or "",
        "plan_overdue": plan_overdue(
            Step(row["step"]), row["plan_due_on"], row["review_on"], row["today_there"]
        ),
    }
