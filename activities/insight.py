"""Learning from the tenant's decided claims how likely the next are denied."""

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from temporalio import activity

from database.session import Session, tenant_session
from domain.insight.features import factors_of
from domain.insight.likelihood import Example, Measure, Model, learn, measure
from domain.tenancy import workflow_actor

KEPT = 30
MOST_EXAMPLES = 200_000

# The first decision on each first submission of the last two years, as the payers' page counts them.
_EXAMPLES = f"""
SELECT DISTINCT ON (c.claim_id, c.claim_version) c.outcome IN ('denied', 'partially_denied') AS denied,
    to_char(r.payment_date, 'YYYY-MM') AS month, coalesce(v.payer_id, k.payer_id) AS payer_id, k.client_id, v.diagnoses,
    coalesce(v.submitted_at::date, r.payment_date) - k.service_from AS days,
    (SELECT array_agg(l.procedure) FROM claim_lines l
     WHERE l.tenant_id = v.tenant_id AND l.claim_id = v.claim_id AND l.version = v.version) AS procedures
FROM remittances r
JOIN remittance_claims c ON c.tenant_id = r.tenant_id AND c.remittance_id = r.id
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.claim_id AND v.version = c.claim_version
    AND v.frequency = '1'
JOIN claims k ON k.tenant_id = c.tenant_id AND k.id = c.claim_id
WHERE r.tenant_id = current_tenant() AND r.status = 'posted' AND r.payment_date > current_date - 730
    AND c.outcome NOT IN ('reversed', 'predetermination', 'forwarded')
ORDER BY c.claim_id, c.claim_version, r.payment_date, r.id, c.ordinal LIMIT {MOST_EXAMPLES}
"""


@dataclass(frozen=True, slots=True)
class LearningTask:
    """Whose history."""

    tenant_id: UUID


@activity.defn
async def learn_denials(task: LearningTask) -> int:
    """Learn anew from everything decided; the number of claims learned from. Doing it again only makes a newer row."""
    async with tenant_session(workflow_actor(task.tenant_id, "denial_learning")) as session:
        rows = await session.fetch(_EXAMPLES)
        if rows:
            await store_learned(session, await asyncio.to_thread(_examples, rows))
    return len(rows)


async def ask_to_learn(session: Session) -> None:
    """Have the tenant's behaviour learned anew soon: once for whatever is posted until then."""
    whose = {"tenant_id": str(session.tenant_id)}
    await session.tell(
        "signal_with_start",
        f"{session.tenant_id}/learning/{session.tenant_id}",
        "remitted",
        whose,
        workflow="DenialLearning",
        signal_payload=whose,
    )


def model_from(stored: dict[str, Any]) -> Model:
    """The model of a stored row."""
    counts = {(kind, key): (denied, decided) for kind, key, denied, decided in stored["counts"]}
    return Model(stored["denied"], stored["decided"], counts, stored["strength"])


def _examples(rows: list[Any]) -> list[Example]:
    return [
        Example(
            row["month"],
            factors_of(
                row["payer_id"], row["client_id"], row["procedures"] or (), row["diagnoses"], row["days"]
            ),
            row["denied"],
        )
        for row in rows
    ]


async def store_learned(session: Session, examples: list[Example]) -> None:
    """Keep what these examples teach as the newest model, and forget all but the latest few."""
    model, measured = await asyncio.to_thread(lambda: (learn(examples), measure(examples)))
    months = [one.month for one in examples]
    await session.execute(
        "INSERT INTO denial_models (tenant_id, first_month, last_month, model, measure) VALUES ($1, $2, $3, $4, $5)",
        session.tenant_id,
        min(months),
        max(months),
        json.dumps(_stored(model)),
        json.dumps(_measured(measured)) if measured else None,
    )
    await session.execute(
        "DELETE FROM denial_models WHERE id NOT IN (SELECT id FROM denial_models ORDER BY id DESC LIMIT $1)",
        KEPT,
    )


def _stored(model: Model) -> dict[str, Any]:
    counts = [[kind, key, *counted] for (kind, key), counted in sorted(model.counts.items())]
    return {"denied": model.denied, "decided": model.decided, "strength": model.strength, "counts": counts}


def _measured(measured: Measure) -> dict[str, Any]:
    return asdict(measured)
