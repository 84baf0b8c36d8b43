"""The watch over what was sent: learning how soon each partner answers, and acting before a filing limit passes."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.edi.messages import WatchTask
from activities.work import Opening, close_items_of, open_items
from database.expected_answers import service_date_of
from database.session import Session, tenant_session
from domain import work
from domain.calendar import ALARM_DAYS, FilingTerms, filing_limit
from domain.edi import ANSWERED_BY, WINDOW, learned
from domain.tenancy import workflow_actor

WORKFLOW = "SubmissionWatch"
LEARN_EVERY = timedelta(hours=20)

# One sample is one batch answered: thousands of claims answered by one file are one experience, not thousands. It took as
# long as its slowest claim. Received (A1) is no answer. Ids grow with time, so the window is a range of the primary key.
_ACKNOWLEDGED = """
SELECT answer, batch_id, connection_id, payer_id, ceil(extract(epoch FROM max(at) - sent_at) / 60)::bigint * 60 AS seconds
FROM (
    SELECT CASE WHEN a.kind = '999' THEN '999' WHEN a.sender = 'payer' THEN 'payer_277ca' ELSE 'clearinghouse_277ca' END
               AS answer,
           a.batch_id, b.connection_id, v.payer_id, b.sent_at, min(a.at) AS at
    FROM acknowledgements a
    JOIN edi_batches b ON b.tenant_id = a.tenant_id AND b.id = a.batch_id
    JOIN claim_versions v ON v.tenant_id = a.tenant_id AND v.claim_id = a.claim_id AND v.version = a.claim_version
    WHERE a.tenant_id = current_tenant() AND a.id > uuidv7(-$1::interval) AND a.kind IN ('999', '277CA')
        AND a.verdict <> 'received' AND b.sent_at IS NOT NULL AND a.at >= b.sent_at
    GROUP BY 1, a.batch_id, b.connection_id, v.payer_id, b.sent_at, a.claim_id
) AS told
GROUP BY answer, batch_id, connection_id, payer_id, sent_at
"""
_REMITTED = """
SELECT '835' AS answer, b.id AS batch_id, b.connection_id, v.payer_id,
    ceil(extract(epoch FROM r.created_at - b.sent_at) / 60)::bigint * 60 AS seconds
FROM remittances r
JOIN remittance_claims rc ON rc.tenant_id = r.tenant_id AND rc.remittance_id = r.id
JOIN claim_versions v ON v.tenant_id = rc.tenant_id AND v.claim_id = rc.claim_id AND v.version = rc.claim_version
JOIN edi_batch_claims p ON p.tenant_id = rc.tenant_id AND p.claim_id = rc.claim_id AND p.version = rc.claim_version
JOIN edi_batches b ON b.tenant_id = p.tenant_id AND b.id = p.batch_id
WHERE r.tenant_id = current_tenant() AND r.id > uuidv7(-$1::interval) AND b.sent_at IS NOT NULL
    AND r.created_at >= b.sent_at
GROUP BY r.id, b.id, b.connection_id, v.payer_id, r.created_at, b.sent_at
"""
_LEARNED = """
INSERT INTO expected_answers AS e (tenant_id, subject_type, subject_id, answer, samples, percentile_seconds,
    learned_seconds, learned_at)
SELECT current_tenant(), n.*, $7 FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::bigint[]) AS n
ON CONFLICT (tenant_id, subject_type, subject_id, answer) DO UPDATE SET samples = excluded.samples,
    percentile_seconds = excluded.percentile_seconds, learned_seconds = excluded.learned_seconds,
    learned_at = excluded.learned_at
"""
# What has grown too old to count is forgotten; what the tenant said stays.
_FORGOTTEN = """
UPDATE expected_answers SET samples = 0, percentile_seconds = NULL, learned_seconds = NULL, learned_at = $1
WHERE tenant_id = current_tenant() AND (learned_at IS NULL OR learned_at < $1)
"""
# No payer has accepted these: until one does, nothing proves that they were filed in time.
_UNPROVEN = """
SELECT c.id, c.reference, c.form, c.service_from, c.service_to, p.medicare, p.timely_filing_days
FROM claims c JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
WHERE c.tenant_id = current_tenant() AND c.status = ANY($1::text[])
    AND (CASE WHEN c.form = 'institutional' THEN c.service_to ELSE c.service_from END)
        + CASE WHEN p.medicare THEN 364 ELSE p.timely_filing_days END <= $2::date
