"""Who is told of what happens to a work item: whoever gets it from somebody else, and whoever watches it."""

from collections.abc import Collection
from uuid import UUID

from database.notifications import notify
from database.session import Session
from domain.notifications import Notice

_ITEM = """
SELECT w.title, w.owner_id, ARRAY(SELECT x.user_id FROM work_watchers x
    WHERE x.tenant_id = w.tenant_id AND x.work_item_id = w.id) AS watchers FROM work_items w WHERE w.id = $1
"""
_CLOSED = """
SELECT x.user_id, w.id, w.title FROM work_watchers x
JOIN work_items w ON w.tenant_id = x.tenant_id AND w.id = x.work_item_id
WHERE w.tenant_id = current_tenant() AND w.subject_type = $1 AND w.subject_id = ANY($2::uuid[]) AND w.status = 'open'
    AND (cardinality($3::text[]) = 0 OR w.kind = ANY($3))
"""
# Acts that put an item into somebody's hands, as the person reads it.
_GIVEN = {
    "assigned": "assigned to you by",
    "delegated": "delegated to you by",
    "returned": "returned to you by",
}
# Attaching and asking are told with what they lead to.
_WATCHED = {
    "taken": "taken by",
    "assigned": "assigned by",
    "delegated": "delegated by",
    "returned": "returned by",
    "snoozed": "put off by",
    "prioritised": "prioritised by",
    "completed": "finished by",
    "commented": "commented on by",
    "redated": "given another due date by",
}


async def tell_of_act(
    session: Session, item_id: UUID, event_id: UUID, kind: str, *, but: Collection[UUID] = ()
) -> None:
    """Tell of one event of an item's history; not whoever did it, nor those who are told of it otherwise (`but`)."""
    if kind not in _WATCHED:
        return
    item = await session.row(_ITEM, item_id)
    actor = session.actor
    owner = item["owner_id"]
    told = {actor.user_id, *but}
    if kind in _GIVEN and owner is not None and owner not in told:
        told.add(owner)
        title = f"{item['title']}: {_GIVEN[kind]} {actor.name}"
        await _notify(session, [owner], Notice.ASSIGNED, title, item_id, f"event/{event_id}")
    if watchers := [one for one in item["watchers"] if one not in told]:
        title = f"{item['title']}: {_WATCHED[kind]} {actor.name}"
        await _notify(session, watchers, Notice.WATCHED, title, item_id, f"event/{event_id}")


async def tell_of_many(session: Session, user_id: UUID, count: int, key: str) -> None:
    """Tell somebody once of all the items that one act of somebody else gave them."""
    if count and user_id != session.actor.user_id:
        words = "1 item was" if count == 1 else f"{count:,} items were"
        title = f"{words} assigned to you by {session.actor.name}"
        await notify(session, [user_id], kind=Notice.ASSIGNED, title=title, href="/work?tab=mine", key=key)


async def tell_watchers_of_closing(
    session: Session, subject_type: str, subject_ids: list[UUID], kinds: list[str], by: UUID | None
) -> None:
    """Tell those who watch what is still open about these subjects that it ends now; called before it does."""
    for row in await session.fetch(_CLOSED, subject_type, subject_ids, kinds):
        if row["user_id"] != by:
            title = f"{row['title']}: no longer needed"
            await _notify(session, [row["user_id"]], Notice.WATCHED, title, row["id"], f"closed/{row['id']}")


async def _notify(
    session: Session, people: list[UUID], kind: Notice, title: str, item_id: UUID, key: str
) -> None:
    await notify(session, people, kind=kind, title=title, href=f"/work?item={item_id}", key=key)
