"""Invoices to practices: a month issued once for all of them, shown, and corrected by credit notes alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from database.care_invoices import REASON
from database.identity import time_ordered_id
from database.session import Session
from domain.care.invoicing import InvoiceLine, Terms, lines_of, total_of
from domain.care.receivables import Open, credited
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care.billed_months import must_be_closed, served_in
from services.care.invoice_views import (
    CREDIT_NOTE,
    SELECT,
    InvoiceRow,
    InvoiceView,
    line_of,
    reason_of,
    row_of,
    today_of,
)
from services.care.receivable_rows import lock_account, moved_on, write
from services.care.terms import IN_FORCE, terms_of
from services.clientele import checks
from services.clientele.checks import Faults

_INSERT = """
INSERT INTO care_invoices (tenant_id, id, kind, number, client_id, month, revision, corrects, terms_id, issued_on, due_on,
    total_cents, reason, issued_by, issued_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_LINES = """
SELECT l.*, EXISTS (SELECT 1 FROM care_invoice_lines n WHERE n.tenant_id = l.tenant_id AND n.of_invoice_id = l.invoice_id
    AND n.of_number = l.number) AS credited
FROM care_invoice_lines l WHERE l.tenant_id = current_tenant() AND l.invoice_id = $1 ORDER BY l.number
"""
_SHOWS = ("", "open", "overdue", "settled", CREDIT_NOTE)


@dataclass(frozen=True, slots=True)
class MonthInvoice:
    """What a practice would be invoiced for a month, or why not. `invoice_id` of the one that was issued already."""

    client_id: UUID
    client_name: str
    patients: int
    total_cents: int
    due_on: date | None
    why_not: str = ""
    invoice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """Why, and which lines by number; without any, all that was not credited before."""

    reason: str
    lines: tuple[int, ...] = ()


@door.query(Permission.INVOICES_VIEW)
async def list_invoices(
    session: Session,
    show: str = "",
    client_id: UUID | None = None,
    month: date | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[InvoiceRow]:
    """Invoices and credit notes, the highest number first. `show` is open, overdue, settled or credit_note."""
    faults = Faults("care_invoices")
    faults.one_of("show", show, _SHOWS, f"Choose one of: {', '.join(_SHOWS[1:])}.")
    faults.refuse()
    size, today = page_size(limit), await today_of(session)
    before = decode_cursor(cursor, 1)[0] if cursor else None
    if before is not None and not (isinstance(before, int) and 0 < before < 2**31):
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        )
    rows = await session.fetch(
        f"{SELECT} AND ($1 = '' OR $1 = 'credit_note' AND kind = $1 OR kind = 'invoice' AND CASE $1"
        " WHEN 'open' THEN balance_cents > 0 WHEN 'overdue' THEN balance_cents > 0 AND due_on < $2"
        " WHEN 'settled' THEN balance_cents = 0 END)"
        " AND ($3::uuid IS NULL OR client_id = $3) AND ($4::date IS NULL OR month = date_trunc('month', $4::date))"
        f" AND ($5::integer IS NULL OR number < $5) ORDER BY number DESC LIMIT {size + 1}",
        show,
        today,
        client_id,
        month,
        before,
    )  # fmt: skip
    lines = [row_of(row, today) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].number) if len(rows) > size else None)


@door.query(Permission.INVOICES_VIEW, of="care_invoices")
async def get_invoice(session: Session, id: UUID) -> InvoiceView:
    """One invoice or credit note with its lines and what was paid."""
    return await shown(session, id)


async def shown(session: Session, id: UUID) -> InvoiceView:
    """One invoice for whoever has passed the door already."""
    today, key = await today_of(session), await session.key()
    row = await session.row(f"{SELECT} AND i.id = $1", id)
    points = await session.value("SELECT basis_points FROM care_terms WHERE id = $1", row["terms_id"])
    notes = await session.fetch(f"{SELECT} AND i.corrects = $1 ORDER BY number", id)
    return InvoiceView(
        row_of(row, today),
        row["issued_by_name"],
        row["issued_at"],
        reason_of(key, row["reason"]),
        [line_of(one, points) for one in await session.fetch(_LINES, id)],
        await moved_on(session, id),
        [row_of(one, today) for one in notes],
    )


