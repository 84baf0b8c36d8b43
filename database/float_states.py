"""Where float assignments stand: read under lock, changed in memory by the domain's table, written back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.session import Session
from domain.workforce.float_process import STAGES, Event, State, Times, advance

_STORED = (
    "state", "visited", "ends_at", "answer_by", "reminded_at", "accepted_at", "begun_at", "over_at", "handed_back",
    "drafts_kept",
)  # fmt: skip
_WRITE = (
    "UPDATE float_assignments SET "
    + ", ".join(f"{name} = ${number}" for number, name in enumerate(_STORED, 2))
    + ", version = version + 1 WHERE id = $1"
)
_EVENT = """
INSERT INTO float_events (tenant_id, assignment_id, key, kind, actor_id, actor_name, summary)
SELECT $1, $2, $3, $4, $5, coalesce((SELECT name FROM users WHERE id = $5), $6), $7
ON CONFLICT (tenant_id, assignment_id, key) DO NOTHING
"""


@dataclass(slots=True)
class FloatState:
    """An assignment's process and facts, to be changed by the activities of its workflow only."""

    id: UUID
    reference: str
    user_id: UUID
    client_id: UUID | None
    kinds: list[str]
    item_ids: list[UUID]
    created_by: UUID | None
    starts_at: datetime
    state: State
    visited: list[State]
    ends_at: datetime
    answer_by: datetime | None
    reminded_at: datetime | None
    accepted_at: datetime | None
    begun_at: datetime | None
    over_at: datetime | None
    handed_back: int
    drafts_kept: int

    def happened(self, event: Event) -> bool:
        """Advance by the table. False when the event is out of place here, as one that came late may be."""
        if event not in STAGES[self.state].events:
            return False
        following = advance(self.state, event)
        if following is not self.state:
            self.visited.append(self.state)
            self.state = following
        return True

    @property
    def times(self) -> Times:
        """What its clocks count from."""
        return Times(self.state, self.starts_at, self.ends_at, self.answer_by, self.reminded_at is not None)


async def lock_float(session: Session, assignment_id: UUID) -> FloatState:
    """The assignment, locked until the transaction ends; it must be there."""
    row = await session.row(
        "SELECT * FROM float_assignments WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE",
        assignment_id,
    )
    names = (name for name in FloatState.__slots__ if name not in ("state", "visited"))  # type: ignore[attr-defined]
    facts = {name: row[name] for name in names}
    return FloatState(**facts, state=State(row["state"]), visited=[State(one) for one in row["visited"]])


async def store_float(session: Session, state: FloatState) -> None:
    """Write back what an activity changed."""
    values = [getattr(state, name) for name in _STORED]
    values[0], values[1] = state.state.value, [one.value for one in state.visited]
    await session.execute(_WRITE, state.id, *values)


async def add_event(
    session: Session, assignment_id: UUID, key: str, kind: str, summary: str, actor_id: UUID | None = None
) -> bool:
    """Note what happened, once per key; whether it is new. `summary` is a sentence without PHI."""
    added = await session.execute(
        _EVENT, session.tenant_id, assignment_id, key, kind, actor_id, session.actor.name, summary
    )
    return bool(added)
