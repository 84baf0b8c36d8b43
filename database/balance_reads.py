"""What patients owe, read from the ledger: per claim, per patient, and the credit that no claim has taken."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from database.session import Session
from domain.balances.shares import Share

# Every claim that the patient's account of the ledger moves on, with what else decides whether it may be asked for.
_SHARES = """
SELECT c.patient_id, c.id AS claim_id, c.reference, c.step, c.service_from, l.cents, l.receivable_cents, l.since,
    ARRAY(SELECT DISTINCT w.kind FROM work_items w WHERE w.tenant_id = c.tenant_id AND w.subject_type = 'claim'
        AND w.subject_id = c.id AND w.status = 'open') AS outstanding,
    c.closed_reason = 'patient_settled' AND NOT EXISTS (SELECT 1 FROM patient_allocations a
        WHERE a.tenant_id = c.tenant_id AND a.claim_id = c.id) AS elsewhere
FROM claims c
JOIN LATERAL (
    SELECT coalesce(sum(e.amount_cents) FILTER (WHERE e.account = 'patient'), 0)::bigint AS cents,
        coalesce(sum(e.amount_cents) FILTER (WHERE e.account = 'receivable'), 0)::bigint AS receivable_cents,
        coalesce(min(e.posted_at) FILTER (WHERE e.account = 'patient' AND e.amount_cents > 0), now())::date AS since
    FROM ledger_entries e WHERE e.tenant_id = c.tenant_id AND e.claim_id = c.id) l ON true
WHERE c.tenant_id = current_tenant() AND c.patient_id = ANY($1::uuid[]) AND c.patient_cents <> 0
ORDER BY c.service_from, c.reference
"""
# Credit is what stands on the patient's account under their own postings and no claim; turned, so that it is positive.
CREDIT = """
SELECT t.patient_id, -sum(l.amount_cents)::bigint AS cents FROM patient_transactions t
JOIN ledger_entries l ON l.tenant_id = t.tenant_id AND l.posting_id = t.id AND l.account = 'patient' AND l.claim_id IS NULL
WHERE t.tenant_id = current_tenant() AND ($1::uuid[] IS NULL OR t.patient_id = ANY($1)) GROUP BY t.patient_id
HAVING sum(l.amount_cents) <> 0
"""
# Statements since the patient last owed nothing: a balance that came to zero begins the count anew.
_SENT = """
SELECT s.patient_id, count(*)::int AS count, max(s.statement_on) AS last_on FROM statements s
WHERE s.tenant_id = current_tenant() AND s.patient_id = ANY($1::uuid[])
    AND s.created_at > coalesce((SELECT max(t.created_at) FROM patient_transactions t
        WHERE t.tenant_id = s.tenant_id AND t.patient_id = s.patient_id AND t.settled), '-infinity')
GROUP BY s.patient_id
"""


async def shares_of(session: Session, patient_ids: Iterable[UUID]) -> dict[UUID, list[Share]]:
    """What each patient owes, claim by claim, oldest service first."""
    found: dict[UUID, list[Share]] = {}
    for row in await session.fetch(_SHARES, list(patient_ids)):
        found.setdefault(row["patient_id"], []).append(_share(row))
    return found


async def credits_of(session: Session, patient_ids: Iterable[UUID] | None) -> dict[UUID, int]:
    """The credit of each patient who has some, in cents; of all patients for None."""
    rows = await session.fetch(CREDIT, None if patient_ids is None else list(patient_ids))
    return {row["patient_id"]: row["cents"] for row in rows}


async def statements_since_zero(session: Session, patient_ids: Iterable[UUID]) -> dict[UUID, Any]:
    """How many statements each patient got since nothing was owed, and the day of the last."""
    return {row["patient_id"]: row for row in await session.fetch(_SENT, list(patient_ids))}


def _share(row: Any) -> Share:
    return Share(
        row["claim_id"],
        row["reference"],
        row["step"],
        row["cents"],
        row["receivable_cents"],
        row["service_from"],
        row["since"],
        tuple(row["outstanding"]),
        row["elsewhere"],
    )
