"""One item as the actor of an open session sees it: what every action on it answers with."""

from uuid import UUID

from database.session import Session
from domain.work import Holding
from services.work.views import WorkView, view_of

# In the order of WorkLine's fields.
LINE = (
    "w.id, w.kind, w.title, w.priority, w.status, w.due_at, w.follow_up_at, w.created_at, w.owner_id,"
    " coalesce(u.name, '') AS owner_name, w.return_comment IS NOT NULL AS returned, w.subject_type, w.subject_id, w.version"
)
_ITEM = f"""
SELECT {LINE}, w.detail, w.permission, w.return_comment, w.decision, w.comment, w.taken_at, w.finished_at,
       f.name AS finished_by_name
FROM work_items w LEFT JOIN users u ON u.id = w.owner_id LEFT JOIN users f ON f.id = w.finished_by WHERE w.id = $1
"""


async def item_view(session: Session, item_id: UUID) -> WorkView:
    """The item with its history and opened comments; it must be there."""
    row = await session.row(_ITEM, item_id)
    events = await session.fetch(
        "SELECT at, kind, actor_name, detail FROM work_item_events WHERE work_item_id = $1 ORDER BY id",
        item_id,
    )
    return view_of(row, events, session.actor, await session.key())


async def holding_of(session: Session, item_id: UUID) -> Holding:
    """Who holds the item at this moment."""
    row = await session.row(
        "SELECT w.status, w.permission, w.owner_id, u.name FROM work_items w LEFT JOIN users u ON u.id = w.owner_id"
        " WHERE w.id = $1",
        item_id,
    )
    return Holding(row["status"], row["permission"], row["owner_id"], row["name"] or "")
