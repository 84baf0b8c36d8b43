"""What each partner has answered to a batch as a whole."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from database.expected_answers import waits_of
from database.session import Session
from domain.claims.submission import STAGES
from policies.permissions import Permission
from services import door
from services.edi.submission_views import BatchLinkView
from services.edi.submissions import stage_of

_BATCH = """
SELECT b.sent_at, count(*)::int AS claims,
    count(*) FILTER (WHERE c.current_version = p.version AND c.awaiting = '999')::int AS "999",
    count(*) FILTER (WHERE c.current_version = p.version AND c.awaiting = 'clearinghouse_277ca')::int AS clearinghouse_277ca,
    count(*) FILTER (WHERE c.current_version = p.version AND c.awaiting = 'payer_277ca')::int AS payer_277ca,
    count(*) FILTER (WHERE c.current_version = p.version AND c.awaiting = '835')::int AS "835",
    max(c.id::text)::uuid AS claim_id
FROM edi_batches b JOIN edi_batch_claims p ON p.tenant_id = b.tenant_id AND p.batch_id = b.id
JOIN claims c ON c.tenant_id = p.tenant_id AND c.id = p.claim_id
WHERE b.tenant_id = current_tenant() AND b.id = $1 GROUP BY b.sent_at
"""
_BATCH_ANSWERS = """
SELECT a.kind, a.sender, count(DISTINCT coalesce(a.claim_id, a.id)) FILTER (WHERE a.verdict = 'accepted')::int AS accepted,
    count(DISTINCT coalesce(a.claim_id, a.id)) FILTER (WHERE a.verdict IN ('rejected', 'not_found'))::int AS rejected,
    min(a.at) AS first_at, max(a.at) AS last_at
FROM acknowledgements a WHERE a.tenant_id = current_tenant() AND a.batch_id = $1 GROUP BY a.kind, a.sender
UNION ALL
SELECT '835', 'payer', count(DISTINCT rc.claim_id)::int, 0, min(r.created_at), max(r.created_at)
FROM edi_batch_claims p
JOIN remittance_claims rc ON rc.tenant_id = p.tenant_id AND rc.claim_id = p.claim_id AND rc.claim_version = p.version
JOIN remittances r ON r.tenant_id = rc.tenant_id AND r.id = rc.remittance_id
WHERE p.tenant_id = current_tenant() AND p.batch_id = $1
"""


@door.query(Permission.EDI_VIEW, of="edi_batches")
async def chain_of_batch(session: Session, batch_id: UUID) -> list[BatchLinkView]:
    """What each partner has answered to the batch so far: claims accepted, rejected and still awaited, stage by stage."""
    row = await session.row(_BATCH, batch_id)
    if row is None:
        return []
    within = (await waits_of(session, row["claim_id"])).within
    told = {
        stage_of(one["kind"], one["sender"]): one for one in await session.fetch(_BATCH_ANSWERS, batch_id)
    }
    now = datetime.now(UTC)
    stages = (stage for stage in STAGES if stage != "control_number")
    return [_batch_link(stage, told.get(stage), row, within, now) for stage in stages]


def _batch_link(
    stage: str, told: Any, row: Any, within: Mapping[str, timedelta], now: datetime
) -> BatchLinkView:
    count = row[stage] if stage in within else 0
    due = row["sent_at"] + within[stage] if row["sent_at"] and stage in within else None
    return BatchLinkView(
        stage,
        *STAGES[stage],
        told["accepted"] if told else 0,
        told["rejected"] if told else 0,
        count,
        told["first_at"] if told else None,
        told["last_at"] if told else None,
        due,
        bool(count and due and due < now),
    )
