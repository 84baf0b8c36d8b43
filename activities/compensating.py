"""What a refusal undoes: a command committed its row and told a process that would not have it, because it had just ended
or been overtaken. The decision's work item is opened again with a note; a version stored too late is marked withdrawn."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from database.claim_activities import Touch, add_touches
from database.session import Session

# As `services.work` keeps the comment of who gave an item back: the next reader sees the note in its place.
RETURN_COMMENT = "work_items.return_comment"

_OPEN_AGAIN = """
UPDATE work_items SET status = 'open', decision = '', comment = NULL, finished_at = NULL, finished_by = NULL,
    return_comment = $2, version = version + 1
WHERE id = $1 AND status = 'done' RETURNING subject_type, subject_id
"""
_REMEMBER = """
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail) VALUES ($1, $2, 'Caseload', $3, $4)
"""
_REFUSED_BEFORE = "SELECT count(*) FROM work_item_events WHERE work_item_id = $1 AND kind = 'refused'"
_WITHDRAW = """
UPDATE claim_versions SET withdrawn_at = now()
WHERE claim_id = $1 AND version = $2 AND withdrawn_at IS NULL AND submitted_at IS NULL
    AND version > (SELECT current_version FROM claims WHERE id = $1)
RETURNING version
"""


async def undo(
    session: Session, name: str, workflow_id: str, payload: Mapping[str, Any], code: str, reason: str
) -> None:
    """Undo what the command of a refused update has stored. `name` is the update's; undoing twice changes nothing more."""
    if name == "decided":
        await _decide_again(session, UUID(str(payload["work_item_id"])), code, reason)
    elif name == "corrected" and (claim_id := _claim_of(workflow_id)):
        await _withdraw_version(session, claim_id, int(payload["version"]), code, reason)


async def _decide_again(session: Session, item_id: UUID, code: str, reason: str) -> None:
    """Open the item again. One whose process will have nothing of it for the second time is no longer needed."""
    key = await session.key()
    note = f"The decision was refused: {reason} It has changed nothing."
    row = await session.row(_OPEN_AGAIN, item_id, key.seal(RETURN_COMMENT, note.encode()))
    if row is None:
        return  # the decision came from a page, not from an item, or the item is open again already
    # The same item will be decided again under the same id: the message that was refused makes way.
    await session.execute("DELETE FROM outbox WHERE id = $1", item_id)
    before = await session.value(_REFUSED_BEFORE, item_id)
    await session.execute(_REMEMBER, session.tenant_id, item_id, "refused", code)
    if before:
        await _give_up(session, item_id)


async def _give_up(session: Session, item_id: UUID) -> None:
    await session.execute(
        "UPDATE work_items SET status = 'cancelled', finished_at = now(), version = version + 1 WHERE id = $1",
        item_id,
    )
    await session.execute(_REMEMBER, session.tenant_id, item_id, "cancelled", "")


async def _withdraw_version(session: Session, claim_id: UUID, version: int, code: str, reason: str) -> None:
    if await session.value(_WITHDRAW, claim_id, version) is None:
        return
    words = f"Version {version} was withdrawn, it came too late: {reason}"
    touch = Touch(claim_id, "withdrawn", words, f"withdrawn:{version}", detail={"code": code})
    await add_touches(session, [touch])


def _claim_of(workflow_id: str) -> UUID | None:
    """The claim of a workflow id `tenant/claim/uuid`; None for another kind of process."""
    parts = workflow_id.split("/")
    return UUID(parts[2]) if len(parts) == 3 and parts[1] == "claim" else None
