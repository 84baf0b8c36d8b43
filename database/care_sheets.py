"""What people worked, as time sheets take it, and the guard of periods whose sheet was accepted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from database.session import Session
from domain.care.sheets import Spent

REASON = "care_time_sheet_events.reason"
OTHER_NOTE = "care_other_time.note"
# Late time that somebody refused was not worked as far as the company is concerned; late time that waits was.
_SPENT = """
SELECT t.id, t.staff_id, extract(epoch FROM t.starts_at)::bigint AS starts, extract(epoch FROM t.ends_at)::bigint AS ends,
    '' AS kind, t.supersedes, t.void FROM care_time_entries t
LEFT JOIN approvals a ON a.tenant_id = t.tenant_id AND a.key = 'care_time:' || t.id
WHERE t.tenant_id = current_tenant() AND t.staff_id = ANY($1) AND t.ends_at > to_timestamp($2)
    AND t.starts_at < to_timestamp($3) AND coalesce(a.state, '') NOT IN ('refused', 'withdrawn', 'overtaken')
    AND NOT t.void AND NOT EXISTS (SELECT 1 FROM care_time_entries s WHERE s.tenant_id = t.tenant_id AND s.supersedes = t.id)
UNION ALL
SELECT o.id, o.user_id, extract(epoch FROM o.starts_at)::bigint, extract(epoch FROM o.ends_at)::bigint, o.kind,
    o.supersedes, o.void FROM care_other_time o
WHERE o.tenant_id = current_tenant() AND o.user_id = ANY($1) AND o.ends_at > to_timestamp($2)
    AND o.starts_at < to_timestamp($3)
    AND NOT o.void AND NOT EXISTS (SELECT 1 FROM care_other_time s WHERE s.tenant_id = o.tenant_id AND s.supersedes = o.id)
ORDER BY starts, ends, id
"""
_ACCEPTED = """
SELECT id FROM care_time_sheets WHERE tenant_id = current_tenant() AND user_id = $1 AND state = 'accepted'
    AND (starts_on::timestamp AT TIME ZONE zone) < $3 AND ((ends_on + 1)::timestamp AT TIME ZONE zone) > $2
"""
_NOTE = """
INSERT INTO care_time_sheet_events (tenant_id, sheet_id, kind, actor_id, actor_name)
VALUES ($1, $2, $3, $4, coalesce((SELECT name FROM users WHERE id = $4), $5))
"""
_CHANGED = """
WITH changed AS (
    UPDATE care_time_sheets SET changed_at = clock_timestamp(), version = version + 1 WHERE id = ANY($2) RETURNING id)
INSERT INTO care_time_sheet_events (tenant_id, sheet_id, kind, entry_id, reason, actor_id, actor_name)
SELECT $1, id, 'changed', $3, $4, $5, coalesce((SELECT name FROM users WHERE id = $5), $6) FROM changed
"""


async def spent_by(
    session: Session, user_ids: Sequence[UUID], window: tuple[int, int]
) -> dict[UUID, list[Spent]]:
    """The time that stands of people, touching a window of epoch seconds: neither superseded nor void nor refused."""
    found: dict[UUID, list[Spent]] = {one: [] for one in user_ids}
    for row in await session.fetch(_SPENT, list(user_ids), *window):
        found[row["staff_id"]].append(Spent(**dict(row)))
    return found


async def hold_time(session: Session, user_id: UUID, *, alone: bool = False) -> None:
    """Hold a person's time until the transaction ends: together with others who write it, or `alone` to submit or accept
    a sheet of it. So neither misses what the other does."""
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    key = f"time_sheet:{session.tenant_id}:{user_id}"
    await session.execute(f"SELECT {lock}(hashtextextended($1, 0))", key)


async def accepted_over(session: Session, user_id: UUID, starts: datetime, ends: datetime) -> list[UUID]:
    """The accepted sheets of a person that a stretch touches; no other is accepted while this transaction lasts."""
    await hold_time(session, user_id)
    rows: list[Any] = await session.fetch(_ACCEPTED, user_id, starts, ends)
    return [row["id"] for row in rows]


async def note_sheet(session: Session, sheet_id: UUID, kind: str, by: UUID | None) -> None:
    """Keep that a sheet was submitted or accepted, and by whom."""
    await session.execute(_NOTE, session.tenant_id, sheet_id, kind, by, session.actor.name)


async def mark_changed(
    session: Session, sheet_ids: Sequence[UUID], entry_id: UUID, reason: str, by: UUID | None = None
) -> None:
    """An entry of accepted sheets was changed, and why; by the session's person unless it is said by whom."""
    await session.execute(
        _CHANGED,
        session.tenant_id,
        list(sheet_ids),
        entry_id,
        (await session.key()).seal(REASON, reason.encode()),
        by or session.actor.user_id,
        session.actor.name,
    )
