"""The rows of what practices owe: read, locked and written in one place."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from database.session import Session
from domain.care.receivables import Move, Open, Paid
from services.care.invoice_views import Moved

SOURCES = {
    "invoice": "Invoiced",
    "credit_note": "Credit note",
    "payment": "Payment",
    "reversal": "Payment reversed",
    "credit_used": "Credit used",
    "to_credit": "Moved to the practice's credit",
}
_OPEN = """
SELECT i.id, i.due_on, sum(r.amount_cents)::bigint AS balance FROM care_invoices i
JOIN care_receivables r ON r.tenant_id = i.tenant_id AND r.invoice_id = i.id
WHERE i.tenant_id = current_tenant() AND i.client_id = $1 AND ($2::uuid IS NULL OR i.id = $2)
GROUP BY i.id, i.due_on, i.number HAVING sum(r.amount_cents) > 0 ORDER BY i.due_on, i.number
"""
_PAID = """
SELECT invoice_id,
    coalesce(-sum(amount_cents) FILTER (WHERE source NOT IN ('invoice', 'credit_note')), 0)::bigint AS paid,
    coalesce(-sum(amount_cents) FILTER (WHERE source = 'credit_used'), 0)::bigint AS used
FROM care_receivables WHERE tenant_id = current_tenant() AND client_id = $1 AND invoice_id IS NOT NULL
GROUP BY invoice_id ORDER BY max(at) FILTER (WHERE source = 'credit_used') DESC NULLS LAST, invoice_id
"""
_MOVED = """
SELECT r.at, r.source, r.amount_cents, coalesce(p.reference, '') AS reference FROM care_receivables r
LEFT JOIN care_payments p ON p.tenant_id = r.tenant_id AND p.id = r.source_id
WHERE r.tenant_id = current_tenant() AND r.invoice_id = $1 ORDER BY r.id
"""


async def lock_account(session: Session, client_id: UUID) -> None:
    """Hold what a practice owes until the transaction ends: two people at once would both spend the same credit."""
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
        f"{session.tenant_id}/care_receivables/{client_id}",
    )


async def open_of(session: Session, client_id: UUID, invoice_id: UUID | None = None) -> list[Open]:
    """A practice's open invoices, those first that were due first; of one invoice alone when it is named."""
    rows = await session.fetch(_OPEN, client_id, invoice_id)
    return [Open(row["id"], row["due_on"], row["balance"]) for row in rows]


async def credits_of(session: Session, client_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The credit in cents of those practices that have one."""
    rows = await session.fetch(
        "SELECT client_id, -sum(amount_cents)::bigint AS cents FROM care_receivables"
        " WHERE tenant_id = current_tenant() AND client_id = ANY($1) AND invoice_id IS NULL"
        " GROUP BY client_id HAVING sum(amount_cents) < 0",
        list(client_ids),
    )
    return {row["client_id"]: row["cents"] for row in rows}


async def credit_of(session: Session, client_id: UUID) -> int:
    """The credit that a practice has, in cents."""
    return (await credits_of(session, [client_id])).get(client_id, 0)


async def write(
    session: Session,
    client_id: UUID,
    moves: Sequence[tuple[str, UUID, Move]],
    at: datetime | None = None,
) -> None:
    """Append rows in one statement, by source and what it was: the trigger looks at their sums together."""
    moment = at or datetime.now(UTC)
    rows = [
        (session.tenant_id, client_id, move.invoice_id, source, source_id, move.cents, moment)
        for source, source_id, move in moves
    ]
    columns = ("tenant_id", "client_id", "invoice_id", "source", "source_id", "amount_cents", "at")
    await session.copy("care_receivables", columns, rows)


async def moves_of(session: Session, source_id: UUID, source: str) -> list[Move]:
    """The rows of one payment or credit note."""
    rows = await session.fetch(
        "SELECT invoice_id, amount_cents FROM care_receivables WHERE tenant_id = current_tenant() AND source_id = $1"
        " AND source = $2 ORDER BY id",
        source_id,
        source,
    )
    return [Move(row["invoice_id"], row["amount_cents"]) for row in rows]


async def paid_of(session: Session, client_id: UUID) -> list[Paid]:
    """What was paid of each invoice of a practice, those first on which credit was used last."""
    rows = await session.fetch(_PAID, client_id)
    return [Paid(row["invoice_id"], row["paid"], row["used"]) for row in rows]


async def moved_on(session: Session, invoice_id: UUID) -> list[Moved]:
    """What happened on an invoice, the earliest first."""
    rows = await session.fetch(_MOVED, invoice_id)
    return [
        Moved(row["at"], row["source"], SOURCES[row["source"]], row["reference"], row["amount_cents"])
        for row in rows
    ]
