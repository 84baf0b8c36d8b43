"""Issuing: a closed month invoiced once to every practice, under numbers without a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from database.care_codes import code_table
from database.identity import time_ordered_id
from database.session import Session
from domain.care.invoicing import InvoiceLine, Terms, lines_of, patients_of, total_of
from domain.care.receivables import Move, Open, credit_used
from policies.permissions import Permission
from services import door
from services.care.billed_months import must_be_closed, served_in
from services.care.invoice_views import CHANGED, SELECT, day_of, today_of
from services.care.receivable_rows import credit_of, credits_of, lock_account, write
from services.care.terms import IN_FORCE, terms_of

_STANDING = f"""
SELECT i.id, i.client_id, i.total_cents - i.credited_cents AS cents, i.due_on, {CHANGED} AS changed,
    (SELECT count(DISTINCT l.patient_month_id) FROM care_invoice_lines l WHERE l.tenant_id = i.tenant_id
        AND l.invoice_id = i.id) AS patients
FROM ({SELECT} AND month = $1 AND kind = 'invoice' AND credited_cents < total_cents) i
"""


@dataclass(frozen=True, slots=True)
class MonthInvoice:
    """What a practice would be invoiced for a month, or why not. Of one that was issued already, `invoice_id` and what of
    it is not credited; `changed` when a patient's month that it rests on was computed again since."""

    client_id: UUID
    client_name: str
    patients: int
    total_cents: int
    due_on: date | None
    why_not: str = ""
    invoice_id: UUID | None = None
    changed: bool = False


@door.query(Permission.INVOICES_VIEW)
async def month_to_issue(session: Session, month: date) -> list[MonthInvoice]:
    """What each practice with terms would be invoiced for a month that is closed, and what was issued of it already."""
    first = month.replace(day=1)
    await must_be_closed(session, first)
    return [one for one, _, _ in await _drafted(session, first, await today_of(session))]


@door.command(Permission.INVOICES_MANAGE)
async def issue_month(session: Session, month: date) -> list[MonthInvoice]:
    """Issue the invoices of a closed month to every practice that has none yet; those that were issued now."""
    return await issue(session, month.replace(day=1), datetime.now(UTC))


async def issue(session: Session, first: date, at: datetime) -> list[MonthInvoice]:
    """Issue a month at a moment, for whoever has passed the door already. A practice's credit is put onto its invoice."""
    await must_be_closed(session, first, held=True)
    await lock_numbers(session)
    today = await day_of(session, at)
    drafted = await _drafted(session, first, today)
    new = [(draft, terms, lines) for draft, terms, lines in drafted if not draft.why_not]
    credits = await credits_of(session, [draft.client_id for draft, _, _ in new])
    made = []
    for draft, terms, lines in new:
        facts = {"month": first, "terms_id": terms["id"], "issued_on": today, "issued_at": at}
        issued = replace(draft, invoice_id=await _issue(session, draft, facts, lines))
        if draft.client_id in credits:
            await _use_credit(session, issued, at)
        made.append(issued)
    return made


async def lock_numbers(session: Session) -> None:
    """One issues at a time in a company: numbers follow each other, and a month is issued once."""
    await session.execute(
        "INSERT INTO care_invoice_numbers (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING", session.tenant_id
    )
    await session.execute("SELECT 1 FROM care_invoice_numbers WHERE tenant_id = current_tenant() FOR UPDATE")


async def insert(session: Session, facts: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> UUID:
    """An invoice or credit note with its lines, under the next number: it is taken in this transaction, so that one which
    fails leaves no gap."""
    number = await session.value(
        "UPDATE care_invoice_numbers SET last = last + 1 WHERE tenant_id = current_tenant() RETURNING last"
    )
    invoice_id, actor = time_ordered_id(), session.actor
    row = {
        "tenant_id": session.tenant_id,
        "id": invoice_id,
        "number": number,
        "issued_by": actor.user_id,
        "issued_by_name": actor.name,
        **facts,
    }
    await session.copy("care_invoices", tuple(row), [tuple(row.values())])
    rows = [(session.tenant_id, invoice_id, place, *one.values()) for place, one in enumerate(lines, 1)]
    await session.copy("care_invoice_lines", ("tenant_id", "invoice_id", "number", *lines[0]), rows)
    return invoice_id


async def _drafted(
    session: Session, first: date, today: date
) -> list[tuple[MonthInvoice, Any, tuple[InvoiceLine, ...]]]:
    """Every practice with terms in force that month: what it comes to, its terms and its lines."""
    rows = {row["client_id"]: row for row in await session.fetch(IN_FORCE, first)}
    terms = {one: terms_of(row) for one, row in rows.items()}
    names = await session.fetch(
        "SELECT id, name FROM clients WHERE id = ANY($1) ORDER BY name, id", list(terms)
    )
    served, codes = await served_in(session, first, terms), await code_table(session, first)
    standing = {row["client_id"]: row for row in await session.fetch(_STANDING, first)}
    found = []
    for client in names:
        one = client["id"]
        lines = lines_of(terms[one], served[one], codes)
        draft = _draft(client, terms[one], lines, today, standing.get(one))
        found.append((draft, rows[one], lines))
    return found


def _draft(client: Any, terms: Terms, lines: Sequence[InvoiceLine], today: date, issued: Any) -> MonthInvoice:
    if issued:
        return MonthInvoice(
            client["id"],
            client["name"],
            issued["patients"],
            issued["cents"],
            issued["due_on"],
            "Issued already.",
            issued["id"],
            issued["changed"],
        )
    total = total_of(lines)
    why = "" if total > 0 else "Nothing to invoice."
    due = terms.due_on(today) if total > 0 else None
    return MonthInvoice(client["id"], client["name"], patients_of(lines), total, due, why)


async def _issue(
    session: Session, draft: MonthInvoice, facts: dict[str, Any], lines: Sequence[InvoiceLine]
) -> UUID:
    revision = await session.value(
        "SELECT coalesce(max(revision), 0) + 1 FROM care_invoices WHERE tenant_id = current_tenant() AND client_id = $1"
        " AND month = $2",
        draft.client_id,
        facts["month"],
    )
    about = {
        "kind": "invoice",
        "client_id": draft.client_id,
        "revision": revision,
        "due_on": draft.due_on,
        "total_cents": draft.total_cents,
    }
    invoice_id = await insert(session, facts | about, [asdict(one) for one in lines])
    row = ("invoice", invoice_id, Move(invoice_id, draft.total_cents))
    await write(session, draft.client_id, [row], facts["issued_at"])
    return invoice_id


async def _use_credit(session: Session, issued: MonthInvoice, at: datetime) -> None:
    assert issued.invoice_id and issued.due_on
    await lock_account(session, issued.client_id)
    invoice = Open(issued.invoice_id, issued.due_on, issued.total_cents)
    moves = credit_used(await credit_of(session, issued.client_id), [invoice])
    await write(session, issued.client_id, [("credit_used", invoice.invoice_id, one) for one in moves], at)
