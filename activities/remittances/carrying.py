"""The patient's share that one payer names is the next payer's to answer for: carried to the receivable, each source once.

So the ledger ends the same whether a payer's correction comes before or after the next payer was asked.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from database.session import Session
from domain.remittances.ledger import transfer_entries

# CLPs of payers before the one asked now, whose share of the patient has not been carried on.
_SHARES = """
SELECT rc.id AS source_id, rc.claim_id, sum(l.amount_cents)::bigint AS cents
FROM remittance_claims rc
JOIN claims c ON c.tenant_id = rc.tenant_id AND c.id = rc.claim_id
JOIN claim_versions asked ON asked.tenant_id = c.tenant_id AND asked.claim_id = c.id AND asked.version = c.current_version
JOIN claim_versions v ON v.tenant_id = rc.tenant_id AND v.claim_id = rc.claim_id AND v.version = rc.claim_version
JOIN ledger_entries l ON l.tenant_id = rc.tenant_id AND l.posting_id = rc.id AND l.claim_id = rc.claim_id
    AND l.account = 'patient'
WHERE rc.tenant_id = current_tenant() AND rc.claim_id = ANY($1::uuid[])
    AND strpos('PST', v.rank) < strpos('PST', asked.rank)
    AND NOT EXISTS (SELECT 1 FROM claim_transfers t WHERE t.tenant_id = rc.tenant_id AND t.source_id = rc.id)
GROUP BY rc.id, rc.claim_id HAVING sum(l.amount_cents) <> 0 ORDER BY rc.id
"""
# Work items by whose decision a denied balance became the patient's.
_GIVEN = """
SELECT w.id AS source_id, l.claim_id, sum(l.amount_cents)::bigint AS cents
FROM ledger_entries l JOIN work_items w ON w.tenant_id = l.tenant_id AND w.id = l.posting_id
WHERE l.tenant_id = current_tenant() AND l.claim_id = ANY($1::uuid[]) AND l.account = 'patient' AND w.decision = 'patient'
    AND NOT EXISTS (SELECT 1 FROM claim_transfers t WHERE t.tenant_id = l.tenant_id AND t.source_id = w.id)
GROUP BY w.id, l.claim_id HAVING sum(l.amount_cents) <> 0 ORDER BY w.id
"""


async def carry_shares(session: Session, claim_ids: Iterable[UUID]) -> None:
    """Carry on what earlier payers' remittances left to the patient. The claims are locked by the caller."""
    await _carry(session, await session.fetch(_SHARES, list(claim_ids)))


async def carry_all(session: Session, claim_id: UUID) -> None:
    """When the next payer is asked: also what a person's decision had left to the patient."""
    await carry_shares(session, [claim_id])
    await _carry(session, await session.fetch(_GIVEN, [claim_id]))


async def _carry(session: Session, sources: list[Any]) -> None:
    """One posting for each source, its id made from the source's: a source that was carried cannot be carried again."""
    postings = {row["source_id"]: uuid5(row["source_id"], "carried to the next payer") for row in sources}
    tenant_id = session.tenant_id
    await session.copy(
        "claim_transfers",
        ("tenant_id", "source_id", "posting_id", "claim_id", "amount_cents"),
        [
            (tenant_id, row["source_id"], postings[row["source_id"]], row["claim_id"], row["cents"])
            for row in sources
        ],
    )
    await session.copy(
        "ledger_entries",
        ("tenant_id", "posting_id", "account", "claim_id", "amount_cents"),
        [
            (tenant_id, postings[row["source_id"]], account, row["claim_id"], cents)
            for row in sources
            for account, cents in transfer_entries(row["cents"])
        ],
    )
