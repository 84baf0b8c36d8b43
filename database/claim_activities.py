"""The immutable history of a claim: one row a touch, added once per key however often an activity runs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from database.session import Session

_ADD = """
INSERT INTO claim_activities (tenant_id, claim_id, key, kind, actor_id, actor_name, summary, detail)
SELECT $1, t.claim_id, nullif(t.key, ''), t.kind, t.actor_id, coalesce(u.name, $7), t.summary, t.detail::jsonb
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $8::uuid[])
    AS t (claim_id, key, kind, summary, detail, actor_id) LEFT JOIN users u ON u.id = t.actor_id
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that happened to a claim. `summary` is a sentence without PHI; without `key` it is always added."""

    claim_id: UUID
    kind: str
    summary: str
    key: str = ""
    actor_id: UUID | None = None
    detail: dict[str, Any] = field(default_factory=dict)


async def add_touches(session: Session, touches: Iterable[Touch]) -> None:
    """Add them all in one statement."""
    rows = list(touches)
    if not rows:
        return
    await session.execute(
        _ADD,
        session.tenant_id,
        [row.claim_id for row in rows],
        [row.key for row in rows],
        [row.kind for row in rows],
        [row.summary for row in rows],
        [json.dumps(row.detail, default=str) for row in rows],
        session.actor.name,
        [row.actor_id for row in rows],
    )