ORDER BY c.id
"""
UNPROVEN = ("draft", "coding", "held", "ready", "batched", "sent", "accepted_999", "rejected_999",
            "accepted_clearinghouse", "rejected_clearinghouse", "rejected_payer")  # fmt: skip
# Once: whoever puts it back knows why.
_URGENT = """
WITH raised AS (
    UPDATE work_items SET priority = 1, version = version + 1
    WHERE tenant_id = current_tenant() AND subject_type = 'claim' AND subject_id = ANY($1::uuid[]) AND status = 'open'
        AND priority > 1 AND NOT EXISTS (SELECT 1 FROM work_item_events e WHERE e.tenant_id = work_items.tenant_id
            AND e.work_item_id = work_items.id AND e.kind = 'prioritised' AND e.actor_name = $2)
    RETURNING id
)
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail)
SELECT current_tenant(), id, $2, 'prioritised', 'the filing limit is near' FROM raised
"""
_WORKED = """
SELECT DISTINCT subject_id FROM work_items
WHERE tenant_id = current_tenant() AND subject_type = 'claim' AND subject_id = ANY($1::uuid[]) AND status = 'open'
"""
_NO_LONGER = """
SELECT subject_id FROM work_items WHERE tenant_id = current_tenant() AND kind = 'filing' AND status = 'open'
    AND subject_type = 'claim' AND subject_id <> ALL($1::uuid[])
"""


@activity.defn
async def learn_answer_times(task: WatchTask) -> int:
    """Refresh what the tenant's history says of each payer and connection, once a day; how many limits it tells."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        last = await session.value("SELECT max(learned_at) FROM expected_answers")
        if last is not None and task.now - last < LEARN_EVERY and not task.at_once:
            return 0
        rows = await session.fetch(_ACKNOWLEDGED, WINDOW) + await session.fetch(_REMITTED, WINDOW)
        told = list(_told(rows))
        if told:
            await session.execute(_LEARNED, *(list(column) for column in zip(*told, strict=True)), task.now)
        await session.execute(_FORGOTTEN, task.now)
        return sum(1 for one in told if one[5] is not None)


def _told(rows: list[Any]) -> list[tuple[str, UUID, str, int, int | None, int | None]]:
    """A row of the table for each subject and answer. A batch of several payers is one experience of its connection."""
    batches: dict[tuple[str, UUID, str], dict[Any, int]] = defaultdict(dict)
    for number, row in enumerate(rows):
        kind = ANSWERED_BY[row["answer"]]
        sample = row["batch_id"] if kind == "connection" else number
        of = batches[kind, row[f"{kind}_id"], row["answer"]]
        of[sample] = max(of.get(sample, 0), row["seconds"])
    told = []
    for (kind, subject_id, answer), samples in sorted(batches.items(), key=str):
        found = learned(answer, ((seconds, 1) for seconds in samples.values()))
        seen = int(found.percentile.total_seconds()) if found.percentile is not None else None
        within = int(found.within.total_seconds()) if found.within is not None else None
        told.append((kind, subject_id, answer, found.samples, seen, within))
    return told


@activity.defn
async def watch_filing_limits(task: WatchTask) -> int:
    """Put first what is near its filing limit and accepted by no payer, and ask somebody where nobody is asked yet.

    Answers how many claims are near. What is near no longer, or was accepted, closes by itself.
    """
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        today = task.now.astimezone(UTC).date()
        near = await _near(session, today)
        ids = [row["id"] for row, _ in near]
        await session.execute(_URGENT, ids, session.actor.name)
        worked = {row["subject_id"] for row in await session.fetch(_WORKED, ids)}
        await open_items(session, [_opening(session, *one) for one in near if one[0]["id"] not in worked])
        settled = [row["subject_id"] for row in await session.fetch(_NO_LONGER, ids)]
        await close_items_of(session, "claim", settled, [work.Kind.FILING])
        return len(near)


async def _near(session: Session, today: date) -> list[tuple[Any, date]]:
    """Claims that nobody can prove to be in time, with their limits, from the day on which somebody must act."""
    rows = await session.fetch(_UNPROVEN, list(UNPROVEN), today + timedelta(days=ALARM_DAYS))
    limits = (
        (row, filing_limit(service_date_of(row), FilingTerms(row["medicare"], row["timely_filing_days"])))
        for row in rows
    )
    return [(row, limit) for row, limit in limits if limit - timedelta(days=ALARM_DAYS) <= today]


def _opening(session: Session, row: Any, limit: date) -> Opening:
    return Opening(
        f"filing:{row['id']}:{limit}",
        work.Kind.FILING,
        work.title(work.Kind.FILING, row["reference"], f"the payer must have it by {limit}"),
        "claim",
        row["id"],
        f"{session.tenant_id}/claim/{row['id']}",
        {"limit": limit},
        due_at=datetime.combine(limit, datetime.min.time(), UTC),
    )
