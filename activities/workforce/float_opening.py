"""Opening a float assignment, from a form or from a proposal, inside the session of whoever asks for it."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from activities.workforce.float_assigning import WORKFLOW
from activities.workforce.float_work import workflow_id
from database.float_scope import FloatScope
from database.session import Session
from domain.refusals import Conflict
from domain.workforce.float_process import LIVE

NOTE = "float_assignments.note"

_INSERT = """
INSERT INTO float_assignments (tenant_id, reference, user_id, client_id, kinds, item_ids, starts_at, ends_at,
    first_ends_at, note, chosen, proposal_id, created_by)
VALUES ($1, 'FA-' || nextval('float_reference'), $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11) RETURNING id
"""
_BUSY = """
SELECT reference FROM float_assignments WHERE tenant_id = current_tenant() AND user_id = $1 AND state = ANY($2)
    AND starts_at < $4 AND ends_at > $3 AND id IS DISTINCT FROM $5 ORDER BY starts_at LIMIT 1
"""
_DECIDED = """
UPDATE float_proposals SET state = $2, assignment_id = $3, decided_by = $4, decided_at = now()
WHERE tenant_id = current_tenant() AND id = $1 AND state = 'open'
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who lends a hand where, from when until when (aware, UTC). `chosen` is the recommendation as it was shown."""

    user_id: UUID
    scope: FloatScope
    starts_at: datetime
    ends_at: datetime
    note: str = ""
    chosen: dict[str, Any] = field(default_factory=dict)
    proposal_id: UUID | None = None


async def busy_with(
    session: Session, user_id: UUID, starts_at: datetime, ends_at: datetime, but: UUID | None = None
) -> str:
    """The reference of an assignment that takes this person's time in that period; empty when there is none."""
    found = await session.value(_BUSY, user_id, [one.value for one in LIVE], starts_at, ends_at, but)
    return found or ""


async def lock_floats(session: Session) -> None:
    """One change of a tenant's float assignments at a time: two of them could promise the same hours."""
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{session.tenant_id}float"
    )


async def open_assignment(session: Session, plan: Plan) -> UUID:
    """Store the assignment and start its process, which offers it. Refused while the person floats elsewhere."""
    await lock_floats(session)
    other = await busy_with(session, plan.user_id, plan.starts_at, plan.ends_at)
    if other:
        raise Conflict(
            "float.busy",
            f"This person is asked or assigned in that period already: {other}.",
            "Choose another person or period, or end that assignment first.",
        )
    sealed = (await session.key()).seal(NOTE, plan.note.encode()) if plan.note else None
    assignment_id: UUID = await session.value(
        _INSERT,
        session.tenant_id,
        plan.user_id,
        plan.scope.client_id,
        list(plan.scope.kinds),
        list(plan.scope.item_ids),
        plan.starts_at,
        plan.ends_at,
        sealed,
        json.dumps(plan.chosen, default=str),
        plan.proposal_id,
        session.actor.user_id,
    )
    await session.tell(
        "start",
        workflow_id(session.tenant_id, assignment_id),
        "",
        {"tenant_id": session.tenant_id, "assignment_id": assignment_id, "user_id": plan.user_id},
        workflow=WORKFLOW,
    )
    return assignment_id


async def decide_proposal(
    session: Session, proposal_id: UUID, decision: str, user_id: UUID | None = None
) -> UUID | None:
    """Ask a candidate of a proposal, the first who is still free unless one is named, or dismiss it; the assignment."""
    row = await session.row("SELECT * FROM float_proposals WHERE id = $1 FOR UPDATE", proposal_id)
    if row["state"] != "open":
        raise Conflict(
            "float.proposal_decided", "Somebody has decided on this already.", "Open it to see what was done."
        )
    assignment_id = None
    if decision != "dismissed":
        assignment_id = await _ask(session, row, user_id)
    state = "assigned" if assignment_id else "dismissed"
    await session.execute(_DECIDED, proposal_id, state, assignment_id, session.actor.user_id)
    return assignment_id


async def _ask(session: Session, row: Any, user_id: UUID | None) -> UUID:
    scope = FloatScope(row["client_id"], (row["kind"],))
    now = await session.value("SELECT now()")
    starts_at = max(row["starts_at"], now)
    for one in json.loads(row["candidates"]):
        person = UUID(one["user_id"])
        if one["blocked"] or (user_id is not None and person != user_id) or starts_at >= row["ends_at"]:
            continue
        if user_id is not None or not await busy_with(session, person, starts_at, row["ends_at"]):
            plan = Plan(person, scope, starts_at, row["ends_at"], chosen=one, proposal_id=row["id"])
            return await open_assignment(session, plan)
    raise Conflict(
        "float.no_candidate",
        "None of the candidates can be asked any more.",
        "Assign somebody under Float pool, or dismiss this with a comment.",
    )
