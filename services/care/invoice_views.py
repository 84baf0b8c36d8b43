"""Invoices to practices as they are shown: lines of lists, one invoice in full, and what each practice owes."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.care_invoices import REASON
from database.crypto import TenantKey
from database.session import Session
from domain.care.activities import PROGRAMMES
from domain.care.entries import Programme
from domain.care.invoicing import Basis
from domain.care.receivables import STATES, Standing, state_of

CREDIT_NOTE = "credit_note"
# What is open is the sum of rows; nothing of it is stored with the invoice.
SELECT = """
SELECT * FROM (
    SELECT i.*, c.name AS client_name, k.number AS corrects_number,
        coalesce((SELECT sum(r.amount_cents) FROM care_receivables r WHERE r.tenant_id = i.tenant_id
            AND r.invoice_id = i.id), 0)::bigint AS balance_cents,
        coalesce((SELECT sum(n.total_cents) FROM care_invoices n WHERE n.tenant_id = i.tenant_id
            AND n.corrects = i.id), 0)::bigint AS credited_cents,
        coalesce((SELECT -sum(r.amount_cents) FROM care_receivables r WHERE r.tenant_id = i.tenant_id
            AND r.invoice_id = i.id AND r.source NOT IN ('invoice', 'credit_note')), 0)::bigint AS paid_cents
    FROM care_invoices i JOIN clients c ON c.tenant_id = i.tenant_id AND c.id = i.client_id
    LEFT JOIN care_invoices k ON k.tenant_id = i.tenant_id AND k.id = i.corrects
    WHERE i.tenant_id = current_tenant()
) i WHERE true
"""

# Whether a month on which a line that stands rests, other than by what was paid on it, was computed again. `i` is the
# invoice.
CHANGED = """
EXISTS (SELECT 1 FROM care_invoice_lines l JOIN care_patient_months m ON m.tenant_id = l.tenant_id
    AND m.id = l.patient_month_id WHERE l.tenant_id = i.tenant_id AND l.invoice_id = i.id AND l.basis <> 'payments'
    AND m.superseded AND i.kind = 'invoice' AND NOT EXISTS (SELECT 1 FROM care_invoice_lines n
        WHERE n.tenant_id = l.tenant_id AND n.of_invoice_id = l.invoice_id AND n.of_number = l.number))
"""


@dataclass(frozen=True, slots=True)
class InvoiceLineView:
    """One line: `what` in words; of a share `rate_cents` is the amount it is taken of. `credited` by a credit note."""

    number: int
    basis: str
    what: str
    account_number: str
    patient_month_id: UUID | None
    units: int
    rate_cents: int
    amount_cents: int
    credited: bool


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice or a credit note in a list. Of a credit note the total is what it takes off."""

    id: UUID
    number: int
    label: str
    kind: str
    client_id: UUID
    client_name: str
    month: date
    issued_on: date
    due_on: date
    total_cents: int
    credited_cents: int
    paid_cents: int
    balance_cents: int
    state: str
    state_label: str
    tone: str
    corrects: UUID | None = None
    corrects_label: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Money on an invoice: a payment, its reversal, a credit note, credit that was used. Cents, less is paid."""

    at: datetime
    source: str
    label: str
    reference: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice or credit note in full; patients are named by account number alone. `changed`: a patient's month that it
    rests on was computed again since."""

    row: InvoiceRow
    issued_by: str
    issued_at: datetime
    reason: str
    lines: list[InvoiceLineView]
    moved: list[Moved]
    credit_notes: list[InvoiceRow]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What one practice owes: open invoices by age since the day they were due, and credit that is left."""

    client_id: UUID
    client_name: str
    ages: list[int]
    open_cents: int
    credit_cents: int


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment of a practice. `reversed_on` is when it was taken back, None while it stands."""

    id: UUID
    client_id: UUID
    client_name: str
    received_on: date
    amount_cents: int
    reference: str
    recorded_by: str
    recorded_at: datetime
    credit_cents: int
    invoices: list[str] = field(default_factory=list)
    reversed_on: datetime | None = None
    reason: str = ""


async def today_of(session: Session) -> date:
    """The day that it is at the company."""
    return await day_of(session, datetime.now(UTC))


async def day_of(session: Session, at: datetime) -> date:
    """The day that it was at the company at a moment."""
    zone: str = await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()")
    return at.astimezone(ZoneInfo(zone)).date()


def number_label(kind: str, number: int) -> str:
    """`INV-000012`, or `CN-000013`: one series for both."""
    return f"{'CN' if kind == CREDIT_NOTE else 'INV'}-{number:06d}"


def row_of(row: Any, today: date) -> InvoiceRow:
    """A row of SELECT."""
    same = ("id", "number", "kind", "client_id", "client_name", "month", "issued_on", "due_on", "total_cents",
            "credited_cents", "paid_cents", "balance_cents", "corrects")  # fmt: skip
    state, label, tone = CREDIT_NOTE, "Credit note", "neutral"
    if row["kind"] != CREDIT_NOTE:
        sums = (row["total_cents"], row["credited_cents"], row["balance_cents"])
        found = state_of(Standing(*sums, row["due_on"], today))
        state, (label, tone, _) = found.value, STATES[found]
    return InvoiceRow(
        **{name: row[name] for name in same},
        label=number_label(row["kind"], row["number"]),
        state=state,
        state_label=label,
        tone=tone,
        corrects_label=number_label("invoice", row["corrects_number"]) if row["corrects_number"] else "",
    )


def line_of(row: Any) -> InvoiceLineView:
    """A row of care_invoice_lines with `credited`."""
    same = (
        "number",
        "basis",
        "account_number",
        "patient_month_id",
        "units",
        "rate_cents",
        "amount_cents",
        "credited",
    )
    return InvoiceLineView(**{name: row[name] for name in same}, what=what_of(row["basis"], row["item"]))


def what_of(basis: str, item: str) -> str:
    """What a line is for, in words."""
    if basis == Basis.MINIMUM:
        return "To the minimum of the month"
    if basis == Basis.PROGRAMME:
        return PROGRAMMES[Programme(item)]
    if basis == Basis.CODE:
        return item
    return f"{item}% of {basis}" if item else f"Share of {basis}"


def reason_of(key: TenantKey, sealed: bytes | None) -> str:
    """Why something was credited; empty without a reason."""
    return key.open(REASON, sealed).decode() if sealed else ""
