"""Opening and closing work items inside the sessions of other activities, so that both happen or neither."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from database.session import Session
from domain import work
from domain.work import Kind

_OPEN = """
WITH opened AS (
    INSERT INTO work_items (tenant_id, key, kind, title, detail, permission, subject_type, subject_id, workflow_id,
                            priority, due_at, excluded, skill, skill_level)
    SELECT $1, t.key, t.kind, t.title, t.detail::jsonb, t.permission, t.subject_type, t.subject_id, t.workflow_id,
           t.priority, t.due_at, t.excluded::uuid[], t.skill, t.skill_level
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[],
                $10::smallint[], $11::timestamptz[], $12::text[], $13::text[], $14::smallint[])
         AS t (key, kind, title, detail, permission, subject_type, subject_id, workflow_id, priority, due_at,
               excluded, skill, skill_level)
    ON CONFLICT (tenant_id, key) DO NOTHING
    RETURNING id
)
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind) SELECT $1, id, $15, 'opened' FROM opened
"""
_FINISHED = """
SELECT count(*) FROM work_items WHERE subject_type = $1 AND subject_id = $2 AND kind = $3 AND status <> 'open'
"""
_CLOSE = """
WITH closed AS (
    UPDATE work_items SET status = $4, decision = $5, finished_at = now(), finished_by = $6, follow_up_at = NULL,
           version = version + 1
    WHERE subject_type = $2 AND subject_id = ANY($3::uuid[]) AND status = 'open' AND (cardinality($9::text[]) = 0 OR kind = ANY($9))
    RETURNING id
)
INSERT INTO work_item_events (tenant_id, work_item_id, actor_id, actor_name, kind, detail)
SELECT $1, id, $6, $7, $8, $5 FROM closed
"""


@dataclass(frozen=True, slots=True)
class Opening:
    """An item to open. `key` comes from the opener's input (claim id and version), never from its attempt.

    `detail` holds codes, ids and cents, never PHI. Without `priority` and `due_at` the kind's own apply.
    `excluded` must not work it (four eyes); `skill` is one of the tenant's own, asked for when it is taken.
    """

    key: str
    kind: Kind
    title: str
    subject_type: str = ""
    subject_id: UUID | None = None
    workflow_id: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    priority: int | None = None
    due_at: datetime | None = None
    excluded: tuple[UUID, ...] = ()
    skill: str = ""
    skill_level: int = 1


async def open_items(session: Session, openings: Sequence[Opening]) -> int:
    """Open them all in one statement; those whose key is known already stay as they are. The number of new ones."""
    if not openings:
        return 0
    rows = [_row(opening, datetime.now(UTC)) for opening in {one.key: one for one in openings}.values()]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return await session.execute(_OPEN, session.tenant_id, *columns, session.actor.name)


async def open_item(
    session: Session,
    key: str,
    kind: Kind | str,
    title: str,
    *,
    subject_type: str = "",
    subject_id: UUID | None = None,
    workflow_id: str = "",
    detail: dict[str, Any] | None = None,
    priority: int | None = None,
    due_at: datetime | None = None,
    excluded: Collection[UUID] = (),
    skill: str = "",
    skill_level: int = 1,
    again: bool = False,
) -> UUID:
    """Open one item, once per key; the id of the item of that key, new or old.

    With `again` a finished item does not count: what was decided and is still so must be asked anew.
    """
    if again and (finished := await session.value(_FINISHED, subject_type, subject_id, str(Kind(kind)))):
        key = f"{key}#{finished}"
    opening = Opening(
        key,
        Kind(kind),
        title,
        subject_type,
        subject_id,
        workflow_id,
        detail or {},
        priority,
        due_at,
        tuple(excluded),
        skill,
        skill_level,
    )
    await open_items(session, [opening])
    found: UUID = await session.value("SELECT id FROM work_items WHERE key = $1", key)
    return found


async def close_items(
    session: Session,
    subject_type: str,
    subject_id: UUID,
    kinds: Collection[Kind | str] = (),
    *,
    decision: str = "",
    by: UUID | None = None,
) -> int:
    """Close what is still open about a subject (of these kinds, or of all); see `close_items_of`."""
    return await close_items_of(session, subject_type, [subject_id], kinds, decision=decision, by=by)


async def close_items_of(
    session: Session,
    subject_type: str,
    subject_ids: Sequence[UUID],
    kinds: Collection[Kind | str] = (),
    *,
    decision: str = "",
    by: UUID | None = None,
) -> int:
    """Close what is still open about many subjects in one statement; the number closed.

    With a `decision` the work was done, as when the claim itself was corrected; without one it became needless.
    """
    status = "done" if decision else "cancelled"
    event = "completed" if decision else "cancelled"
    return await session.execute(
        _CLOSE,
        session.tenant_id,
        subject_type,
        list(subject_ids),
        status,
        decision,
        by,
        session.actor.name,
        event,
        [str(Kind(kind)) for kind in kinds],
    )


def _row(opening: Opening, now: datetime) -> tuple[Any, ...]:
    rules = work.KINDS[opening.kind]
    return (
        opening.key,
        str(opening.kind),
        opening.title,
        json.dumps(opening.detail, default=str),
        rules.permission,
        opening.subject_type,
        opening.subject_id,
        opening.workflow_id,
        opening.priority or rules.priority,
        opening.due_at or work.due_at(opening.kind, now),
        "{" + ",".join(str(one) for one in opening.excluded) + "}",
        opening.skill,
        opening.skill_level,
    )
