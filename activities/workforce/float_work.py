"""The work of a float assignment: the offer, what is put into the person's hands, and what leaves them at the end."""

from typing import Any
from uuid import UUID

from activities.work import close_items, open_item
from database.crypto import TenantKey
from database.float_states import FloatState
from database.notifications import notify
from database.session import Session
from domain import work
from domain.notifications import Notice
from domain.work import Kind
from domain.workforce.float_drafts import draft_note

# As `services.work` keeps them: what is handed back is read there.
NOTE_BODY, DRAFT_BODY = "notes.body", "drafts.body"
RETURN_COMMENT, COMMENT, REASON = (
    "work_items.return_comment",
    "work_items.comment",
    "float_assignments.reason",
)
SUBJECT = "float_assignment"

# What is delegated finishes its way first; what asks for other eyes never comes.
_PLACE = """
WITH placed AS (
    UPDATE work_items SET float_id = $1, float_from = owner_id, owner_id = $2, taken_at = now(), version = version + 1
    WHERE id = ANY($3::uuid[]) AND status = 'open' AND owner_id IS DISTINCT FROM $2 AND return_to IS NULL
        AND NOT ($2 = ANY(excluded)) RETURNING id)
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail)
SELECT $4, id, $5, 'assigned', 'to ' || (SELECT name FROM users WHERE id = $2) || ', ' || $6 FROM placed
"""
_HELD = """
SELECT id, subject_id, float_from FROM work_items
WHERE tenant_id = current_tenant() AND float_id = $1 AND status = 'open' AND owner_id = $2 ORDER BY id FOR UPDATE
"""
_HAND_BACK = """
UPDATE work_items SET owner_id = float_from, taken_at = CASE WHEN float_from IS NULL THEN NULL ELSE now() END,
    float_id = NULL, float_from = NULL, return_to = NULL, return_comment = coalesce($2, return_comment),
    version = version + 1
WHERE id = $1
"""
# What the person delegated returns to whose it was; where it was nobody's it stays with whom it was given.
_DELEGATED = """
UPDATE work_items SET return_to = float_from, float_id = NULL, float_from = NULL, version = version + 1
WHERE tenant_id = current_tenant() AND float_id = $1 AND status = 'open' AND return_to = $2
"""
_DRAFTS = """
SELECT form, body FROM drafts WHERE tenant_id = current_tenant() AND user_id = $1
    AND EXISTS (SELECT 1 FROM unnest($2::text[]) AS t (id) WHERE position(t.id IN form) > 0) ORDER BY form FOR UPDATE
"""
_NOTE = """
INSERT INTO notes (tenant_id, subject_type, subject_id, body, author_id, author_name)
SELECT $1, 'work_item', $2, $3, $4, name FROM users WHERE id = $4
"""
_REMEMBER = """
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail) VALUES ($1, $2, $3, 'returned', $4)
"""


def workflow_id(tenant_id: UUID, assignment_id: UUID) -> str:
    """The id of an assignment's process."""
    return f"{tenant_id}/float_assignment/{assignment_id}"


async def offer(session: Session, state: FloatState) -> None:
    """Put the offer into the hands of whom it asks, and tell them."""
    await open_item(
        session,
        f"float:{state.id}:offer",
        Kind.FLOAT_OFFER,
        work.title(Kind.FLOAT_OFFER, state.reference),
        subject_type=SUBJECT,
        subject_id=state.id,
        workflow_id=workflow_id(session.tenant_id, state.id),
        due_at=state.answer_by,
        owner_id=state.user_id,
    )
    await tell(session, state, [state.user_id], "offered", f"{state.reference} is offered to you")


async def remind(session: Session, state: FloatState) -> None:
    """Make the offer the first thing in the person's queue."""
    await session.execute(
        "UPDATE work_items SET priority = 1, follow_up_at = NULL, version = version + 1"
        " WHERE subject_type = $2 AND subject_id = $1 AND kind = 'float_offer' AND status = 'open'",
        state.id,
        SUBJECT,
    )


async def close_offer(session: Session, state: FloatState, by: UUID | None, decision: str) -> None:
    """Close the offer when it was answered elsewhere, or became needless."""
    await close_items(session, SUBJECT, state.id, [Kind.FLOAT_OFFER], decision=decision if by else "", by=by)


async def tell(session: Session, state: FloatState, people: list[UUID | None], key: str, title: str) -> None:
    """Notify these people once of a fact."""
    await notify(
        session,
        [one for one in people if one],
        kind=Notice.FLOAT_ASSIGNMENT,
        title=title,
        href=f"/team/float/assignments/{state.id}",
        key=f"float:{state.id}:{key}",
    )


async def place_items(session: Session, state: FloatState) -> int:
    """Put single items into the person's hands, once; the number of them. Work of a client or a queue is found there."""
    if not state.item_ids:
        return 0
    return await session.execute(
        _PLACE,
        state.id,
        state.user_id,
        state.item_ids,
        session.tenant_id,
        session.actor.name,
        state.reference,
    )


async def keep_reason(session: Session, state: FloatState, item_id: UUID) -> None:
    """The comment with which an offer was declined becomes the assignment's reason."""
    sealed = await session.value("SELECT comment FROM work_items WHERE id = $1", item_id)
    if sealed is not None:
        key = await session.key()
        reason = key.seal(REASON, key.open(COMMENT, sealed))
        await session.execute("UPDATE float_assignments SET reason = $2 WHERE id = $1", state.id, reason)


async def hand_back(session: Session, state: FloatState) -> None:
    """Everything open that came with the assignment leaves the person: to whose it was, else to the queue. What they
    typed and did not finish becomes a note on the item. Watching goes on."""
    key = await session.key()
    await session.execute(_DELEGATED, state.id, state.user_id)
    for row in await session.fetch(_HELD, state.id, state.user_id):
        kept = await _keep_drafts(session, key, state, row)
        words = f"{state.reference} has ended." + (" What was not finished is in the notes." if kept else "")
        await session.execute(_HAND_BACK, row["id"], key.seal(RETURN_COMMENT, words.encode()))
        await session.execute(
            _REMEMBER, session.tenant_id, row["id"], session.actor.name, f"{state.reference} has ended"
        )
        state.handed_back += 1
        state.drafts_kept += kept


async def _keep_drafts(session: Session, key: TenantKey, state: FloatState, item: Any) -> int:
    """Turn the person's drafts about an item into notes; the number of them."""
    about = [str(one) for one in (item["id"], item["subject_id"]) if one]
    drafts = await session.fetch(_DRAFTS, state.user_id, about)
    for draft in drafts:
        fields = key.open_json(DRAFT_BODY, draft["body"])
        text = draft_note(state.reference, draft["form"], fields)
        await session.execute(
            _NOTE, session.tenant_id, item["id"], key.seal(NOTE_BODY, text.encode()), state.user_id
        )
        await session.execute(
            "DELETE FROM drafts WHERE tenant_id = current_tenant() AND user_id = $1 AND form = $2",
            state.user_id,
            draft["form"],
        )
    return len(drafts)
