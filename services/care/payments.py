"""What practices pay: payments in parts or too much, their reversal, credit used, and what is open by age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.care_invoices import PAYMENT_REASON
from database.identity import time_ordered_id
from database.session import Session
from domain.care.receivables import Open, aged, credit_used, put_onto, taken_back
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError
from policies.permissions import Permission
from services import door
from services.care.invoice_views import AccountLine, PaymentView, number_label, today_of
from services.care.receivable_rows import credit_of, lock_account, moves_of, open_of, paid_of, write
from services.clientele import checks
from services.clientele.checks import Faults

MOST_CENTS = 10**11
_SELECT = """
SELECT p.*, c.name AS client_name, b.recorded_at AS reversed_on, b.reason AS reversed_why,
    coalesce((SELECT -sum(r.amount_cents) FROM care_receivables r WHERE r.tenant_id = p.tenant_id AND r.source_id = p.id
        AND r.source = 'payment' AND r.invoice_id IS NULL), 0)::bigint AS credit_cents,
    ARRAY(SELECT i.number FROM care_receivables r JOIN care_invoices i ON i.tenant_id = r.tenant_id
        AND i.id = r.invoice_id WHERE r.tenant_id = p.tenant_id AND r.source_id = p.id AND r.source = 'payment'
        ORDER BY i.number) AS numbers
