"""Patients' months as practices are invoiced for them: their codes, what was charged, and what payers paid since."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from database.care_reads import practice_of
from database.session import Session
from domain.care.closing import Step, snapshot_of
from domain.care.invoicing import Basis, Served, Terms
from domain.care.month import Month
from domain.refusals import Conflict

_MONTHS = """
SELECT p.id, p.client_id, t.account_number, p.snapshot, p.charge_cents FROM care_patient_months p
JOIN patients t ON t.tenant_id = p.tenant_id AND t.id = p.patient_id
WHERE p.tenant_id = current_tenant() AND p.month = $1 AND p.client_id = ANY($2) AND NOT p.superseded
    AND p.outcome IN ('billable', 'billed') ORDER BY p.client_id, t.account_number, p.id
"""
# What was paid on a claim up to the month's end, less what earlier invoices took their share of already.
_PAID = """
SELECT p.id, t.account_number, coalesce(c.cents, 0)::bigint - coalesce(x.cents, 0)::bigint AS paid
FROM care_patient_months p
JOIN patients t ON t.tenant_id = p.tenant_id AND t.id = p.patient_id
LEFT JOIN LATERAL (SELECT sum(l.amount_cents) AS cents FROM ledger_entries l WHERE l.tenant_id = p.tenant_id
    AND l.claim_id = p.claim_id AND l.account = 'cash' AND l.posted_at < to_timestamp($3)) c ON true
LEFT JOIN LATERAL (SELECT sum(CASE i.kind WHEN 'invoice' THEN n.rate_cents ELSE -n.rate_cents END) AS cents
    FROM care_patient_months q
    JOIN care_invoice_lines n ON n.tenant_id = q.tenant_id AND n.patient_month_id = q.id AND n.basis = 'payments'
    JOIN care_invoices i ON i.tenant_id = n.tenant_id AND i.id = n.invoice_id
    WHERE q.tenant_id = p.tenant_id AND q.claim_id = p.claim_id) x ON true
WHERE p.tenant_id = current_tenant() AND p.client_id = $1 AND p.month <= $2 AND NOT p.superseded
    AND p.claim_id IS NOT NULL AND coalesce(c.cents, 0) <> coalesce(x.cents, 0) ORDER BY t.account_number, p.id
"""


async def must_be_closed(session: Session, first: date) -> None:
    """Refuse a month whose care is not closed: what it comes to can still change."""
    step = await session.value(
        "SELECT step FROM care_months WHERE tenant_id = current_tenant() AND month = $1", first
    )
    if step != Step.CLOSED:
        raise Conflict(
            "care_invoice.month_open",
            f"{first:%B %Y} is not closed.",
            "Close the month under Care, Month-end; its exceptions must be settled first.",
        )


async def served_in(session: Session, first: date, terms: Mapping[UUID, Terms]) -> dict[UUID, list[Served]]:
    """The billed patients' months of each practice; for a share of payments every month on which something was paid."""
    found: dict[UUID, list[Served]] = {one: [] for one in terms}
    by_payment = [one for one, known in terms.items() if known.basis is Basis.PAYMENTS]
    others = [one for one in terms if one not in by_payment]
    for row in await session.fetch(_MONTHS, first, others):
        found[row["client_id"]].append(_served(row))
    for client_id in by_payment:
        month = Month(first.year, first.month, (await practice_of(session, client_id)).zone)
        rows = await session.fetch(_PAID, client_id, first, month.window[1])
        found[client_id] = [Served(row["id"], row["account_number"], paid_cents=row["paid"]) for row in rows]
    return found


def _served(row: Any) -> Served:
    lines = snapshot_of(json.loads(row["snapshot"])).lines
    codes = tuple((one.code, one.units) for one in lines)
    return Served(row["id"], row["account_number"], codes, row["charge_cents"])
