"""Where moves of work, and of patients in care, stand: locked, changed in memory by the domain's table, written back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from database.process_rows import ProcessRows, facts_of
from database.session import Session
from domain.reassignment.process import STAGES, Event, Mode, State

_CHANGED = ("outcome", "ring_at", "total", "done", "refused", "back", "moved_at", "closed_at")
MOVES = ProcessRows("reassignments", _CHANGED, events="reassignment_events", of="reassignment_id")
CARE_MOVES = ProcessRows("care_moves", _CHANGED, events="care_move_events", of="move_id")


@dataclass(slots=True)
class Moving:
    """The process and facts of any move, to be changed by the activities of its workflow only."""

    id: UUID
    reference: str
    until: date | None
    requested_by: UUID
    approval_id: UUID | None
    zone: str
    outcome: str
    ring_at: datetime | None
    total: int
    done: int
    refused: int
    back: int
    moved_at: datetime | None
    closed_at: datetime | None
    mode: Mode
    state: State
    visited: list[State]

    def happened(self, event: Event) -> bool:
        """Advance by the table. False when the event is out of place here, as one that came late may be."""
        following = STAGES[self.state].events.get(event)
        if following is None:
            return False
        self.visited.append(self.state)
        self.state, self.ring_at = following, None
        return True


@dataclass(slots=True)
class MoveState(Moving):
    """A move of somebody's work."""

    from_user_id: UUID
    from_name: str


async def lock_move(session: Session, move_id: UUID) -> MoveState:
    """The move of work, locked until the transaction ends; it must be there."""
    row = await session.row(
        "SELECT r.*, u.name AS from_name, t.time_zone AS zone FROM reassignments r JOIN users u ON u.id = r.from_user_id"
        " JOIN tenants t ON t.id = r.tenant_id WHERE r.tenant_id = current_tenant() AND r.id = $1 FOR UPDATE OF r",
        move_id,
    )
    return MoveState(**_facts(row), from_user_id=row["from_user_id"], from_name=row["from_name"])


async def lock_care_move(session: Session, move_id: UUID) -> Moving:
    """The move of patients, locked until the transaction ends; it must be there."""
    row = await session.row(
        "SELECT r.*, t.time_zone AS zone FROM care_moves r JOIN tenants t ON t.id = r.tenant_id"
        " WHERE r.tenant_id = current_tenant() AND r.id = $1 FOR UPDATE OF r",
        move_id,
    )
    return Moving(**_facts(row))


def _facts(row: Any) -> dict[str, Any]:
    return facts_of(row, Moving, State, "mode") | {"mode": Mode(row["mode"])}


add_event = MOVES.note


async def names_of(session: Session, user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names of people by id."""
    rows = await session.fetch("SELECT id, name FROM users WHERE id = ANY($1::uuid[])", list(user_ids))
    return {row["id"]: row["name"] for row in rows}
