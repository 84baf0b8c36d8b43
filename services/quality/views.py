"""What the services of quality answer with."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.quality.accuracy import Accuracy, Counted, MoneyRate, accuracy
from domain.quality.process import OUTCOME_WORDS, STAGES, State
from domain.rates import Rate

FEEDBACK = "qa_audits.feedback"
DISPUTE = "qa_audits.dispute"
DECISION = "qa_audits.decision_comment"
CANCELLED = "qa_audits.cancelled_reason"
DESCRIPTION = "qa_findings.description"
CORRECTIVE = "qa_findings.corrective_action"


@dataclass(frozen=True, slots=True)
class RateView:
    """A share with its 95 % interval (Wilson). Nothing to rate: everything None. Of money, part and whole are cents."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Accuracies:
    """The three accuracies: of codes, of claims, of the money charged."""

    codes: RateView
    claims: RateView
    money: RateView


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A row of the list. `reviewed` of `sample` claims have their review."""

    id: UUID
    reference: str
    state: str
    state_label: str
    tone: str
    outcome: str
    outcome_label: str
    outcome_tone: str
    employee_id: UUID
    employee_name: str
    auditor_id: UUID
    auditor_name: str
    period_from: date
    period_to: date
    sample: int
    reviewed: int
    accuracies: Accuracies
    due_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question of a checklist: `category` is coding, claim or financial, `weight` 1 to 10; `severity` is what a finding
    begins with."""

    key: str
    text: str
    category: str
    weight: int = 1
    severity: str = "minor"


@dataclass(frozen=True, slots=True)
class SampledClaim:
    """A claim of the sample. Its figures are there once it is reviewed."""

    id: UUID
    ordinal: int
    claim_id: UUID
    reference: str
    payer_name: str
    stratum: str
    charge_cents: int
    second: bool
    reviewed: bool
    second_reviewed: bool
    findings: int
    cents_wrong: int


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding. One of a second reviewer (`reader` second) is told for comparison and counts nowhere."""

    id: UUID
    audit_id: UUID
    audit_reference: str
    audit_claim_id: UUID
    claim_id: UUID
    claim_reference: str
    employee_name: str
    reader: str
    question: str
    category: str
    severity: str
    field: str
    description: str
    corrective_action: str
    cents: int
    withdrawn: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEventView:
    """What happened to the audit."""

    at: datetime
    kind: str
    actor_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class AgreementView:
    """How far the two reviewers agree. `kappa` is None where there is nothing to judge by."""

    pairs: int
    same: int
    kappa: float | None
    words: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """An audit. `may` are the facts that the asker may tell now."""

    id: UUID
    version: int
    line: AuditLine
    waits_for: str
    method: str
    method_label: str
    size: int | None
    rate_percent: int | None
    seed: int
    population: int
    own_work: int
    second_reviewer_id: UUID | None
    second_reviewer_name: str
    second_percent: int
    checklist_name: str
    questions: list[QuestionView]
    claims: list[SampledClaim]
    findings: list[FindingLine]
    score_met: int
    score_whole: int
    agreement: AgreementView | None
    feedback: str
    dispute: str
    decision_comment: str
    cancelled_reason: str
    decided_by_name: str
    events: list[AuditEventView]
    diagram: str
    may: list[str]


def rate_view(rate: Rate) -> RateView:
    """A share of a count."""
    return RateView(rate.part, rate.whole, rate.share, rate.low, rate.high)


def money_view(rate: MoneyRate) -> RateView:
    """A share of money."""
    low, high = rate.interval or (None, None)
    return RateView(rate.right_cents, rate.cents, rate.share, low, high)


def accuracies_of(counted: Counted) -> Accuracies:
    """The three accuracies of what was counted."""
    found: Accuracy = accuracy(counted)
    return Accuracies(rate_view(found.codes), rate_view(found.claims), money_view(found.money))


def counted_of(row: Any) -> Counted:
    """Counts of a row that sums `qa_audit_claims`."""
    return Counted(*(int(row[name] or 0) for name in Counted.__slots__))  # type: ignore[attr-defined]


def audit_line(row: Any) -> AuditLine:
    """A row of the list."""
    stage = STAGES[State(row["state"])]
    label, tone = OUTCOME_WORDS.get(row["outcome"], ("", "neutral"))
    return AuditLine(
        row["id"], row["reference"], row["state"], stage.label, stage.tone, row["outcome"], label, tone,
        row["employee_id"], row["employee_name"], row["auditor_id"], row["auditor_name"],
        row["period_from"], row["period_to"], row["sample"], row["claims"] or 0, accuracies_of(counted_of(row)),
        row["due_at"], row["created_at"],
    )  # fmt: skip
