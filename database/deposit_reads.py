"""Hot reads of deposits: what waits on both sides, and the three sums of days."""

from typing import Any
from uuid import UUID

from database.session import Session
from domain.deposits.day import DaySums

# Remittances that still wait for their money: posted or in quarantine, with money in them, matched to no deposit.
WAITING_REMITTANCES = """
SELECT r.id, r.trace, r.payment_cents, r.payment_date, r.payer_name, r.payer_identifier, r.method, r.status,
    coalesce(r.payment_date, (r.created_at AT TIME ZONE 'UTC')::date) AS due_from
FROM remittances r
WHERE r.tenant_id = current_tenant() AND r.status NOT IN ('duplicate', 'superseded') AND r.payment_cents <> 0
    AND NOT EXISTS (SELECT 1 FROM deposit_matches m WHERE m.tenant_id = r.tenant_id AND m.remittance_id = r.id
        AND m.undone_at IS NULL)
"""
# Patients' payments that no deposit holds yet, with the sign in which they reach the bank.
WAITING_PAYMENTS = """
SELECT p.id, p.reference, p.amount_cents, p.received_on, p.method, p.kind FROM patient_transactions p
WHERE p.tenant_id = current_tenant() AND p.kind IN ('payment', 'reversal', 'refund')
    AND NOT EXISTS (SELECT 1 FROM deposit_matches m WHERE m.tenant_id = p.tenant_id AND m.transaction_id = p.id
        AND m.undone_at IS NULL)
"""
# What stands on the cash account for a remittance (its claims and its provider level) or a patient's payment.
_LEDGER_CASH = """
(SELECT coalesce(sum(l.amount_cents), 0) FROM ledger_entries l
    WHERE l.tenant_id = m.tenant_id AND l.posting_id = coalesce(m.remittance_id, m.transaction_id) AND l.account = 'cash')
+ (SELECT coalesce(sum(l.amount_cents), 0) FROM remittance_claims c
    JOIN ledger_entries l ON l.tenant_id = c.tenant_id AND l.posting_id = c.id AND l.account = 'cash'
    WHERE c.tenant_id = m.tenant_id AND c.remittance_id = m.remittance_id)
"""
# One day's sums, for a row `d` of deposit_days. What was set aside or voided is no money of ours.
DAY_SUMS = f"""
LEFT JOIN LATERAL (
    SELECT coalesce(sum(x.amount_cents), 0)::bigint AS cash_cents, count(*)::int AS deposits,
        count(*) FILTER (WHERE x.status = 'unmatched')::int AS unmatched,
        coalesce(sum(x.amount_cents) FILTER (WHERE x.status = 'unmatched'), 0)::bigint AS unmatched_cents,
        count(*) FILTER (WHERE x.status = 'partial')::int AS partial
    FROM deposits x WHERE x.tenant_id = d.tenant_id AND x.account_id = d.account_id AND x.deposited_on = d.day
        AND x.status NOT IN ('voided', 'set_aside')
) c ON true
LEFT JOIN LATERAL (
    SELECT coalesce(sum(coalesce(r.payment_cents, p.amount_cents)), 0)::bigint AS remitted_cents,
        coalesce(sum({_LEDGER_CASH}), 0)::bigint AS ledger_cents,
        count(*) FILTER (WHERE r.status = 'quarantined')::int AS quarantined,
        coalesce(sum(r.payment_cents) FILTER (WHERE r.status = 'quarantined'), 0)::bigint AS quarantined_cents
    FROM deposits x
    JOIN deposit_matches m ON m.tenant_id = x.tenant_id AND m.deposit_id = x.id AND m.undone_at IS NULL
    LEFT JOIN remittances r ON r.tenant_id = m.tenant_id AND r.id = m.remittance_id
    LEFT JOIN patient_transactions p ON p.tenant_id = m.tenant_id AND p.id = m.transaction_id
    WHERE x.tenant_id = d.tenant_id AND x.account_id = d.account_id AND x.deposited_on = d.day
        AND x.status NOT IN ('voided', 'set_aside')
) s ON true
"""


async def lock_deposits(session: Session) -> None:
    """One change of a tenant's deposits at a time: a day cannot close while one of its deposits is being matched."""
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{session.tenant_id}deposits"
    )


async def day_sums(session: Session, day_id: UUID) -> DaySums:
    """The three sums of a day as they are now."""
    row = await session.row(f"SELECT c.*, s.* FROM deposit_days d {DAY_SUMS} WHERE d.id = $1", day_id)
    return sums_of(row)


def sums_of(row: Any) -> DaySums:
    """The sums in a row of DAY_SUMS."""
    return DaySums(
        row["cash_cents"],
        row["remitted_cents"],
        row["ledger_cents"],
        row["deposits"],
        row["unmatched"],
        row["unmatched_cents"],
        row["partial"],
        row["quarantined"],
        row["quarantined_cents"],
    )
