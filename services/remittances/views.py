"""What pages and programs see of remittances. Money is cents, signed as in the file."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.x12.code_words import CODE_WORDS

_STATUS = {
    "posted": ("Posted", "ok"),
    "quarantined": ("Quarantined", "bad"),
    "duplicate": ("Duplicate", "neutral"),
    "superseded": ("Replaced by a corrected file", "neutral"),
}
_OUTCOMES = {
    "paid": ("Paid", "ok"),
    "patient_responsibility": ("Patient owes", "warn"),
    "partially_denied": ("Partially denied", "warn"),
    "denied": ("Denied", "bad"),
    "reversed": ("Reversed", "warn"),
    "forwarded": ("Forwarded", "info"),
    "predetermination": ("Estimate only", "neutral"),
    "adjusted_to_zero": ("Adjusted to zero", "neutral"),
}
MATCHED_BY = {
    "": "Not matched",
    "claim_number": "Claim number",
    "claim_number_key": "Claim number, spelled differently",
    "claim_number_prefix": "Claim number, cut off, and the charge",
    "payer_claim_control_number": "Payer's claim control number",
    "patient": "Member id, name, day and charge",
    "person": "By a person",
}
ACCOUNTS = {
    "receivable": "Receivable",
    "revenue": "Charged",
    "cash": "Cash",
    "contractual": "Contractual",
    "written_off": "Written off",
    "patient": "Patient",
    "provider_level": "Provider level",
    "unmatched": "Unmatched",
    "interest": "Interest",
    "capitation": "Capitation",
}
LINE_MATCHED_BY = {
    "": "Not certain",
    "control_number": "Line control number",
    "procedure": "Procedure, day and charge",
    "order": "Alike, so in order",
    "charge": "Day and charge",
    "person": "By a person",
}
# What stands on each side of the equations, level by level.
TERMS = {
    "line": ("Charged (SVC02)", "Adjusted (CAS)", "Paid (SVC03)"),
    "claim": ("Charged (CLP03)", "Adjusted (CAS)", "Paid (CLP04)"),
    "transaction": ("Claims paid (CLP04)", "Provider level (PLB)", "Payment (BPR02)"),
}


@dataclass(frozen=True, slots=True)
class RemittanceLine:
    """A row of the list: one payment (ST) of one file. `unmatched_count` counts claims that still belong to nobody."""

    id: UUID
    file_id: UUID
    payer_name: str
    payer_identifier: str
    trace: str
    payee_npi: str
    payment_date: date | None
    payment_cents: int
    method: str
    method_label: str
    status: str
    status_label: str
    tone: str
    claim_count: int
    unmatched_count: int
    claims_paid_cents: int
    provider_adjustment_cents: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RemittanceAdjustment:
    """One CAS triple. `group_label` says who bears it."""

    group_code: str
    group_label: str
    reason_code: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One SVC. `claim_line` is the number of our line when REF*6R named it."""

    ordinal: int
    procedure: str
    modifiers: list[str]
    charge_cents: int
    paid_cents: int
    control_number: str
    claim_line: int | None
    matched_by: str
    matched_by_label: str
    match_confidence: int
    remarks: list[str]
    adjustments: list[RemittanceAdjustment]


@dataclass(frozen=True, slots=True)
class RemittanceClaim:
    """One CLP with its lines; `adjustments` are those at claim level. `claim_number` is CLP01 as the payer sent it."""

    id: UUID
    ordinal: int
    claim_id: UUID | None
    reference: str
    claim_number: str
    matched_by: str
    matched_by_label: str
    match_confidence: int
    disposition: str
    status_code: str
    status_code_label: str
    outcome: str
    outcome_label: str
    tone: str
    charge_cents: int
    adjusted_cents: int
    paid_cents: int
    patient_cents: int
    interest_cents: int
    payer_claim_control_number: str
    remarks: list[str]
    adjustments: list[RemittanceAdjustment]
    lines: list[ServiceLine]


@dataclass(frozen=True, slots=True)
class ProviderAdjustmentView:
    """One PLB pair: a positive amount lowers the payment."""

    ordinal: int
    reason_code: str
    reason_label: str
    reference: str
    amount_cents: int
    account: str
    account_label: str
    balance_id: UUID | None


@dataclass(frozen=True, slots=True)
class EquationView:
    """One balance with its sums: `left_cents` − `less_cents` = `right_cents` over `count` lines, claims or payments.

    `failing` counts those that do not hold by themselves; the sums may agree although single ones do not.
    """

    level: str
    left_label: str
    less_label: str
    right_label: str
    count: int
    left_cents: int
    less_cents: int
    right_cents: int
    difference_cents: int
    failing: int
    holds: bool


@dataclass(frozen=True, slots=True)
class ProofFinding:
    """One equation that does not hold, as the posting found it: `claim_ordinal` counts CLP, 0 is the payment itself."""

    rule: str
    level: str
    severity: str
    equation: str
    expected_cents: int
    stated_cents: int
    difference_cents: int
    claim_ordinal: int
    line_ordinal: int
    segment_number: int


@dataclass(frozen=True, slots=True)
class ProofView:
    """The balances of a remittance. `finding_count` may exceed the findings listed."""

    balanced: bool
    equations: list[EquationView]
    findings: list[ProofFinding]
    finding_count: int


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """Who let a payment out of quarantine, and what its parts do not explain: that waits on the account `unmatched`."""

    by: str
    at: datetime
    difference_cents: int


@dataclass(frozen=True, slots=True)
class RemittanceView:
    """A remittance with a page of its claims; `next` is the cursor of the following page. A quarantined or duplicate
    one has no claims here: nothing of it was posted."""

    line: RemittanceLine
    file_id: UUID
    file_name: str
    proof: ProofView
    provider_adjustments: list[ProviderAdjustmentView]
    claims: list[RemittanceClaim]
    superseded_by: UUID | None = None
    released: "ReleaseView | None" = None
    next: str | None = None

    @property
    def id(self) -> UUID:
        """The remittance's id."""
        return self.line.id


@dataclass(frozen=True, slots=True)
class UnmatchedClaim:
    """A CLP that belongs to no claim of ours yet; its money waits in an account of its own."""

    id: UUID
    remittance_id: UUID
    trace: str
    payer_name: str
    payment_date: date | None
    claim_number: str
    payer_claim_control_number: str
    status_code: str
    status_code_label: str
    charge_cents: int
    paid_cents: int
    patient_cents: int
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry of a claim's ledger and what it comes from."""

    account: str
    account_label: str
    amount_cents: int
    posted_at: datetime
    posting_id: UUID
    source: str
    remittance_id: UUID | None


def status_words(status: str) -> tuple[str, str]:
    """(word, tone) of a remittance's status."""
    return _STATUS[status]


def outcome_words(outcome: str) -> tuple[str, str]:
    """(word, tone) of what became of one CLP."""
    return _OUTCOMES[outcome]


def code_word(segment: str, position: int, code: str) -> str:
    """A code of the file in our own words, with a capital; empty when there are none for it."""
    words = CODE_WORDS.get((segment, position), {}).get(code, "")
    return words[:1].upper() + words[1:]
