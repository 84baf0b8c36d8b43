"""What pages and programs see of patients' balances. Money is integer cents; names are PHI."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

KINDS = {
    "payment": ("Payment", "ok"),
    "reversal": ("Payment taken back", "warn"),
    "refund": ("Given back", "warn"),
    "credit": ("Credit put on a claim", "info"),
    "write_off": ("Written off", "neutral"),
}


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A patient who owes or has credit. `billable_cents` is what a statement may ask for today: where every payer has
    answered, less the credit; `waiting_cents` is what a payer may still take over."""

    patient_id: UUID
    name: str
    account_number: str
    client_name: str
    balance_cents: int
    billable_cents: int
    waiting_cents: int
    credit_cents: int
    oldest_on: date | None
    statements: int
    last_statement_on: date | None


@dataclass(frozen=True, slots=True)
class ClaimShare:
    """A patient's share of a claim. `hold` says why it may not be asked for yet; empty when it may."""

    claim_id: UUID
    reference: str
    service_from: date
    since: date
    share_cents: int
    hold: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of a transaction: on a claim, or the patient's credit."""

    claim_id: UUID | None
    reference: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class TransactionView:
    """A payment, its reversal, a refund, credit that was used, or a write-off. `deposited`: a deposit holds it."""

    id: UUID
    kind: str
    kind_label: str
    tone: str
    method_label: str
    reference: str
    amount_cents: int
    received_on: date
    reason: str
    by_name: str
    created_at: datetime
    reversed: bool
    reverses_id: UUID | None
    deposited: bool
    allocations: list[Allocation]


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement as it was sent. `document_id` opens the PDF."""

    id: UUID
    number: int
    statement_on: date
    due_on: date
    balance_cents: int
    document_id: UUID


@dataclass(frozen=True, slots=True)
class PatientAccount:
    """Everything about what one patient owes. `ageing_cents`: 0 to 30, 31 to 60, 61 to 90, over 90 days."""

    id: UUID
    name: str
    account_number: str
    client_name: str
    balance_cents: int
    billable_cents: int
    credit_cents: int
    ageing_cents: list[int]
    shares: list[ClaimShare]
    transactions: list[TransactionView]
    statements: list[StatementView]


@dataclass(frozen=True, slots=True)
class SmallBalance:
    """A claim's share that is small enough to give up."""

    claim_id: UUID
    reference: str
    patient_id: UUID
    name: str
    share_cents: int
    since: date


@dataclass(frozen=True, slots=True)
class RunView:
    """A run of statements: how many of `total` patients were looked at, printed, and passed over as not due."""

    id: UUID
    status: str
    statement_on: date
    total: int
    made: int
    skipped: int
    started_by_name: str
    started_at: datetime
    finished_at: datetime | None
