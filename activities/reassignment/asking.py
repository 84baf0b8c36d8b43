"""Beginning a move, of work or of patients, that is stored already: its process, and whose word it waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from activities.approvals.opening import request_approval
from activities.denials.classifying import today_of
from database.process_rows import ProcessRows
from database.reassignment_states import CARE_MOVES, MOVES
from database.session import Session

LONGEST = timedelta(days=366)
RETURN_DAY = "Choose the day of return: from tomorrow to a year ahead."


@dataclass(frozen=True, slots=True)
class Moves:
    """A kind of moves: its rows, its subject, which is also the second part of its processes' ids, and its workflow."""

    rows: ProcessRows
    subject: str
    workflow: str

    def process(self, session: Session, move_id: UUID) -> str:
        """The id of a move's process."""
        return f"{session.tenant_id}/{self.subject}/{move_id}"

    @property
    def reason(self) -> str:
        """What the reason of a move is sealed for."""
        return f"{self.rows.table}.reason"

    @property
    def end_reason(self) -> str:
        """The same of the reason why it was cancelled, undone or ended early."""
        return f"{self.rows.table}.end_reason"


WORK = Moves(MOVES, "reassignment", "Reassignment")
PATIENTS = Moves(CARE_MOVES, "care_move", "RosterMove")


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody else is asked to approve. `excluded` are those whose work or patients move: they do not decide."""

    kind: str
    summary: str
    excluded: Sequence[UUID]
    reason: str
    levels: int = 1


async def can_return_on(session: Session, day: date | None) -> bool:
    """Whether a move for a time can end on that day."""
    today = await today_of(session)
    return day is not None and today < day <= today + LONGEST


async def begin_move(session: Session, moves: Moves, move_id: UUID, asking: Asking | None) -> None:
    """Start the process of a move; with `asking` it waits for somebody else's word first."""
    to = moves.process(session, move_id)
    told = {"tenant_id": session.tenant_id, "reassignment_id": move_id}
    await session.tell("start", to, "", told | {"asks": asking is not None}, workflow=moves.workflow)
    if asking is None:
        return
    asker = session.actor.user_id
    assert asker is not None  # only people and their tokens hold permissions
    approval_id = await request_approval(
        session,
        key=f"{moves.subject}:{move_id}",
        kind=asking.kind,
        subject_type=moves.subject,
        subject_id=move_id,
        summary=asking.summary,
        requester_id=asker,
        excluded=asking.excluded,
        levels=asking.levels,
        reason=asking.reason,
        tell=(to, "approved", told),
    )
    await session.execute(
        f"UPDATE {moves.rows.table} SET approval_id = $2 WHERE id = $1", move_id, approval_id
    )
