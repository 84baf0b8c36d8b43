"""What is shown of processes: a line of the list, one with its diagram, and its technical history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.process_model import Process, draw
from domain.processes import PROCESSES
from domain.work_places import place_of
from policies.permissions import Permission

# Who may see the processes of a kind; of those not named here, who manages incidents.
PERMISSIONS: dict[str, Permission] = {
    "claim": Permission.CLAIMS_VIEW,
    "appeal": Permission.CLAIMS_VIEW,
    "batch": Permission.EDI_VIEW,
    "file": Permission.EDI_VIEW,
    "poll": Permission.EDI_VIEW,
    "look": Permission.EDI_VIEW,
    "watch": Permission.CLAIMS_VIEW,
    "enrolment": Permission.ENROLMENTS_VIEW,
    "trial": Permission.CONNECTIONS_VIEW,
    "audit": Permission.AUDITS_PLAN,
    "statements": Permission.BALANCES_VIEW,
    "deposits": Permission.DEPOSITS_VIEW,
    "bulk": Permission.WORK_ASSIGN,
    "sheet": Permission.CARE_MANAGE,
    "simulation": Permission.RULES_VIEW,
    "onboarding": Permission.TENANT_VIEW,
    "learning": Permission.REPORTS_VIEW_ALL,
    "approval": Permission.APPROVALS_DECIDE,
    "float_assignment": Permission.FLOAT_MANAGE,
    "care_enrolment": Permission.CARE_VIEW,
    "care_move": Permission.CARE_MANAGE,
    "care_optimisation": Permission.CARE_MANAGE,
    "forecast": Permission.CARE_VIEW,
    "care_month": Permission.CARE_BILLING,
    "care_patient_month": Permission.CARE_BILLING,
    "care_close": Permission.CARE_BILLING,
}
STATE_WORDS = {"running": "Under way", "ended": "Ended", "stuck": "Stuck"}


def permission_of(kind: str) -> Permission:
    """What a person must hold to see processes of this kind."""
    return PERMISSIONS.get(kind, Permission.INCIDENTS_MANAGE)


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """One process in the list. `state` is running, ended or stuck; `step_failed` when it stands where something failed."""

    kind: str
    kind_label: str
    id: UUID
    reference: str
    step: str
    step_label: str
    step_failed: bool
    waits_for: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline: when, who, and what in a sentence. `tone` is ok, warn, bad or empty."""

    at: datetime
    who: str
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open work of the process: whose it is (empty: nobody's yet) and by when it is due."""

    id: UUID
    kind: str
    title: str
    owner: str
    due_at: datetime
    follow_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """What keeps this process from going on."""

    id: UUID
    words: str
    attempts: int
    last_failed_at: datetime


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A process: where it stands drawn as Mermaid text, what happened, who is waited for, and what keeps it."""

    line: ProcessLine
    diagram: str
    timeline: list[Moment]
    waiting: list[Waiting]
    incidents: list[OpenIncident]
    subject_type: str
    href: str


@dataclass(frozen=True, slots=True)
class PendingActivity:
    """An activity that the process waits for just now; `next_attempt_at` None: it runs."""

    name: str
    attempt: int
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class TechnicalEvent:
    """One event as the process server recorded it: its number, its kind, and the name of what it is about."""

    number: int
    what: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TechnicalView:
    """A process as the process server knows it, newest event first. `known` is False once it has been forgotten there."""

    workflow_id: str
    known: bool
    status: str
    run_id: str
    started_at: datetime | None
    closed_at: datetime | None
    events: int
    pending: list[PendingActivity]
    history: list[TechnicalEvent]


def process_line(row: Any) -> ProcessLine:
    """A row of `database.process_reads` as it is listed."""
    process = PROCESSES[row["kind"]]
    step = process.step(row["step"])
    ended = row["step"] in process.ends
    return ProcessLine(
        process.kind,
        process.name,
        row["id"],
        row["reference"],
        row["step"],
        step.label if step else row["step"].replace("_", " ").capitalize(),
        row["step"] in process.failures,
        step.waits_for if step and not ended else "",
        "stuck" if row["stuck"] and not ended else "ended" if ended else "running",
        row["started_at"],
        row["ended_at"] if ended else None,
    )


def diagram_of(process: Process, row: Any) -> str:
    """The drawing of one instance."""
    return draw(process, row["step"], row["visited"])


def page_of(kind: str, identifier: UUID) -> str:
    """The page of the record; empty where it has none."""
    return place_of("connection" if kind == "poll" else kind, identifier)


def process_place(subject_type: str, subject_id: UUID | None) -> tuple[str, Permission] | None:
    """The page of the process of what a work item is about, and what opening it asks for; None where it is no process."""
    if subject_type not in PROCESSES or subject_id is None:
        return None
    return f"/processes/{subject_type}/{subject_id}", permission_of(subject_type)
