"""What pages and programs see of a claim, and what they hand in."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from activities.claims.creating import LineDraft
from services.claims.institutional_views import InstitutionalDraft


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """The facts of a claim as entered. Wrong codes are stored as typed, so that scrubbing can show them. With `facts` the
    claim is institutional (837I): its lines and diagnoses are there, and what only an 837P carries stays empty. `custom`
    are values of the tenant's own fields by code to set with it; they are read at the claim itself."""

    client_id: UUID
    patient_id: UUID
    coverage_id: UUID
    lines: tuple[LineDraft, ...] = ()
    diagnoses: tuple[str, ...] = ()
    rendering_id: UUID | None = None
    rendering_npi: str = ""
    referring_npi: str = ""
    referring_name: str = ""
    place_of_service: str = "11"
    prior_authorization: str = ""
    accident: str = ""
    accident_date: date | None = None
    accident_state: str = ""
    onset_date: date | None = None
    accepts_assignment: bool = True
    facts: InstitutionalDraft | None = None
    custom: dict[str, Any] | None = None

    @property
    def form(self) -> str:
        """Which 837 carries the claim: professional or institutional."""
        return "institutional" if self.facts else "professional"

    @property
    def charge_cents(self) -> int:
        """The sum of the lines, in cents."""
        return sum(line.charge_cents for line in (self.facts.lines if self.facts else self.lines))

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of service: those of the statement for an institutional claim."""
        if self.facts:
            return self.facts.statement_from, self.facts.statement_to
        return min(line.service_from for line in self.lines), max(line.service_to for line in self.lines)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A row of the claims list."""

    id: UUID
    reference: str
    form: str
    claim_number: str
    status: str
    status_label: str
    tone: str
    client_name: str
    payer_name: str
    patient_name: str
    service_from: date
    charge_cents: int
    paid_cents: int
    balance_cents: int
    updated_at: datetime
    owner_name: str
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FindingView:
    """A scrubbing finding at its field."""

    rule_id: str
    severity: str
    field: str
    message: str
    citation: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """One submission version of a claim: `rank` is the order of the payer asked (P, S, T), `forwarded` that the payer
    before passed the claim on, `withdrawn_at` that it was stored too late to be sent."""

    version: int
    frequency: str
    claim_number: str
    charge_cents: int
    created_at: datetime
    submitted_at: datetime | None
    payer_claim_control_number: str
    rank: str
    payer_name: str
    forwarded: bool
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ActivityView:
    """One touch of the claim."""

    at: datetime
    kind: str
    actor_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class AcknowledgementView:
    """One partner's word on the claim."""

    at: datetime
    kind: str
    sender: str
    verdict: str
    category: str
    status_code: str
    payer_claim_control_number: str
    version: int
    file_id: UUID


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """One CAS triple; `line` is the ordinal of the remittance's line, None at claim level."""

    line: int | None
    group_code: str
    reason_code: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class AdjudicationView:
    """One CLP about this claim."""

    id: UUID
    remittance_id: UUID
    trace: str
    payment_date: date | None
    status_code: str
    outcome: str
    charge_cents: int
    paid_cents: int
    patient_cents: int
    adjustments: list[AdjustmentView]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry of the claim's double-entry ledger."""

    account: str
    amount_cents: int
    posted_at: datetime
    posting_id: UUID


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Everything about one claim. `version` is the ETag, `current_version` the submission version shown as `draft`. `rank`
    is the order of the payer asked now; `next_payer_reason` says why the one after it cannot be billed, "" when it can."""

    id: UUID
    reference: str
    form: str
    version: int
    status: str
    status_label: str
    tone: str
    step: str
    waiting_for: str
    next_action: str
    next_action_label: str
    held_reason: str
    correction: str
    correction_reason: str
    client_id: UUID
    client_name: str
    payer_id: UUID
    payer_name: str
    patient_id: UUID
    patient_name: str
    coverage_id: UUID
    member_id: str
    rendering_name: str
    practitioners: dict[str, str]
    current_version: int
    frequency: str
    claim_number: str
    payer_claim_control_number: str
    draft: ClaimDraft
    findings: list[FindingView]
    versions: list[VersionView]
    charge_cents: int
    paid_cents: int
    adjusted_cents: int
    patient_cents: int
    balance_cents: int
    ack_999: str | None
    ack_clearinghouse: str | None
    ack_payer: str | None
    outcome: str
    activities: list[ActivityView]
    acknowledgements: list[AcknowledgementView]
    adjudications: list[AdjudicationView]
    ledger: list[LedgerLine]
    diagram: str
    service_from: date
    service_to: date
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None
    closed_reason: str
    rank: str
    next_payer_name: str
    next_payer_reason: str
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An ICD-10-CM code with its description."""

    code: str
    description: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row of a bulk command; `code` is empty when it was done."""

    id: UUID
    done: bool
    code: str = ""
    reason: str = ""