@door.query(Permission.INVOICES_VIEW)
async def month_to_issue(session: Session, month: date) -> list[MonthInvoice]:
    """What each practice with terms would be invoiced for a month that is closed, and what was issued of it already."""
    await must_be_closed(session, month.replace(day=1))
    return [one for one, _, _ in await _drafted(session, month.replace(day=1))]


@door.command(Permission.INVOICES_MANAGE)
async def issue_month(session: Session, month: date) -> list[MonthInvoice]:
    """Issue the invoices of a closed month to every practice that has none yet; those that were issued now."""
    first = month.replace(day=1)
    await must_be_closed(session, first)
    await _lock(session)
    made = []
    for draft, row, lines in await _drafted(session, first):
        if not draft.why_not:
            invoice_id = await _issue(session, row, first, terms_of(row), lines)
            made.append(replace(draft, invoice_id=invoice_id))
    return made


@door.answering(Permission.INVOICES_MANAGE, shown, of="care_invoices")
async def credit_invoice(session: Session, id: UUID, facts: CreditFacts) -> UUID:
    """Correct an invoice by a credit note, whole or by lines; what was paid already becomes the practice's credit."""
    reason = checks.clean(facts.reason)
    faults = Faults("care_invoice")
    faults.text("reason", reason, checks.REASON_LONGEST, missing="Say why it is credited.")
    faults.refuse()
    await _lock(session)
    invoice = await session.row(f"{SELECT} AND i.id = $1", id)
    await lock_account(session, invoice["client_id"])
    lines = await _to_credit(session, invoice, facts.lines)
    return await _note(session, invoice, lines, reason)


async def _note(session: Session, invoice: Any, lines: Sequence[Any], reason: str) -> UUID:
    note_id, total = time_ordered_id(), sum(one["amount_cents"] for one in lines)
    today = await today_of(session)
    sealed = (await session.key()).seal(REASON, reason.encode())
    about = (
        invoice["client_id"],
        invoice["month"],
        None,
        invoice["id"],
        invoice["terms_id"],
        today,
        today,
        total,
    )
    await _insert(session, note_id, CREDIT_NOTE, about, sealed)
    same = ("basis", "item", "account_number", "patient_month_id", "units", "rate_cents", "amount_cents")
    rows = [
        (session.tenant_id, note_id, number, *(one[name] for name in same), invoice["id"], one["number"])
        for number, one in enumerate(lines, 1)
    ]
    columns = ("tenant_id", "invoice_id", "number", *same, "of_invoice_id", "of_number")
    await session.copy("care_invoice_lines", columns, rows)
    balance: int = await session.value(
        "SELECT coalesce(sum(amount_cents), 0)::bigint FROM care_receivables WHERE tenant_id = current_tenant()"
        " AND invoice_id = $1",
        invoice["id"],
    )
    moves = credited(total, Open(invoice["id"], invoice["due_on"], balance))
    await write(session, invoice["client_id"], [(CREDIT_NOTE, note_id, one) for one in moves])
    return note_id


async def _to_credit(session: Session, invoice: Any, numbers: tuple[int, ...]) -> list[Any]:
    if invoice["kind"] == CREDIT_NOTE:
        raise Conflict(
            "care_invoice.credit_note", "A credit note cannot be credited.", "Issue a new invoice instead."
        )
    rows = await session.fetch(_LINES, invoice["id"])
    left = [row for row in rows if not row["credited"]]
    chosen = [row for row in left if not numbers or row["number"] in numbers]
    wrong = set(numbers) - {row["number"] for row in left}
    if wrong or not chosen or sum(row["amount_cents"] for row in chosen) <= 0:
        words = "Choose lines that were not credited before and that come to more than nothing."
        fault = FieldError("lines", "lines.nothing_left", words)
        raise Invalid(
            "care_invoice.nothing_to_credit", "There is nothing to credit in this.", words, fields=(fault,)
        )
    return chosen


