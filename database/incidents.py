"""Incidents in the database: one open row for each place of a process that fails, changed in one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.approval_states import holders_of
from database.notifications import notify
from database.session import Session
from domain.incidents import What
from domain.processes import PROCESSES, parts_of

REASON = "incidents.reason"

_RECORD = """
INSERT INTO incidents AS i (tenant_id, workflow_id, run_id, kind, process_id, what, activity, activity_id, code, mends_type,
    mends_id, attempts, next_attempt_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (tenant_id, workflow_id, what, activity) WHERE state = 'open' DO UPDATE SET run_id = excluded.run_id,
    activity_id = excluded.activity_id, code = excluded.code, mends_type = excluded.mends_type, mends_id = excluded.mends_id,
    attempts = greatest(excluded.attempts, i.attempts + 1), last_failed_at = clock_timestamp(),
    next_attempt_at = excluded.next_attempt_at
RETURNING i.id, i.xmax = 0 AS fresh, i.retried_at, i.attempts
"""
_CLOSE = """
WITH closed AS (
    UPDATE incidents SET state = $2, outcome = $3, closed_at = clock_timestamp(), closed_by = $4, next_attempt_at = NULL
    WHERE tenant_id = current_tenant() AND state = 'open' AND id = ANY($1::uuid[]) RETURNING id
)
INSERT INTO incident_events (tenant_id, incident_id, kind, code, actor_id, actor_name)
SELECT $5, id, $2, $3, $4, $6 FROM closed
"""
_REMEMBER = """
INSERT INTO incident_events (tenant_id, incident_id, kind, code, actor_id, actor_name) VALUES ($1, $2, $3, $4, $5, $6)
"""


@dataclass(frozen=True, slots=True)
class Failing:
    """What goes wrong where. `mends` is the record in which the fault can be mended, type and id."""

    workflow_id: str
    what: What
    code: str
    activity: str = ""
    activity_id: str = ""
    run_id: str = ""
    attempts: int = 1
    next_attempt_at: datetime | None = None
    mends: tuple[str, UUID | None] = ("", None)


async def record(session: Session, failing: Failing) -> UUID | None:
    """Open the incident, or note that it failed again; tells the managers of a new one. None for a workflow that is not
    one of the product's processes."""
    _, kind, which = parts_of(failing.workflow_id)
    if kind not in PROCESSES:
        return None
    row = await session.row(
        _RECORD,
        session.tenant_id,
        failing.workflow_id,
        failing.run_id,
        kind,
        _process_id(session, which),
        str(failing.what),
        failing.activity,
        failing.activity_id,
        failing.code,
        failing.mends[0],
        failing.mends[1],
        failing.attempts,
        failing.next_attempt_at,
    )
    identifier: UUID = row["id"]
    if row["fresh"]:
        await remember(session, identifier, "opened", failing.code)
        await _tell(session, identifier, PROCESSES[kind].name)
    elif row["retried_at"] is not None and failing.attempts <= 1:
        await remember(session, identifier, "failed_again", failing.code)
    return identifier


async def close(
    session: Session, ids: Sequence[UUID], outcome: str, *, state: str = "resolved", by: UUID | None = None
) -> int:
    """Close these incidents, as far as they are open; how many were."""
    return await session.execute(_CLOSE, list(ids), state, outcome, by, session.tenant_id, session.actor.name)


async def open_of(
    session: Session, workflow_id: str, what: Sequence[What] = (), activity: str | None = None
) -> list[Any]:
    """The open incidents of a process, of these kinds and of this activity where they are given."""
    return await session.fetch(
        "SELECT * FROM incidents WHERE tenant_id = current_tenant() AND workflow_id = $1 AND state = 'open'"
        " AND (cardinality($2::text[]) = 0 OR what = ANY($2)) AND ($3::text IS NULL OR activity = $3)",
        workflow_id,
        [str(one) for one in what],
        activity,
    )


async def mended(
    session: Session,
    workflow_id: str,
    outcome: str,
    what: Sequence[What] = (),
    activity: str | None = None,
) -> int:
    """Close what is open about a process, by its own doing."""
    rows = await open_of(session, workflow_id, what, activity)
    return await close(session, [row["id"] for row in rows], outcome) if rows else 0


async def remember(session: Session, incident_id: UUID, kind: str, code: str = "") -> None:
    """Add to the incident's history."""
    actor = session.actor
    await session.execute(_REMEMBER, session.tenant_id, incident_id, kind, code, actor.user_id, actor.name)


async def _tell(session: Session, identifier: UUID, name: str) -> None:
    await notify(
        session,
        sorted(await holders_of(session, "incidents.manage")),
        kind="incident",
        title=f"{name}: a process cannot go on",
        href=f"/operations/incidents/{identifier}",
        key=f"incident:{identifier}",
    )


def _process_id(session: Session, which: str) -> UUID:
    """The record that a process is about; of a tenant's only process of its kind, the tenant."""
    try:
        return UUID(which[:36])
    except ValueError:
        return session.tenant_id
