"""Opening and closing work items inside the sessions of other activities, so that both happen or neither."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from activities.approvals.opening import overtake_finished
from activities.work_notices import tell_watchers_of_closing
from activities.work_routing import routed
from database.clocks import Timed, clients_of, clocks
from database.session import Session
from domain import work
from domain.work import Kind
from domain.work_clocks import Clock

_OPEN = """
WITH opened AS (
    INSERT INTO work_items (tenant_id, key, kind, title, detail, permission, subject_type, subject_id, workflow_id,
                            priority, excluded, skill, skill_level, team_id, client_id, start_by, due_at, start_warn_at,
                            due_warn_at, escalate_at, alarm_at, clock_source, owner_id, taken_at)
    SELECT $1, t.key, t.kind, t.title, t.detail::jsonb, t.permission, t.subject_type, t.subject_id, t.workflow_id,
           t.priority, t.excluded::uuid[], t.skill, t.skill_level, t.team_id, t.client_id, t.start_by, t.due_at, t.start_warn_at,
           t.due_warn_at, t.escalate_at, t.alarm_at, t.clock_source, t.owner_id, CASE WHEN t.owner_id IS NOT NULL THEN now() END
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[],
                $10::smallint[], $11::text[], $12::text[], $13::smallint[], $14::uuid[], $15::uuid[],
                $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[],
                $21::timestamptz[], $22::text[], $23::uuid[])
         AS t (key, kind, title, detail, permission, subject_type, subject_id, workflow_id, priority, excluded, skill,
               skill_level, team_id, client_id, start_by, due_at, start_warn_at, due_warn_at, escalate_at, alarm_at,
               clock_source, owner_id)
    ON CONFLICT (tenant_id, key) DO NOTHING
    RETURNING id, owner_id),
told AS (
    INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail)
    SELECT $1, o.id, $24, e.kind, e.detail FROM opened o LEFT JOIN users u ON u.id = o.owner_id
    CROSS JOIN LATERAL (VALUES ('opened', ''), ('assigned', 'to ' || u.name)) AS e (kind, detail) WHERE e.detail IS NOT NULL)
SELECT count(*) FROM opened
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

    `detail` holds codes, ids and cents, never PHI. Without `priority` the kind's own applies, without `due_at` the rules
    of clocks; the table of routing stands above them.
    `excluded` must not work it (four eyes). `skill` is one of the tenant's own and `team_id` a team whose people, and those
    of the teams below, are the candidates: both are looked at when it is taken. With `owner_id` it is somebody's at once.
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
    team_id: UUID | None = None
    permission: str = ""  # of those who may take it; empty: the kind's own
    owner_id: UUID | None = None


async def open_items(session: Session, openings: Sequence[Opening]) -> int:
    """Open them all in one statement; those whose key is known already stay as they are. The number of new ones."""
    if not openings:
        return 0
    distinct = await routed(session, list({one.key: one for one in openings}.values()))
    rows = [
        (*_row(one), *timed, one.owner_id)
        for one, timed in zip(distinct, await _timed(session, distinct), strict=True)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    opened: int = await session.value(_OPEN, session.tenant_id, *columns, session.actor.name)
    return opened


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
    team_id: UUID | None = None,
    owner_id: UUID | None = None,
    again: bool = False,
) -> UUID:
    """Open one item, once per key; the id of the item of that key, new or old.

    With `again` a finished item does not count: what was decided and is still so must be asked anew.
    """
    if again and (finished := await session.value(_FINISHED, subject_type, subject_id, str(Kind(kind)))):
        key = f"{key}#{finished}"
    opening = Opening(
        key, Kind(kind), title, subject_type, subject_id, workflow_id, detail or {}, priority, due_at,
        tuple(excluded), skill, skill_level, team_id, owner_id=owner_id,
    )  # fmt: skip
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
    await tell_watchers_of_closing(
        session, subject_type, list(subject_ids), [str(Kind(kind)) for kind in kinds], by
    )
    status = "done" if decision else "cancelled"
    event = "completed" if decision else "cancelled"
    closed = await session.execute(
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
    if closed:
        await overtake_finished(session, subject_ids)
    return closed


async def _timed(session: Session, openings: Sequence[Opening]) -> list[tuple[Any, ...]]:
    """The client and the clocks of each, in the order of the statement's columns."""
    now = datetime.now(UTC)
    subjects = [(one.subject_type, one.subject_id) for one in openings if one.subject_id]
    clients = await clients_of(session, subjects)
    items = [
        Timed(
            one.kind,
            clients.get((one.subject_type, one.subject_id)) if one.subject_id else None,
            one.priority or work.KINDS[one.kind].priority,
            now,
            one.due_at,
        )
        for one in openings
    ]
    return [
        (item.client_id, *moments(found, now))
        for item, found in zip(items, await clocks(session, items), strict=True)
    ]


def moments(found: Clock, after: datetime) -> tuple[Any, ...]:
    """A clock as the columns start_by, due_at, start_warn_at, due_warn_at, escalate_at, alarm_at and clock_source.

    `after` is when somebody looked last: what is past already rings at once.
    """
    past = bool(found.reached(after, started=False))
    alarm_at = after if past else found.next_alarm(after)
    warns = (found.start_warn_at, found.due_warn_at, found.escalate_at)
    return found.start_by, found.due_at, *warns, alarm_at, found.source


def _row(opening: Opening) -> tuple[Any, ...]:
    rules = work.KINDS[opening.kind]
    return (
        opening.key,
        str(opening.kind),
        opening.title,
        json.dumps(opening.detail, default=str),
        opening.permission or rules.permission,
        opening.subject_type,
        opening.subject_id,
        opening.workflow_id,
        opening.priority or rules.priority,
        "{" + ",".join(str(one) for one in opening.excluded) + "}",
        opening.skill,
        opening.skill_level,
        opening.team_id,
    )