async def _drafted(session: Session, first: date) -> list[tuple[MonthInvoice, Any, tuple[InvoiceLine, ...]]]:
    """Every practice with terms in force that month: what it comes to, its terms and its lines."""
    today = await today_of(session)
    terms = {row["client_id"]: row for row in await session.fetch(IN_FORCE, first)}
    names = await session.fetch(
        "SELECT id, name FROM clients WHERE id = ANY($1) ORDER BY name, id", list(terms)
    )
    served = await served_in(session, first, {one: terms_of(row) for one, row in terms.items()})
    standing = await _standing(session, first)
    found = []
    for client in names:
        row = terms[client["id"]]
        lines = lines_of(terms_of(row), served.get(client["id"], ()))
        total, issued = total_of(lines), standing.get(client["id"])
        why = "Issued already." if issued else "Nothing to invoice." if not lines or total <= 0 else ""
        due = terms_of(row).due_on(today) if not why else None
        patients = len({one.patient_month_id for one in lines if one.patient_month_id})
        draft = MonthInvoice(client["id"], client["name"], patients, total, due, why, issued)
        found.append((draft, row, lines))
    return found


async def _standing(session: Session, first: date) -> dict[UUID, UUID]:
    """Practices whose invoice of a month was issued and not wholly credited."""
    rows = await session.fetch(
        f"{SELECT} AND month = $1 AND kind = 'invoice' AND credited_cents < total_cents", first
    )
    return {row["client_id"]: row["id"] for row in rows}


async def _issue(
    session: Session, terms: Any, first: date, known: Terms, lines: Sequence[InvoiceLine]
) -> UUID:
    invoice_id, today, total = time_ordered_id(), await today_of(session), total_of(lines)
    revision = await session.value(
        "SELECT coalesce(max(revision), 0) + 1 FROM care_invoices WHERE tenant_id = current_tenant() AND client_id = $1"
        " AND month = $2",
        terms["client_id"],
        first,
    )
    about = (terms["client_id"], first, revision, None, terms["id"], today, known.due_on(today), total)
    await _insert(session, invoice_id, "invoice", about, None)
    rows = [
        (session.tenant_id, invoice_id, number, one.basis.value, one.item, one.account_number, one.patient_month_id,
         one.units, one.rate_cents, one.amount_cents)
        for number, one in enumerate(lines, 1)
    ]  # fmt: skip
    columns = ("tenant_id", "invoice_id", "number", "basis", "item", "account_number", "patient_month_id", "units",
               "rate_cents", "amount_cents")  # fmt: skip
    await session.copy("care_invoice_lines", columns, rows)
    await session.execute(
        "INSERT INTO care_receivables (tenant_id, client_id, invoice_id, source, source_id, amount_cents)"
        " VALUES ($1, $2, $3, 'invoice', $3, $4)",
        session.tenant_id,
        terms["client_id"],
        invoice_id,
        total,
    )
    return invoice_id


async def _insert(
    session: Session, id: UUID, kind: str, about: tuple[Any, ...], reason: bytes | None
) -> None:
    """Under the next number: it is taken in this transaction, so that one which fails leaves no gap."""
    number = await session.value(
        "UPDATE care_invoice_numbers SET last = last + 1 WHERE tenant_id = current_tenant() RETURNING last"
    )
    who = (session.actor.user_id, session.actor.name)
    await session.execute(_INSERT, session.tenant_id, id, kind, number, *about, reason, *who)


async def _lock(session: Session) -> None:
    """One issues at a time in a company: numbers follow each other, and a month is issued once."""
    await session.execute(
        "INSERT INTO care_invoice_numbers (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING", session.tenant_id
    )
    await session.execute("SELECT 1 FROM care_invoice_numbers WHERE tenant_id = current_tenant() FOR UPDATE")
