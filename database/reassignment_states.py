"""Where moves of work stand: read under lock, changed in memory by the domain's table, written back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from database.process_rows import ProcessRows, facts_of
from database.session import Session
from domain.reassignment.process import STAGES, Event, Mode, State

_MOVES = ProcessRows(
    "reassignments",
    ("outcome", "ring_at", "total", "done", "refused", "back", "moved_at", "closed_at"),
    events="reassignment_events",
    of="reassignment_id",
)


@dataclass(slots=True)
class MoveState:
    """A move's process and facts, to be changed by the activities of its workflow only."""

    id: UUID
    reference: str
    from_user_id: UUID
    from_name: str
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


async def lock_move(session: Session, move_id: UUID) -> MoveState:
    """The move, locked until the transaction ends; it must be there."""
    row = await session.row(
        "SELECT r.*, u.name AS from_name, t.time_zone AS zone FROM reassignments r JOIN users u ON u.id = r.from_user_id"
        " JOIN tenants t ON t.id = r.tenant_id WHERE r.tenant_id = current_tenant() AND r.id = $1 FOR UPDATE OF r",
        move_id,
    )
    return MoveState(**facts_of(row, MoveState, State, "mode"), mode=Mode(row["mode"]))


store_move = _MOVES.store
add_event = _MOVES.note


async def names_of(session: Session, user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names of people by id."""
    rows = await session.fetch("SELECT id, name FROM users WHERE id = ANY($1::uuid[])", list(user_ids))
    return {row["id"]: row["name"] for row in rows}
