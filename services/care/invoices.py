"""Invoices to practices: listed, shown, and corrected by credit notes alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.care_invoices import REASON
from database.session import Session
from domain.care.receivables import AGES, Open, credited, due_between
from domain.paging import PAGE, Page, encode_cursor, number_in, page_size
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care.invoice_views import (
    CHANGED,
    CREDIT_NOTE,
    SELECT,
    InvoiceRow,
    InvoiceView,
    line_of,
    reason_of,
    row_of,
    today_of,
)
from services.care.issuing import insert, lock_numbers
from services.care.receivable_rows import lock_account, moved_on, write
from services.clientele import checks, records
from services.clientele.checks import Faults

_LINES = """
SELECT l.*, EXISTS (SELECT 1 FROM care_invoice_lines n WHERE n.tenant_id = l.tenant_id AND n.of_invoice_id = l.invoice_id
    AND n.of_number = l.number) AS credited
FROM care_invoice_lines l WHERE l.tenant_id = current_tenant() AND l.invoice_id = $1 ORDER BY l.number
"""
_LIST = f"""
{SELECT} AND ($1 = '' OR $1 = 'credit_note' AND kind = $1 OR kind = 'invoice' AND CASE $1
        WHEN 'open' THEN balance_cents > 0
        WHEN 'partly_paid' THEN balance_cents > 0 AND balance_cents < total_cents - credited_cents
        WHEN 'overdue' THEN balance_cents > 0 AND due_on < $2
        WHEN 'settled' THEN balance_cents = 0 END)
    AND ($3::uuid IS NULL OR client_id = $3) AND ($4::date IS NULL OR month = $4)
    AND ($5::integer IS NULL OR number < $5)
    AND ($6::date IS NULL OR kind = 'invoice' AND balance_cents > 0 AND due_on BETWEEN $6 AND $7)
    AND (client_name ILIKE $8 OR number = $9)
"""
_SAME = ("basis", "item", "account_number", "patient_month_id", "units", "rate_cents", "amount_cents")
_SHOWS = ("", "open", "partly_paid", "overdue", "settled", CREDIT_NOTE)


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
    *,
    text: str = "",
    age: str = "",
) -> Page[InvoiceRow]:
    """Invoices and credit notes, the highest number first. `show` is open (partly paid and overdue among them),
    partly_paid, overdue, settled or credit_note; `age` one of `AGES`: what is open of it since the day it was due; `text`
    a part of the practice's name, or the digits of a number."""
    size, today = page_size(limit), await today_of(session)
    _check(show, age)
    words = checks.clean(text)
    rows = await session.fetch(
        f"{_LIST} ORDER BY number DESC LIMIT {size + 1}",
        show,
        today,
        client_id,
        month.replace(day=1) if month else None,
        number_in(cursor) if cursor else None,
        *(due_between(age, today) if age else (None, None)),
        records.like(words),
        _digits(words),
    )
    lines = [row_of(row, today) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].number) if len(rows) > size else None)


def _check(show: str, age: str) -> None:
    faults = Faults("care_invoices")
    faults.one_of("show", show, _SHOWS, f"Choose one of: {', '.join(_SHOWS[1:])}.")
    faults.one_of("age", age, ("", *AGES), f"Choose one of: {', '.join(AGES)}.")
    faults.refuse()


def _digits(words: str) -> int | None:
    """The number that `INV-000012` or `12` asks for."""
    digits = words.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


@door.query(Permission.INVOICES_VIEW, of="care_invoices")
async def get_invoice(session: Session, id: UUID) -> InvoiceView:
    """One invoice or credit note with its lines and what was paid."""
    return await shown(session, id)


async def shown(session: Session, id: UUID) -> InvoiceView:
    """One invoice for whoever has passed the door already."""
    today, key = await today_of(session), await session.key()
    row = await session.row(f"SELECT i.*, {CHANGED} AS changed FROM ({SELECT} AND i.id = $1) i", id)
    notes = await session.fetch(f"{SELECT} AND i.corrects = $1 ORDER BY number", id)
    return InvoiceView(
        row_of(row, today),
        row["issued_by_name"],
        row["issued_at"],
        reason_of(key, row["reason"]),
        [line_of(one) for one in await session.fetch(_LINES, id)],
        await moved_on(session, id),
        [row_of(one, today) for one in notes],
        row["changed"],
    )


@door.answering(Permission.INVOICES_MANAGE, shown, of="care_invoices")
async def credit_invoice(session: Session, id: UUID, facts: CreditFacts) -> UUID:
    """Correct an invoice by a credit note, whole or by lines; what was paid already becomes the practice's credit."""
    reason = checks.clean(facts.reason)
    faults = Faults("care_invoice")
    faults.text("reason", reason, checks.REASON_LONGEST, missing="Say why it is credited.")
    faults.refuse()
    await lock_numbers(session)
    await lock_account(session, await session.value("SELECT client_id FROM care_invoices WHERE id = $1", id))
    invoice = await session.row(f"{SELECT} AND i.id = $1", id)
    lines = await _to_credit(session, invoice, facts.lines)
    return await _note(session, invoice, lines, reason)


async def _note(session: Session, invoice: Any, lines: Sequence[Any], reason: str) -> UUID:
    total, today = sum(one["amount_cents"] for one in lines), await today_of(session)
    facts = {
        "kind": CREDIT_NOTE,
        "client_id": invoice["client_id"],
        "month": invoice["month"],
        "corrects": invoice["id"],
        "terms_id": invoice["terms_id"],
        "issued_on": today,
        "due_on": today,
        "total_cents": total,
        "reason": (await session.key()).seal(REASON, reason.encode()),
    }
    taken_off = [
        {name: one[name] for name in _SAME} | {"of_invoice_id": invoice["id"], "of_number": one["number"]}
        for one in lines
    ]
    note_id = await insert(session, facts, taken_off)
    off, to_credit = credited(total, Open(invoice["id"], invoice["due_on"], invoice["balance_cents"]))
    rows = [(CREDIT_NOTE, note_id, one) for one in off] + [("to_credit", note_id, one) for one in to_credit]
    await write(session, invoice["client_id"], rows)
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
    most = invoice["total_cents"] - invoice["credited_cents"]
    # More than is left, where a line on which a payer took back is not credited with the others.
    if wrong or not chosen or not 0 < sum(row["amount_cents"] for row in chosen) <= most:
        words = (
            "Choose lines that were not credited before, more than nothing and at most what is left in all."
        )
        fault = FieldError("lines", "lines.nothing_left", words)
        raise Invalid(
            "care_invoice.nothing_to_credit", "There is nothing to credit in this.", words, fields=(fault,)
        )
    return chosen
