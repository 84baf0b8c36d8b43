"""Where moves of work stand: read under lock, changed in memory by the domain's table, written back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from database.session import Session
from domain.reassignment.process import STAGES, Event, Mode, State

_STORED = (
    "state",
    "visited",
    "outcome",
    "ring_at",
    "total",
    "done",
    "refused",
    "back",
    "moved_at",
    "closed_at",
)
_WRITE = (
    "UPDATE reassignments SET "
    + ", ".join(f"{name} = ${number}" for number, name in enumerate(_STORED, 2))
    + ", version = version + 1 WHERE id = $1"
)
_EVENT = """
INSERT INTO reassignment_events (tenant_id, reassignment_id, key, kind, actor_id, actor_name, summary)
SELECT $1, $2, $3, $4, $5, coalesce((SELECT name FROM users WHERE id = $5), $6), $7
ON CONFLICT (tenant_id, reassignment_id, key) DO NOTHING
"""


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
    own = ("mode", "state", "visited")
    names = (name for name in MoveState.__slots__ if name not in own)  # type: ignore[attr-defined]
    visited = [State(one) for one in row["visited"]]
    return MoveState(
        **{name: row[name] for name in names},
        mode=Mode(row["mode"]),
        state=State(row["state"]),
        visited=visited,
    )


async def store_move(session: Session, state: MoveState) -> None:
    """Write back what an activity changed."""
    values = [getattr(state, name) for name in _STORED]
    values[0], values[1] = state.state.value, [one.value for one in state.visited]
    await session.execute(_WRITE, state.id, *values)


async def add_event(
    session: Session, move_id: UUID, key: str, kind: str, summary: str, actor_id: UUID | None = None
) -> bool:
    """Note what happened, once per key; whether it is new. `summary` is a sentence without PHI."""
    added = await session.execute(
        _EVENT, session.tenant_id, move_id, key, kind, actor_id, session.actor.name, summary
    )
    return bool(added)


async def names_of(session: Session, user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names of people by id."""
    rows = await session.fetch("SELECT id, name FROM users WHERE id = ANY($1::uuid[])", list(user_ids))
    return {row["id"]: row["name"] for row in rows}
