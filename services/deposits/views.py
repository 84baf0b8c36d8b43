"""What pages and programs see of deposits. Money is integer cents."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from database.crypto import TenantKey
from domain.deposits.rows import METHODS

WORDS_COLUMN = "deposits.words"
_STATUS = {
    "unmatched": ("Unmatched", "warn"),
    "partial": ("Matched in part", "warn"),
    "matched": ("Matched", "ok"),
    "set_aside": ("Set aside", "neutral"),
    "voided": ("Voided", "neutral"),
}
MATCHED_BY = {"trace": "Trace and amount", "person": "A person"}


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account at a bank. The number itself is not kept: its last four digits are shown."""

    id: UUID
    version: int
    active: bool
    name: str
    last4: str


@dataclass(frozen=True, slots=True)
class DepositLine:
    """One deposit. `matched_cents` is what its remittances and patients' payments come to."""

    id: UUID
    version: int
    account_id: UUID
    account_name: str
    deposited_on: date
    amount_cents: int
    matched_cents: int
    method: str
    method_label: str
    trace: str
    payer_name: str
    description: str
    bank_reference: str
    status: str
    status_label: str
    tone: str
    by_hand: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MatchView:
    """What a deposit was matched to: a remittance, or a patient's payment. Undone ones stay with their reason."""

    id: UUID
    remittance_id: UUID | None
    transaction_id: UUID | None
    label: str
    amount_cents: int
    matched_by: str
    matched_by_label: str
    by_name: str
    at: datetime
    undone_at: datetime | None
    undone_by_name: str
    undone_reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something a deposit may pay: `kind` is remittance or payment; `score` 0 to 100 says how sure that is."""

    kind: str
    id: UUID
    label: str
    payer_name: str
    amount_cents: int
    on: date | None
    score: int
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class DepositView:
    """A deposit with everything it was matched to, and whether its day is closed."""

    line: DepositLine
    payer_identifier: str
    reason: str
    day_id: UUID
    day_closed: bool
    matches: list[MatchView]


@dataclass(frozen=True, slots=True)
class WaitingRemittance:
    """A remittance whose money nobody has seen yet."""

    id: UUID
    trace: str
    payer_name: str
    payment_date: date | None
    payment_cents: int
    method: str
    status: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """A deposit day of one account with its three sums; `agrees` when they are one and nothing is unmatched."""

    id: UUID
    account_id: UUID
    account_name: str
    day: date
    status: str
    deposits: int
    unmatched: int
    cash_cents: int
    remitted_cents: int
    ledger_cents: int
    agrees: bool
    closed_at: datetime | None
    closed_by_name: str


@dataclass(frozen=True, slots=True)
class DayEvent:
    """A closing or reopening, with the sums of that moment."""

    at: datetime
    kind: str
    actor_name: str
    reason: str
    cash_cents: int
    remitted_cents: int
    ledger_cents: int


@dataclass(frozen=True, slots=True)
class DayView:
    """A day: its sums, what is missing, its deposits, what they were matched to, and its closings."""

    line: DayLine
    missing: list[str]
    deposits: list[DepositLine]
    matches: dict[str, list[MatchView]]
    events: list[DayEvent]


@dataclass(frozen=True, slots=True)
class BankFileLine:
    """A bank file: `draft` until somebody takes it in. `known` rows were there already."""

    id: UUID
    account_id: UUID
    account_name: str
    name: str
    format: str
    status: str
    added: int
    known: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BankFileRow:
    """A deposit in a file that is not taken in yet. `known`: it is among the deposits already."""

    deposited_on: date
    amount_cents: int
    method_label: str
    trace: str
    payer_name: str
    description: str
    known: bool


@dataclass(frozen=True, slots=True)
class BankFileView:
    """A file before it is taken in: its columns and their meaning, its first rows, and every fault."""

    line: BankFileLine
    headings: list[str]
    mapping: dict[str, int]
    rows: list[BankFileRow]
    row_count: int
    known_count: int
    total_cents: int
    withdrawals: int
    other_accounts: int
    faults: list["BankFileFault"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BankFileFault:
    """Where (`rows.4.amount`, `mapping.date`) and what to do."""

    where: str
    message: str


def deposit_line(key: TenantKey, row: Any) -> DepositLine:
    """A row of `deposits` joined with its account's name."""
    words = key.open_json(WORDS_COLUMN, row["words"])
    label, tone = _STATUS[row["status"]]
    return DepositLine(
        id=row["id"],
        version=row["version"],
        account_id=row["account_id"],
        account_name=row["account_name"],
        deposited_on=row["deposited_on"],
        amount_cents=row["amount_cents"],
        matched_cents=row["matched_cents"],
        method=row["method"],
        method_label=METHODS[row["method"]],
        trace=row["trace"],
        payer_name=words["payer_name"],
        description=words["description"],
        bank_reference=row["bank_reference"],
        status=row["status"],
        status_label=label,
        tone=tone,
        by_hand=row["import_id"] is None,
        created_at=row["created_at"],
    )
