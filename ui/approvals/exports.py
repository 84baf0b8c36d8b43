"""Approvals and moved work as they leave."""

from typing import Any

from domain.approvals.process import KIND_WORDS
from domain.paging import Page
from domain.tenancy import Actor
from services.approvals import reading
from services.approvals.views import ApprovalLine
from services.reassignment.reading import list_moves, moved_rows
from services.reassignment.views import MovedItem, WorkMoveLine
from ui.page import identifier
from ui.parts.money import decimal

HEADINGS = (
    "Approval", "Kind", "What", "Amount", "State", "Asked by", "With", "Level", "Levels", "Asked", "Due", "Decided",
)  # fmt: skip
MOVES = (
    "Move",
    "Of",
    "For how long",
    "Until",
    "State",
    "Items",
    "Moved",
    "Not moved",
    "Came back",
    "Asked by",
    "Asked",
)
MOVED = ("Item", "To", "Why", "Moved", "Instead", "Came back", "Instead of coming back")


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[ApprovalLine]:
    """Approvals of a filter."""
    scope = query.get("scope", "open")
    kind = query.get("kind", "")
    return await reading.list_approvals(
        actor,
        scope=scope if scope in reading.SCOPES else "open",
        kind=kind if kind in KIND_WORDS else "",
        cursor=cursor,
        limit=size,
    )


def cells(one: ApprovalLine) -> tuple[Any, ...]:
    """An approval's row."""
    return (
        one.reference, one.kind_label, one.summary, decimal(one.amount_cents),
        one.state_label, one.requester_name, one.waits_with, one.level, one.levels, one.created_at, one.due_at, one.decided_at,
    )  # fmt: skip


async def move_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[WorkMoveLine]:
    """Every move."""
    return await list_moves(actor, cursor=cursor, limit=size)


def move_cells(one: WorkMoveLine) -> tuple[Any, ...]:
    """A move's row."""
    return (
        one.reference, one.from_name, one.mode_label, one.until, one.state_label,
        one.total, one.done, one.refused, one.back, one.requested_by_name, one.created_at,
    )  # fmt: skip


async def row_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[MovedItem]:
    """The items of one move."""
    return await moved_rows(
        actor,
        identifier(query.get("move", "")),
        refused=query.get("show") == "refused",
        cursor=cursor,
        limit=size,
    )


def row_cells(one: MovedItem) -> tuple[Any, ...]:
    """An item's row."""
    moved, back = (None if code is None else not code for code in (one.code, one.back_code))
    return one.title, one.to_name or "the queue", one.why, moved, one.message, back, one.back_message
