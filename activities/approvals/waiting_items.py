"""The work item whose decision waits for an approval: asleep meanwhile, finished when approved, awake again when not."""

from uuid import UUID

from activities.work_acts import RETURN_COMMENT
from database.approval_states import ApprovalState
from database.session import Session
from domain.approvals.process import Event

_WAKE = """
UPDATE work_items SET follow_up_at = NULL, return_comment = coalesce($2, return_comment), version = version + 1
WHERE id = $1 AND status = 'open' RETURNING id
"""
_NOTE = """
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail) VALUES ($1, $2, $3, $4, $5)
"""


async def still_waits(session: Session, state: ApprovalState) -> bool:
    """Whether what is asked can still be done: an item that was finished meanwhile needs no approval."""
    if state.work_item_id is None:
        return True
    status = await session.value("SELECT status FROM work_items WHERE id = $1 FOR UPDATE", state.work_item_id)
    return bool(status == "open")


async def wake(session: Session, state: ApprovalState, event: Event, comment: str) -> None:
    """Give the item back to its owner, with the comment of whoever refused."""
    if state.work_item_id is None:
        return
    sealed = None
    if event is Event.REFUSED:
        words = f"{state.reference} was refused. {comment}".strip()
        sealed = (await session.key()).seal(RETURN_COMMENT, words.encode())
    if await session.value(_WAKE, state.work_item_id, sealed):
        await _note(session, state.work_item_id, f"approval_{event.value}", state.reference)


async def _note(session: Session, item_id: UUID, kind: str, detail: str) -> None:
    await session.execute(_NOTE, session.tenant_id, item_id, session.actor.name, kind, detail)
