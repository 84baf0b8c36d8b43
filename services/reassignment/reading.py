"""Moves of work as those who assign work see them."""

from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, number_in, page_size, uuid_in
from domain.reassignment.process import STAGES, Event, State, diagram
from policies.permissions import Permission as P
from services import door
from services.reassignment.views import (
    END_REASON,
    REASON,
    MovedRow,
    MoveEventView,
    MoveLine,
    MoveView,
    Receiver,
    move_line,
)

_LINE = """
SELECT r.*, f.name AS from_name, q.name AS requested_by_name FROM reassignments r
JOIN users f ON f.id = r.from_user_id JOIN users q ON q.id = r.requested_by WHERE r.tenant_id = current_tenant()
"""
_ROWS = """
SELECT r.place, r.work_item_id, w.title, r.part, coalesce(u.name, '') AS to_name, r.why, r.code, r.message, r.back_code,
    r.back_message
FROM reassignment_rows r JOIN work_items w ON w.tenant_id = r.tenant_id AND w.id = r.work_item_id
LEFT JOIN users u ON u.id = r.to_user_id
WHERE r.tenant_id = current_tenant() AND r.reassignment_id = $1 AND r.place > $2 AND (NOT $3 OR r.code <> '' OR r.back_code <> '')
ORDER BY r.place LIMIT $4
"""
_RECEIVED = """
SELECT r.to_user_id, u.name, count(*) FILTER (WHERE r.code = '') AS n, count(*) AS planned FROM reassignment_rows r
JOIN users u ON u.id = r.to_user_id WHERE r.tenant_id = current_tenant() AND r.reassignment_id = $1
GROUP BY r.to_user_id, u.name ORDER BY u.name
"""
ACTS = {Event.CANCELLED: "cancel", Event.DUE: "return_now", Event.UNDONE: "undo"}


@door.query(P.WORK_ASSIGN)
async def list_moves(
    session: Session, *, from_user_id: UUID | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page[MoveLine]:
    """Moves of work, the newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_LINE} AND ($1::uuid IS NULL OR r.from_user_id = $1) AND ($2::uuid IS NULL OR r.id < $2)"
        f" ORDER BY r.id DESC LIMIT {size + 1}",
        from_user_id,
        uuid_in(cursor) if cursor else None,
    )
    lines = [move_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(P.WORK_ASSIGN, of="reassignments")
async def get_move(session: Session, reassignment_id: UUID) -> MoveView:
    """A move with how far it is and what happened to it."""
    return await move_view(session, reassignment_id)


@door.query(P.WORK_ASSIGN, of="reassignments")
async def moved_rows(
    session: Session,
    reassignment_id: UUID,
    *,
    refused: bool = False,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[MovedRow]:
    """The items of a move with the outcome of each; `refused`: only those that did not move, or did not come back."""
    size = page_size(limit)
    after = number_in(cursor) if cursor else 0
    rows = await session.fetch(_ROWS, reassignment_id, after, refused, size + 1)
    items = [MovedRow(*list(row)[1:]) for row in rows[:size]]
    return Page(items, encode_cursor(rows[size - 1]["place"]) if len(rows) > size else None)


async def move_view(session: Session, move_id: UUID) -> MoveView:
    """The move as it stands."""
    row, key = await session.row(f"{_LINE} AND r.id = $1", move_id), await session.key()
    events = await session.fetch(
        "SELECT at, kind, actor_name, summary FROM reassignment_events WHERE reassignment_id = $1 ORDER BY id", move_id
    )  # fmt: skip
    received = await session.fetch(_RECEIVED, move_id)
    possible = STAGES[State(row["state"])].events
    return MoveView(
        id=row["id"],
        version=row["version"],
        line=move_line(row),
        reason=key.open(REASON, row["reason"]).decode(),
        end_reason=key.open(END_REASON, row["end_reason"]).decode() if row["end_reason"] else "",
        until_moment=row["ring_at"],
        received=[
            Receiver(one["to_user_id"], one["name"], one["planned"], one["n"], True) for one in received
        ],
        events=[MoveEventView(*one) for one in events],
        diagram=diagram(row["state"], row["visited"]),
        may=[words for event, words in ACTS.items() if event in possible],
    )
