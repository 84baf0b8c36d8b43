"""The charge of what was sent: owed from the moment the partner has the file."""

from collections.abc import Iterable
from uuid import UUID

from database.session import Session
from domain.remittances.ledger import charge_entries

_LOCK = (
    "SELECT 1 FROM claims WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"
)
# The charge of this version less what earlier versions charged: a replacement posts only the difference, and a void
# takes the charge back, so that the payer's reversal leaves nothing open. A later payer's void takes back nothing: what
# the payers before have paid stands, and what this one was asked for is open again.
_CHARGES = """
SELECT v.claim_id, CASE WHEN v.frequency = '8' AND v.rank = 'P' THEN 0 ELSE v.charge_cents END - coalesce((SELECT sum(l.amount_cents) FROM ledger_entries l
        WHERE l.tenant_id = v.tenant_id AND l.claim_id = v.claim_id AND l.posting_id = v.claim_id
        AND l.account = 'receivable'), 0)::bigint AS cents
FROM unnest($1::uuid[], $2::int[]) AS sent (claim_id, version)
JOIN claim_versions v ON v.claim_id = sent.claim_id AND v.version = sent.version
WHERE v.tenant_id = current_tenant() AND NOT EXISTS (SELECT 1 FROM claim_versions later
    WHERE later.tenant_id = v.tenant_id AND later.claim_id = v.claim_id AND later.version > v.version
    AND later.submitted_at IS NOT NULL)
"""
_SUBMITTED = """
UPDATE claim_versions v SET submitted_at = now() FROM unnest($1::uuid[], $2::int[]) AS sent (claim_id, version)
WHERE v.tenant_id = current_tenant() AND v.claim_id = sent.claim_id AND v.version = sent.version AND v.submitted_at IS NULL
RETURNING v.claim_id, v.version
"""


async def charge_sent(session: Session, versions: Iterable[tuple[UUID, int]]) -> None:
    """Mark these versions of claims as submitted and enter their charges, each once.

    A payer's answer may come before the sender has told that the file arrived; then the answer is the proof.
    """
    ids, numbers = _columns(versions)
    await session.execute(_LOCK, ids)
    ids, numbers = _columns(tuple(row) for row in await session.fetch(_SUBMITTED, ids, numbers))
    entries = [
        (session.tenant_id, row["claim_id"], account, row["claim_id"], cents)
        for row in await session.fetch(_CHARGES, ids, numbers)
        for account, cents in charge_entries(row["cents"])
    ]
    await session.copy(
        "ledger_entries", ("tenant_id", "posting_id", "account", "claim_id", "amount_cents"), entries
    )


def _columns(versions: Iterable[tuple[UUID, int]]) -> tuple[list[UUID], list[int]]:
    pairs = list(versions)
    return [claim_id for claim_id, _ in pairs], [version for _, version in pairs]
