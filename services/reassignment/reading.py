"""Moves of work as those who assign work see them, and what moves of patients show as well."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from activities.reassignment.asking import WORK, Moves
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, number_in, page_size, uuid_in
from domain.process_model import draw
from domain.reassignment.process import MODE_WORDS, OUTCOME_WORDS, STAGES, Event, Mode, State
from policies.permissions import Permission as P
from services import door
from services.reassignment.views import (
    MovedItem,
    MoveEventView,
    Receiver,
    WorkMoveLine,
    WorkMoveView,
)

_LINE = """
SELECT r.*, f.name AS from_name, q.name AS requested_by_name FROM reassignments r
JOIN users f ON f.id = r.from_user_id JOIN users q ON q.id = r.requested_by WHERE r.tenant_id = current_tenant()
"""
_ROWS = """
SELECT r.place, coalesce(u.name, '') AS to_name, r.why, r.code, r.message, r.back_code, r.back_message, r.work_item_id,
    w.title, r.part
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
_STORED = (
    "id", "reference", "mode", "until", "state", "outcome", "total", "done", "refused", "back", "requested_by",
    "requested_by_name", "approval_id", "created_at",
)  # fmt: skip
_ACTS = {Event.CANCELLED: "cancel", Event.DUE: "return_now", Event.UNDONE: "undo"}


@door.query(P.WORK_ASSIGN)
async def list_moves(
    session: Session, *, from_user_id: UUID | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page[WorkMoveLine]:
    """Moves of work, the newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_LINE} AND ($1::uuid IS NULL OR r.from_user_id = $1) AND ($2::uuid IS NULL OR r.id < $2)"
        f" ORDER BY r.id DESC LIMIT {size + 1}",
        from_user_id,
        uuid_in(cursor) if cursor else None,
    )
    lines = [_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(P.WORK_ASSIGN, of="reassignments", phi=True)
async def get_move(session: Session, reassignment_id: UUID) -> WorkMoveView:
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
) -> Page[MovedItem]:
    """The items of a move with the outcome of each; `refused`: only those that did not move, or did not come back."""
    size = page_size(limit)
    after = number_in(cursor) if cursor else 0
    rows = await session.fetch(_ROWS, reassignment_id, after, refused, size + 1)
    items = [MovedItem(*list(row)[1:]) for row in rows[:size]]
    return Page(items, encode_cursor(rows[size - 1]["place"]) if len(rows) > size else None)


async def move_view(session: Session, move_id: UUID) -> WorkMoveView:
    """The move as it stands."""
    row = await session.row(f"{_LINE} AND r.id = $1", move_id)
    received = [
        Receiver(one["to_user_id"], one["name"], one["planned"], one["n"], True)
        for one in await session.fetch(_RECEIVED, move_id)
    ]
    return WorkMoveView(line=_line(row), received=received, **await view_facts(session, WORK, row))


def _line(row: Any) -> WorkMoveLine:
    return WorkMoveLine(**line_facts(row), from_user_id=row["from_user_id"], from_name=row["from_name"])


def line_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored move as the fields of `MoveLine`; a closed one shows how it ended."""
    stage = STAGES[State(row["state"])]
    label, tone = stage.label, stage.tone
    if row["state"] == State.CLOSED:
        label, tone = OUTCOME_WORDS.get(row["outcome"], (label, tone))
    stored = {name: row[name] for name in _STORED}
    return stored | {"mode_label": MODE_WORDS[Mode(row["mode"])], "state_label": label, "tone": tone}


async def view_facts(session: Session, moves: Moves, row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored move as the fields of `MoveView`, but for its line."""
    key, ended = await session.key(), row["end_reason"]
    events = await session.fetch(
        f"SELECT at, kind, actor_name, summary FROM {moves.rows.events} WHERE {moves.rows.of} = $1 ORDER BY id",
        row["id"],
    )
    possible = STAGES[State(row["state"])].events
    return {
        "id": row["id"],
        "version": row["version"],
        "reason": key.open(moves.reason, row["reason"]).decode(),
        "end_reason": key.open(moves.end_reason, ended).decode() if ended else "",
        "until_moment": row["ring_at"],
        "events": [MoveEventView(*one) for one in events],
        "diagram": draw(moves.process, row["state"], row["visited"]),
        "may": [act for event, act in _ACTS.items() if event in possible],
    }
