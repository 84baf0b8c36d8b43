"""What pages and programs see of denials and appeals. Money is cents."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.denials.appeal import LABELS, OUTCOME_WORDS, TONES, Outcome, Stage
from domain.denials.classes import ROUTE_WORDS, Route, label_of
from domain.denials.status import WORDS, DenialStatus


@dataclass(frozen=True, slots=True)
class DenialLine:
    """A row of the list: one payment that was denied, wholly or in part. `deadline` is that of the recommended way."""

    id: UUID
    claim_id: UUID
    reference: str
    class_code: str
    class_label: str
    preventable: bool
    payer_id: UUID
    payer_name: str
    codes: list[str]
    warnings: list[str]
    amount_cents: int
    decided_on: date
    deadline: date
    appeal_by: date
    file_by: date
    route: str
    route_label: str
    priority: int
    status: str
    status_label: str
    tone: str


@dataclass(frozen=True, slots=True)
class DenialCodeView:
    """One adjustment that denies. `line_ordinal` None: the claim as a whole. `code_row` empty: no row knew the code."""

    line_ordinal: int | None
    code: str
    remarks: list[str]
    amount_cents: int
    class_code: str
    class_label: str
    preventable: bool
    code_row: str


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the checklist. `number` counts from 0."""

    number: int
    words: str
    done: bool
    done_by_name: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class DenialView:
    """A denial with its codes, its checklist, and the appeal that is open against it."""

    id: UUID
    line: DenialLine
    codes: list[DenialCodeView]
    steps: list[StepView]
    playbook: str
    appeal_id: UUID | None


@dataclass(frozen=True, slots=True)
class AppealLine:
    """A row of the list. `due` is the window's last day while it is ours to act, the payer's day afterwards."""

    id: UUID
    claim_id: UUID
    reference: str
    payer_id: UUID
    payer_name: str
    class_code: str
    class_label: str
    stage: str
    stage_label: str
    tone: str
    level: int
    level_label: str
    amount_cents: int
    recovered_cents: int
    outcome: str
    outcome_label: str
    outcome_tone: str
    due: date | None
    opened_at: datetime
    closed_at: datetime | None
    opened_by_name: str


@dataclass(frozen=True, slots=True)
class AppealEventView:
    """One entry of an appeal's timeline."""

    at: datetime
    level: int
    kind: str
    actor_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class LetterVersion:
    """One letter as it was made."""

    version: int
    level: int
    document_id: UUID
    made_by_name: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LevelOutcome:
    """What one level came to."""

    level: int
    level_label: str
    outcome: str
    outcome_label: str
    tone: str
    recovered_cents: int
    sent_on: date | None
    decided_on: date


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal (PHI: what people wrote). `events_possible` are the facts that may be told now."""

    id: UUID
    version: int
    line: AppealLine
    denial_id: UUID
    decided_on: date
    window_day: date
    answer_by: datetime | None
    approval_needed: bool
    approved_by_name: str
    sent_on: date | None
    channel: str
    tracking: str
    acknowledged_on: date | None
    argument: str
    attachments: list[str]
    events: list[AppealEventView]
    letters: list[LetterVersion]
    outcomes: list[LevelOutcome]
    diagram: str
    events_possible: list[str]


def status_words(status: str) -> tuple[str, str]:
    """The label and tone of a denial's status."""
    return WORDS[DenialStatus(status)]


def outcome_words(outcome: str) -> tuple[str, str]:
    """The label and tone of an appeal's outcome; empty while there is none."""
    return OUTCOME_WORDS[Outcome(outcome)] if outcome else ("", "neutral")


def denial_line(row: Any) -> DenialLine:
    """A row of the list's query."""
    label, tone = status_words(row["status"])
    return DenialLine(
        id=row["id"],
        claim_id=row["claim_id"],
        reference=row["reference"],
        class_code=row["class_code"],
        class_label=label_of(row["class_code"]),
        preventable=row["preventable"],
        payer_id=row["payer_id"],
        payer_name=row["payer_name"],
        codes=list(row["codes"]),
        warnings=list(row["warnings"]),
        amount_cents=row["amount_cents"],
        decided_on=row["decided_on"],
        deadline=row["deadline"],
        appeal_by=row["appeal_by"],
        file_by=row["file_by"],
        route=row["route"],
        route_label=ROUTE_WORDS[Route(row["route"])],
        priority=row["priority"],
        status=row["status"],
        status_label=label,
        tone=tone,
    )


def appeal_line(row: Any) -> AppealLine:
    """A row of the list's query."""
    stage = Stage(row["stage"])
    label, tone = outcome_words(row["outcome"])
    return AppealLine(
        id=row["id"],
        claim_id=row["claim_id"],
        reference=row["reference"],
        payer_id=row["payer_id"],
        payer_name=row["payer_name"],
        class_code=row["class_code"],
        class_label=label_of(row["class_code"]),
        stage=stage.value,
        stage_label=LABELS[stage],
        tone=TONES[stage],
        level=row["level"],
        level_label=row["level_label"],
        amount_cents=row["amount_cents"],
        recovered_cents=row["recovered_cents"],
        outcome=row["outcome"],
        outcome_label=label,
        outcome_tone=tone,
        due=_due(stage, row),
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        opened_by_name=row["opened_by_name"] or "",
    )


def _due(stage: Stage, row: Any) -> date | None:
    if stage is Stage.CLOSED:
        return None
    if stage in (Stage.SENT, Stage.ACKNOWLEDGED):
        answer_by: datetime | None = row["answer_by"]
        return answer_by.date() if answer_by else None
    window: date = row["window_day"]
    return window
