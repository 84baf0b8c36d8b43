"""What is typed and shown of enrolments."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.enrolments import NEEDS, TRANSITIONS, WORDS, Event, Step, diagram, possible_events


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """Whom to enrol with which payer, and for which transaction: 837P, 837I, 835, 277CA or 270."""

    client_id: UUID
    payer_id: UUID
    transaction: str = "837P"


@dataclass(frozen=True, slots=True)
class Paper:
    """One form of the paperwork. `signer` is client, provider, us or nobody; `attachment` the name of its file."""

    name: str
    signer: str = "client"
    attachment: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class EnrolmentNews:
    """What happened to an enrolment: the event's code and what must be said with it (see `possible`)."""

    event: str
    on: date | None = None
    effective_from: date | None = None
    expires_on: date | None = None
    signed_by: str = ""
    channel: str = ""
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequirementFacts:
    """What a payer asks for from a day on. `measured_by` is submission or service: which day must be approved."""

    payer_id: UUID
    transaction: str
    effective_from: date
    required: bool = True
    measured_by: str = "submission"
    answer_days: int = 30
    reminder_days: int = 60
    paperwork: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RequirementView:
    """One dated row of what a payer asks for; the newest that has begun counts."""

    id: UUID
    payer_id: UUID
    payer_name: str
    transaction: str
    effective_from: date
    required: bool
    measured_by: str
    answer_days: int
    reminder_days: int
    paperwork: list[str]


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """An enrolment in a list. `alarm_at` is when somebody is reminded."""

    id: UUID
    client_id: UUID
    client_name: str
    payer_id: UUID
    payer_name: str
    transaction: str
    step: str
    step_label: str
    tone: str
    waits_for: str
    submitted_on: date | None
    effective_from: date | None
    expires_on: date | None
    alarm_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class EnrolmentEvent:
    """One fact of its history, `said` as name and value."""

    at: datetime
    event: str
    words: str
    actor_name: str
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class PossibleEvent:
    """Something that may be told now, with the names of what must and what may be said of it."""

    event: str
    words: str
    needed: list[str]
    optional: list[str]


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """An enrolment as its page shows it; `version` is its ETag."""

    id: UUID
    version: int
    client_id: UUID
    client_name: str
    payer_id: UUID
    payer_name: str
    transaction: str
    step: str
    step_label: str
    tone: str
    waits_for: str
    paperwork: list[Paper]
    signed_on: date | None
    signed_by: str
    submitted_on: date | None
    channel: str
    reference: str
    acknowledged_on: date | None
    effective_from: date | None
    expires_on: date | None
    reason: str
    submissions: int
    alarm_at: datetime | None
    created_at: datetime
    possible: list[PossibleEvent]
    history: list[EnrolmentEvent]
    diagram: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """How a client stands with a payer. Without a step nothing was begun; `required` says whether the payer asks."""

    client_id: UUID
    payer_id: UUID
    required: bool
    enrolment_id: UUID | None
    step: str
    step_label: str
    tone: str


@dataclass(frozen=True, slots=True)
class Named:
    """A row or column of the matrix."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class EnrolmentMatrix:
    """Clients by payers for one transaction. `more` when there are more clients or payers than shown."""

    transaction: str
    clients: list[Named]
    payers: list[Named]
    cells: list[MatrixCell]
    more: bool


def line_of(row: Any) -> EnrolmentLine:
    """The line of a row with its client's and payer's names."""
    stage = TRANSITIONS[Step(row["step"])]
    names = ("id", "client_id", "client_name", "payer_id", "payer_name", "transaction", "step", "submitted_on",
             "effective_from", "expires_on", "alarm_at", "updated_at")  # fmt: skip
    return EnrolmentLine(
        **{name: row[name] for name in names},
        step_label=stage.label,
        tone=stage.tone,
        waits_for=stage.waits_for,
    )


def view_of(row: Any, events: list[Any]) -> EnrolmentView:
    """The view of a row, with everything that was told of it, newest first."""
    step = Step(row["step"])
    stage = TRANSITIONS[step]
    names = ("id", "version", "client_id", "client_name", "payer_id", "payer_name", "transaction", "step", "signed_on",
             "signed_by", "submitted_on", "channel", "reference", "acknowledged_on", "effective_from", "expires_on",
             "reason", "submissions", "alarm_at", "created_at")  # fmt: skip
    return EnrolmentView(
        **{name: row[name] for name in names},
        step_label=stage.label,
        tone=stage.tone,
        waits_for=stage.waits_for,
        paperwork=papers_of(row["paperwork"]),
        possible=[_possible(event) for event in possible_events(step)],
        history=[_event(one) for one in events],
        diagram=diagram(step, [one["step"] for one in reversed(events)]),
    )


def papers_of(stored: str) -> list[Paper]:
    """The paperwork as stored."""
    return [Paper(**one) for one in json.loads(stored)]


def _possible(event: Event) -> PossibleEvent:
    needed, optional = NEEDS.get(event, ((), ()))
    return PossibleEvent(event.value, WORDS[event], list(needed), list(optional))


def _event(row: Any) -> EnrolmentEvent:
    event = Event(row["event"])
    said = {str(name): str(value) for name, value in json.loads(row["facts"]).items() if value}
    return EnrolmentEvent(row["at"], event.value, WORDS[event], row["actor_name"], said)