FROM care_payments p JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
LEFT JOIN care_payments b ON b.tenant_id = p.tenant_id AND b.reverses = p.id
WHERE p.tenant_id = current_tenant() AND p.reverses IS NULL
"""
_INSERT = """
INSERT INTO care_payments (tenant_id, id, client_id, received_on, amount_cents, reference, reverses, reason, recorded_by,
    recorded_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_ACCOUNTS = """
SELECT c.id, c.name, r.invoice_id, i.due_on, coalesce(sum(r.amount_cents), 0)::bigint AS cents FROM clients c
LEFT JOIN care_receivables r ON r.tenant_id = c.tenant_id AND r.client_id = c.id
LEFT JOIN care_invoices i ON i.tenant_id = r.tenant_id AND i.id = r.invoice_id
WHERE c.tenant_id = current_tenant() AND (c.active OR r.id IS NOT NULL OR c.id = $1) AND ($1::uuid IS NULL OR c.id = $1)
GROUP BY c.id, c.name, r.invoice_id, i.due_on ORDER BY c.name, c.id
"""


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """Money received from a practice. Without an invoice it goes onto those that were due first; what is left over is the
    practice's credit. `reference` is that of the check or transfer."""

    client_id: UUID
    received_on: date
    amount_cents: int
    reference: str
    invoice_id: UUID | None = None


@door.query(Permission.INVOICES_VIEW)
async def list_payments(
    session: Session, client_id: UUID | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page[PaymentView]:
    """Payments, the latest recorded first; of one practice where it is named."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_SELECT} AND ($1::uuid IS NULL OR p.client_id = $1) AND ($2::uuid IS NULL OR p.id < $2)"
        f" ORDER BY p.id DESC LIMIT {size + 1}",
        client_id,
        uuid_in(cursor) if cursor else None,
    )
    key = await session.key()
    lines = [_view(key, row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(Permission.INVOICES_VIEW)
async def ageing(
    session: Session, client_id: UUID | None = None, *, everybody: bool = False
) -> list[AccountLine]:
    """What each practice owes by age since the day it was due, and its credit. Practices without either are left out,
    unless `everybody` in use, or the one that is named, is asked for."""
    today = await today_of(session)
    by_client: dict[UUID, list[Any]] = {}
    for row in await session.fetch(_ACCOUNTS, client_id):
        by_client.setdefault(row["id"], []).append(row)
    lines = [_account(rows, today) for rows in by_client.values()]
    return [
        one for one in lines if everybody or one.open_cents or one.credit_cents or one.client_id == client_id
    ]


async def _shown(session: Session, id: UUID) -> PaymentView:
    return _view(await session.key(), await session.row(f"{_SELECT} AND p.id = $1", id))


@door.answering(Permission.INVOICES_MANAGE, _shown)
async def record_payment(session: Session, facts: PaymentFacts) -> UUID:
    """Record money received. The same reference, day and amount of one practice is refused as the same payment."""
    reference = checks.clean(facts.reference)
    await _must_fit(session, facts, reference)
    await lock_account(session, facts.client_id)
    await _must_be_new(session, facts, reference)
    invoices = await open_of(session, facts.client_id, facts.invoice_id)
    payment_id = time_ordered_id()
    about = (facts.client_id, facts.received_on, facts.amount_cents, reference, None, None)
    await _insert(session, payment_id, about)
    moves = put_onto(facts.amount_cents, invoices)
    await write(session, facts.client_id, [("payment", payment_id, one) for one in moves])
    return payment_id


@door.answering(Permission.INVOICES_MANAGE, _shown, of="care_payments")
async def reverse_payment(session: Session, id: UUID, reason: str) -> UUID:
    """Take a payment back, as when a check bounces: what it paid is open again, and credit of it that was used too."""
    why = checks.clean(reason)
    faults = Faults("care_payment")
    faults.text("reason", why, checks.REASON_LONGEST, missing="Say why it is taken back.")
    faults.refuse()
    payment = await session.row("SELECT * FROM care_payments WHERE id = $1", id)
    await lock_account(session, payment["client_id"])
    if payment["reverses"] or await session.value("SELECT 1 FROM care_payments WHERE reverses = $1", id):
        raise Conflict(
            "care_payment.reversed",
            "This payment was taken back already.",
            "Record the new payment when it comes.",
        )
    reversed_ = taken_back(
        await moves_of(session, id, "payment"),
        await credit_of(session, payment["client_id"]),
        await paid_of(session, payment["client_id"]),
    )
    reversal, sealed = time_ordered_id(), (await session.key()).seal(PAYMENT_REASON, why.encode())
    same = tuple(payment[name] for name in ("client_id", "received_on", "amount_cents", "reference"))
    await _insert(session, reversal, (*same, id, sealed))
    parts = {"reversal": reversed_.back, "to_credit": reversed_.from_credit, "credit_used": reversed_.unused}
    rows = [(source, reversal, one) for source, moves in parts.items() for one in moves]
    await write(session, payment["client_id"], rows)
    return id


@door.command(Permission.INVOICES_MANAGE, of="clients")
async def use_credit(session: Session, client_id: UUID) -> int:
    """Put a practice's credit onto its open invoices, those first that were due first; the cents that were used."""
    await lock_account(session, client_id)
    moves = credit_used(await credit_of(session, client_id), await open_of(session, client_id))
    used = sum(one.cents for one in moves if one.invoice_id is None)
    if not used:
        raise Conflict(
            "care_payment.no_credit",
            "There is no credit to use, or nothing open.",
            "Look at the practice's account.",
        )
    source = time_ordered_id()
    await write(session, client_id, [("credit_used", source, one) for one in moves])
    return used


async def _must_fit(session: Session, facts: PaymentFacts, reference: str) -> None:
    faults = Faults("care_payment")
    faults.text("reference", reference, 60, missing="Enter the number of the check or transfer.")
    if not 0 < facts.amount_cents <= MOST_CENTS:
        words = f"Enter more than nothing and at most {MOST_CENTS // 100:,} dollars."
        faults.add("amount", "amount.range", words)
    faults.past("received_on", facts.received_on, await today_of(session), required=True)
    if not await session.value("SELECT 1 FROM clients WHERE id = $1", facts.client_id):
        faults.add("client_id", "client_id.unknown", "Choose one of your practices.")
    elif facts.invoice_id and not await session.value(
        "SELECT 1 FROM care_invoices WHERE id = $1 AND client_id = $2 AND kind = 'invoice'",
        facts.invoice_id,
        facts.client_id,
    ):
        faults.add("invoice_id", "invoice_id.unknown", "Choose an invoice of this practice.")
    faults.refuse()


async def _must_be_new(session: Session, facts: PaymentFacts, reference: str) -> None:
    same = await session.value(
        "SELECT 1 FROM care_payments p WHERE p.tenant_id = current_tenant() AND p.client_id = $1 AND p.reverses IS NULL"
        " AND p.received_on = $2 AND p.amount_cents = $3 AND lower(p.reference) = lower($4) AND NOT EXISTS"
        " (SELECT 1 FROM care_payments b WHERE b.tenant_id = p.tenant_id AND b.reverses = p.id)",
        facts.client_id,
        facts.received_on,
        facts.amount_cents,
        reference,
    )
    if same:
        words = "The same reference, day and amount were recorded before."
        fault = FieldError("reference", "reference.there_already", words)
        told = "Look at the practice's payments; a second check has another number."
        raise Conflict("care_payment.there_already", words, told, fields=(fault,))


async def _insert(session: Session, id: UUID, about: tuple[Any, ...]) -> None:
    who = (session.actor.user_id, session.actor.name)
    await session.execute(_INSERT, session.tenant_id, id, *about, *who)


def _account(rows: Sequence[Any], today: date) -> AccountLine:
    invoices = [Open(row["invoice_id"], row["due_on"], row["cents"]) for row in rows if row["invoice_id"]]
    credit = -sum(row["cents"] for row in rows if row["invoice_id"] is None)
    return AccountLine(
        rows[0]["id"], rows[0]["name"], aged(invoices, today), sum(x.balance_cents for x in invoices), credit
    )


def _view(key: Any, row: Any) -> PaymentView:
    same = (
        "id",
        "client_id",
        "client_name",
        "received_on",
        "amount_cents",
        "reference",
        "recorded_at",
        "credit_cents",
        "reversed_on",
    )
    return PaymentView(
        **{name: row[name] for name in same},
        recorded_by=row["recorded_by_name"],
        invoices=[number_label("invoice", number) for number in row["numbers"]],
        reason=key.open(PAYMENT_REASON, row["reversed_why"]).decode() if row["reversed_why"] else "",
    )
