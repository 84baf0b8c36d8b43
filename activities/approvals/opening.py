"""Asking for an approval, and telling the one that is open that it is not needed any more."""

import json
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from database.session import Session
from domain.refusals import Conflict

WORKFLOW = "Approval"
REASON = "approvals.reason"
Told = tuple[str, str, dict[str, Any]]
"""Who is told of the decision: a workflow's id, the update's name, and what the message holds besides."""

_ASK = """
INSERT INTO approvals (tenant_id, reference, key, kind, subject_type, subject_id, summary, amount_cents, requester_id,
    excluded, levels, reason, work_item_id, effect, tell_workflow, tell_update, tell_payload)
SELECT $1, 'AP-' || nextval('approval_reference'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
WHERE NOT EXISTS (SELECT 1 FROM approvals WHERE tenant_id = $1 AND key = $2)
ON CONFLICT (tenant_id, key) DO NOTHING RETURNING id
"""
_FINISHED = """
SELECT a.id FROM approvals a JOIN work_items w ON w.tenant_id = a.tenant_id AND w.id = a.work_item_id
WHERE a.tenant_id = current_tenant() AND a.subject_id = ANY($1::uuid[]) AND a.state IN ('asked', 'waiting')
    AND w.status <> 'open' ORDER BY a.id
"""
_ASKED_BEFORE = """
SELECT reference, state IN ('asked', 'waiting', 'approved') AS open FROM approvals
WHERE tenant_id = current_tenant() AND (key = $1 OR starts_with(key, $1 || '#'))
"""


def workflow_id(tenant_id: UUID, approval_id: UUID) -> str:
    """The id of an approval's process."""
    return f"{tenant_id}/approval/{approval_id}"


async def request_approval(
    session: Session,
    *,
    key: str,
    kind: str,
    subject_type: str,
    subject_id: UUID,
    summary: str,
    requester_id: UUID,
    excluded: Collection[UUID] = (),
    levels: int = 1,
    amount_cents: int | None = None,
    tell: Told | None = None,
    reason: str = "",
    effect: str = "",
    work_item_id: UUID | None = None,
) -> UUID:
    """Ask somebody else to approve, once per key; the id of the approval of that key, new or old.

    Its process finds who decides. The requester and the `excluded` (whose work it is) never do, and each of the `levels`
    is another person's. `summary` holds references, counts and amounts only; the `reason` is sealed.
    With `tell` that workflow gets the update of that name with its payload and `approval_id`, `approved` (false also when
    it was withdrawn or overtaken) and `by`. Comments are free text and never travel: `database.approval_states.words_of`.
    """
    others = list(dict.fromkeys(one for one in excluded if one != requester_id))
    sealed = (await session.key()).seal(REASON, reason.encode()) if reason else None
    approval_id: UUID | None = await session.value(
        _ASK, session.tenant_id, key, kind, subject_type, subject_id, summary, amount_cents, requester_id,
        others, levels, sealed, work_item_id, effect, *_told(tell),
    )  # fmt: skip
    if approval_id is None:
        known: UUID = await session.value("SELECT id FROM approvals WHERE key = $1", key)
        return known
    started = {"tenant_id": session.tenant_id, "approval_id": approval_id}
    to = workflow_id(session.tenant_id, approval_id)
    await session.tell("start", to, "", started, workflow=WORKFLOW)
    return approval_id


def _told(tell: Told | None) -> tuple[str, str, str]:
    workflow, update, payload = tell or ("", "", {})
    return workflow, update, json.dumps(payload, default=str)


async def fresh_key(session: Session, stem: str) -> str:
    """The key of a request that may be asked again once the one before has ended; refused while that is still open.

    What it is about is locked by the caller, so that two who ask at once do not both ask."""
    rows = await session.fetch(_ASKED_BEFORE, stem)
    if waiting := next((row for row in rows if row["open"]), None):
        raise Conflict(
            "approval.waits_already",
            f"This waits for the decision on {waiting['reference']} already.",
            "Wait for it, or take the request back under Approvals.",
        )
    return f"{stem}#{len(rows)}" if rows else stem


async def overtake(session: Session, approval_id: UUID, code: str) -> None:
    """Tell an approval that what it asks for is settled; `code` says why. One that has ended stays as it is."""
    await needless(session, approval_id, "overtaken", code)


async def overtake_finished(session: Session, subject_ids: Sequence[UUID]) -> None:
    """Overtake what is still asked about these subjects while the item that waited for it has just been finished."""
    for row in await session.fetch(_FINISHED, list(subject_ids)):
        await overtake(session, row["id"], "finished")


async def needless(session: Session, approval_id: UUID, event: str, code: str = "") -> None:
    """Tell an open approval's process that it is not needed: `overtaken` by what happened, or `withdrawn` by the asker."""
    request_id = await session.value("SELECT uuidv7()")
    payload = {
        "tenant_id": session.tenant_id,
        "request_id": request_id,
        "event": event,
        "code": code,
        "by": session.actor.user_id,
    }
    to = workflow_id(session.tenant_id, approval_id)
    await session.tell("update", to, "needless", payload, message_id=request_id)
