"""Deciding on what others ask for, and taking back what one asked for oneself."""

from typing import Any
from uuid import UUID

from activities import work_acts
from activities.approvals.opening import needless
from database.session import Session
from domain.approvals.process import OPEN
from domain.refusals import Conflict, FieldError, Invalid, NotAllowed
from domain.work import checked_comment
from policies.permissions import Permission as P
from services import door
from services.approvals.reading import WITHDRAWN, approval_row, approval_view

DECISIONS = ("approve", "refuse")
_LOCK = """
SELECT id FROM work_items WHERE tenant_id = current_tenant() AND subject_type = 'approval' AND subject_id = $1
ORDER BY id DESC LIMIT 1 FOR UPDATE
"""
_ITEM = """
SELECT w.id, w.status, w.owner_id, w.decision, u.name FROM work_items w LEFT JOIN users u ON u.id = w.finished_by
WHERE w.tenant_id = current_tenant() AND w.id = $1
"""


@door.answering(P.APPROVALS_DECIDE, approval_view, of="approvals")
async def decide_approval(session: Session, approval_id: UUID, decision: str, comment: str = "") -> UUID:
    """Approve or refuse. Its work item is finished with it; of two who decide at once the second is told who was first."""
    if decision not in DECISIONS:
        fault = FieldError("decision", "decision.unknown", f"Choose one of: {', '.join(DECISIONS)}.")
        raise Invalid("work.decision_unknown", "This cannot be decided so.", fault.message, fields=(fault,))
    row = await approval_row(session, approval_id)
    item = await _locked_item(session, approval_id)
    if item is None or item["status"] != "open":
        raise _too_late(row, item)
    _refuse_parties(session, row)
    if item["owner_id"] is None:
        await work_acts.take(session, item["id"])
    await work_acts.complete(session, item["id"], decision, comment)
    return approval_id


@door.answering(P.WORK_VIEW, approval_view, of="approvals")
async def withdraw_approval(session: Session, approval_id: UUID, reason: str) -> UUID:
    """Take back what one asked for, while nobody has decided."""
    text = checked_comment(reason, required=True, field="reason")
    row = await approval_row(session, approval_id)
    if row["requester_id"] != session.actor.user_id:
        raise NotAllowed(
            "approval.not_yours", "Somebody else asked for this.", "Refuse it, if you may decide."
        )
    item = await _locked_item(session, approval_id)
    if row["state"] not in OPEN or item is None or item["status"] != "open":
        raise _too_late(row, item)
    sealed = (await session.key()).seal(WITHDRAWN, text.encode())
    await session.execute("UPDATE approvals SET withdrawn_reason = $2 WHERE id = $1", approval_id, sealed)
    await needless(session, approval_id, "withdrawn")
    return approval_id


async def _locked_item(session: Session, approval_id: UUID) -> Any:
    """The newest item of the approval. Whoever comes second waits here for the first, and then reads who it was."""
    return await session.row(_ITEM, await session.value(_LOCK, approval_id))


def _too_late(row: Any, item: Any) -> Conflict:
    if item is not None and item["status"] == "done" and item["name"]:
        words = "approved" if item["decision"] == "approve" else "refused"
        title = f"{item['name']} has {words} this meanwhile."
        return Conflict("approval.decided", title, "Reload to see what came of it.")
    if row["state"] in OPEN:
        return Conflict(
            "approval.on_its_way", "This is on its way to whoever decides.", "Try again in a moment."
        )
    return Conflict("approval.ended", "This needs no decision any more.", "Reload to see why.")


def _refuse_parties(session: Session, row: Any) -> None:
    me = session.actor.user_id
    if me == row["requester_id"] or me in row["excluded"]:
        raise NotAllowed(
            "approval.not_another",
            "Whoever asked, whose work it is, or who decided before does not decide.",
            "Another person who may decide does.",
        )
