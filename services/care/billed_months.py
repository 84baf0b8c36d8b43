"""Patients' months as practices are invoiced for them: their codes, what was charged, and what payers paid since."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session
from domain.care.closing import Step
from domain.care.invoicing import Basis, Served, Terms
from domain.care.snapshots import snapshot_of
from domain.refusals import Conflict

_MONTHS = """
SELECT p.id, p.client_id, t.account_number, p.snapshot, p.charge_cents FROM care_patient_months p
JOIN patients t ON t.tenant_id = p.tenant_id AND t.id = p.patient_id
WHERE p.tenant_id = current_tenant() AND p.month = $1 AND p.client_id = ANY($2) AND NOT p.superseded
    AND p.outcome IN ('billable', 'billed') ORDER BY p.client_id, t.account_number, p.id
"""
# What was paid on all claims that a patient's month ever made, up to the month's end where the practice is, less what
# earlier invoices took their share of already: what a payer takes back of a claim in whose place another one is, counts too.
# A share is owed on months whose own terms were a share of payments, whenever the money comes; and on none that
# was invoiced otherwise and stands.
_PAID = """
SELECT p.client_id, p.id, t.account_number, k.basis_points,
    (coalesce(c.cents, 0) - coalesce(x.cents, 0))::bigint AS paid
FROM care_patient_months p
JOIN patients t ON t.tenant_id = p.tenant_id AND t.id = p.patient_id
JOIN tenants h ON h.id = p.tenant_id
LEFT JOIN care_practices z ON z.tenant_id = p.tenant_id AND z.client_id = p.client_id
JOIN LATERAL (SELECT o.basis, o.basis_points FROM care_terms o WHERE o.tenant_id = p.tenant_id
    AND o.client_id = p.client_id AND o.since <= p.month ORDER BY o.since DESC, o.id DESC LIMIT 1) k ON k.basis = 'payments'
LEFT JOIN LATERAL (SELECT sum(l.amount_cents) AS cents FROM ledger_entries l WHERE l.tenant_id = p.tenant_id
    AND l.claim_id IN (SELECT m.claim_id FROM care_patient_months q
        JOIN care_month_claims m ON m.tenant_id = q.tenant_id AND m.patient_month_id = q.id
        WHERE q.tenant_id = p.tenant_id AND q.patient_id = p.patient_id AND q.month = p.month) AND l.account = 'cash'
    AND l.posted_at < ($2::date + interval '1 month') AT TIME ZONE coalesce(z.zone, h.time_zone)) c ON true
LEFT JOIN LATERAL (SELECT sum(s.sign * n.rate_cents) FILTER (WHERE n.basis = 'payments') AS cents,
        coalesce(sum(s.sign) FILTER (WHERE n.basis <> 'payments'), 0) AS otherwise
    FROM care_patient_months q
    JOIN care_invoice_lines n ON n.tenant_id = q.tenant_id AND n.patient_month_id = q.id
    JOIN care_invoices i ON i.tenant_id = n.tenant_id AND i.id = n.invoice_id,
    LATERAL (SELECT CASE i.kind WHEN 'invoice' THEN 1 ELSE -1 END AS sign) s
    WHERE q.tenant_id = p.tenant_id AND q.patient_id = p.patient_id AND q.month = p.month) x ON true
WHERE p.tenant_id = current_tenant() AND p.client_id = ANY($1) AND p.month <= $2 AND NOT p.superseded
    AND coalesce(c.cents, 0) <> coalesce(x.cents, 0) AND x.otherwise = 0
ORDER BY p.client_id, t.account_number, p.id
"""


async def must_be_closed(session: Session, first: date, *, held: bool = False) -> None:
    """Refuse a month whose care is not closed: what it comes to can still change. `held`: nor does it until the
    transaction ends, so that no invoice rests on a month that is reopened at the same moment."""
    step = await session.value(
        "SELECT step FROM care_months WHERE tenant_id = current_tenant() AND month = $1"
        f"{' FOR SHARE' if held else ''}",
        first,
    )
    if step != Step.CLOSED:
        raise Conflict(
            "care_invoice.month_open",
            f"{first:%B %Y} is not closed.",
            "Close the month under Care, Month-end; its exceptions must be settled first.",
        )


async def served_in(session: Session, first: date, terms: Mapping[UUID, Terms]) -> dict[UUID, list[Served]]:
    """The billed patients' months of each practice; and every month on whose payments it owes a share, with its terms."""
    found: dict[UUID, list[Served]] = {one: [] for one in terms}
    others = [one for one, known in terms.items() if known.basis not in (Basis.PAYMENTS, Basis.NOTHING)]
    for row in await session.fetch(_MONTHS, first, others):
        found[row["client_id"]].append(_served(row))
    for row in await session.fetch(_PAID, list(terms), first):
        under = Terms(Basis.PAYMENTS, basis_points=row["basis_points"])
        found[row["client_id"]].append(
            Served(row["id"], row["account_number"], paid_cents=row["paid"], under=under)
        )
    return found


def _served(row: Any) -> Served:
    lines = snapshot_of(json.loads(row["snapshot"])).lines
    codes = tuple((one.code, one.units) for one in lines)
    return Served(row["id"], row["account_number"], codes, row["charge_cents"])
