"""Where float assignments stand: read under lock, changed in memory by the domain's table, written back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.process_rows import ProcessRows, facts_of
from database.session import Session
from domain.workforce.float_process import STAGES, Event, State, Times, advance

_FLOATS = ProcessRows(
    "float_assignments",
    (
        "ends_at",
        "answer_by",
        "reminded_at",
        "accepted_at",
        "begun_at",
        "over_at",
        "handed_back",
        "drafts_kept",
    ),
    events="float_events",
    of="assignment_id",
)


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
    return FloatState(**facts_of(row, FloatState, State))


store_float = _FLOATS.store
add_event = _FLOATS.note
