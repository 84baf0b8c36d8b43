"""How long things took, by step, over a window of days: each query reads the rows of the window by an index and no others."""

from datetime import datetime
from typing import Any
from uuid import UUID

from database.session import Session

_SPREAD = (
    "count({0}) AS {1}count, coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY {0}), 0) AS {1}median,"
    " coalesce(percentile_cont(0.9) WITHIN GROUP (ORDER BY {0}), 0) AS {1}p90, coalesce(sum({0}), 0)::float8 AS {1}total"
)
# $1 since, $2 client, $3 payer. Whose hands it came into first ends its idling; what nobody took was idle to its end.
_WORKED = f"""
WITH done AS (
    SELECT w.subject_type, w.kind, w.created_at, w.finished_at, (SELECT min(e.at) FROM work_item_events e
        WHERE e.tenant_id = w.tenant_id AND e.work_item_id = w.id AND e.kind IN ('taken', 'assigned', 'delegated')) AS taken_at
    FROM work_items w
    LEFT JOIN appeals a ON w.subject_type = 'appeal' AND a.tenant_id = w.tenant_id AND a.id = w.subject_id
    LEFT JOIN claims c ON w.subject_type IN ('claim', 'appeal') AND c.tenant_id = w.tenant_id
        AND c.id = CASE w.subject_type WHEN 'claim' THEN w.subject_id ELSE a.claim_id END
    LEFT JOIN enrolments n ON w.subject_type = 'enrolment' AND n.tenant_id = w.tenant_id AND n.id = w.subject_id
    WHERE w.tenant_id = current_tenant() AND w.finished_at >= $1 AND w.status = 'done'
        AND ($2::uuid IS NULL OR coalesce(c.client_id, n.client_id) = $2)
        AND ($3::uuid IS NULL OR coalesce(c.payer_id, n.payer_id) = $3)
), spent AS (
    SELECT subject_type, kind, extract(epoch FROM coalesce(taken_at, finished_at) - created_at)::float8 AS idle,
        extract(epoch FROM finished_at - taken_at)::float8 AS work FROM done
)
SELECT subject_type, kind, {_SPREAD.format("idle", "idle_")}, {_SPREAD.format("work", "work_")} FROM spent GROUP BY 1, 2
"""
# Each answer counted from the one before it, the first from the sending.
_ANSWERED = f"""
WITH sent AS (
    SELECT b.id, b.sent_at, p.claim_id FROM edi_batches b
    JOIN edi_batch_claims p ON p.tenant_id = b.tenant_id AND p.batch_id = b.id
    JOIN claims c ON c.tenant_id = p.tenant_id AND c.id = p.claim_id
    WHERE b.tenant_id = current_tenant() AND b.sent_at >= $1 AND ($2::uuid IS NULL OR c.client_id = $2)
        AND ($3::uuid IS NULL OR c.payer_id = $3)
), answers AS (
    SELECT s.id, s.claim_id, s.sent_at, CASE WHEN a.kind = '999' THEN 'sent' WHEN a.sender = 'payer'
        THEN 'accepted_clearinghouse' ELSE 'acknowledged_999' END AS step, min(a.at) AS at
    FROM sent s JOIN acknowledgements a ON a.tenant_id = current_tenant() AND a.batch_id = s.id AND a.claim_id = s.claim_id
    WHERE a.kind IN ('999', '277CA') GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT s.id, s.claim_id, s.sent_at, 'accepted_payer', min(r.created_at) FROM sent s
    JOIN remittance_claims m ON m.tenant_id = current_tenant() AND m.claim_id = s.claim_id
    JOIN remittances r ON r.tenant_id = m.tenant_id AND r.id = m.remittance_id AND r.created_at >= s.sent_at
    GROUP BY 1, 2, 3
), spent AS (
    SELECT step, extract(epoch FROM at - lag(at, 1, sent_at) OVER (PARTITION BY id, claim_id ORDER BY at))::float8 AS seconds
    FROM answers
)
SELECT step, {_SPREAD.format("seconds", "")} FROM spent WHERE seconds >= 0 GROUP BY step
"""
_APPEALED = f"""
WITH told AS (
    SELECT e.kind AS step, e.at, lead(e.at) OVER (PARTITION BY e.appeal_id ORDER BY e.at) AS until
    FROM appeals a JOIN appeal_events e ON e.tenant_id = a.tenant_id AND e.appeal_id = a.id
    JOIN claims c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
    WHERE a.tenant_id = current_tenant() AND (a.closed_at IS NULL OR a.closed_at >= $1)
        AND ($2::uuid IS NULL OR c.client_id = $2) AND ($3::uuid IS NULL OR a.payer_id = $3)
), spent AS (SELECT step, extract(epoch FROM until - at)::float8 AS seconds FROM told
    WHERE until >= $1 AND step IN ('sent', 'acknowledged'))
SELECT step, {_SPREAD.format("seconds", "")} FROM spent GROUP BY step
"""
_ENROLLED = f"""
WITH told AS (
    SELECT s.step, s.at, lead(s.at) OVER (PARTITION BY s.enrolment_id ORDER BY s.at) AS until
    FROM enrolment_steps s JOIN enrolments n ON n.tenant_id = s.tenant_id AND n.id = s.enrolment_id
    WHERE s.tenant_id = current_tenant() AND s.step <> '' AND n.updated_at >= $1
        AND ($2::uuid IS NULL OR n.client_id = $2) AND ($3::uuid IS NULL OR n.payer_id = $3)
), spent AS (SELECT step, extract(epoch FROM until - at)::float8 AS seconds FROM told
    WHERE until >= $1 AND step IN ('submitted', 'acknowledged'))
SELECT step, {_SPREAD.format("seconds", "")} FROM spent GROUP BY step
"""
_BATCHED = f"""
WITH spent AS (SELECT extract(epoch FROM sent_at - created_at)::float8 AS seconds FROM edi_batches
    WHERE tenant_id = current_tenant() AND sent_at >= $1)
SELECT {_SPREAD.format("seconds", "")} FROM spent
"""


async def worked(
    session: Session, since: datetime, client_id: UUID | None, payer_id: UUID | None
) -> list[Any]:
    """Work finished since: by what it is about and its kind, idle and working."""
    return await session.fetch(_WORKED, since, client_id, payer_id)


async def answered(
    session: Session, since: datetime, client_id: UUID | None, payer_id: UUID | None
) -> list[Any]:
    """Claims sent since: by the step at which they waited for an answer that came."""
    return await session.fetch(_ANSWERED, since, client_id, payer_id)


async def appealed(
    session: Session, since: datetime, client_id: UUID | None, payer_id: UUID | None
) -> list[Any]:
    """Appeals: by the step at which they waited for the payer."""
    return await session.fetch(_APPEALED, since, client_id, payer_id)


async def enrolled(
    session: Session, since: datetime, client_id: UUID | None, payer_id: UUID | None
) -> list[Any]:
    """Enrolments: by the step at which they waited for the payer."""
    return await session.fetch(_ENROLLED, since, client_id, payer_id)


async def batched(session: Session, since: datetime) -> list[Any]:
    """Batches: from being written to having been sent."""
    return await session.fetch(_BATCHED, since)
