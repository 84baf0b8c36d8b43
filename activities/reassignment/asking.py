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
from domain.care import moves
from domain.process_model import Process
from domain.reassignment import process

LONGEST = timedelta(days=366)
RETURN_DAY = "Choose the day of return: from tomorrow to a year ahead."


@dataclass(frozen=True, slots=True)
class Moves:
    """A kind of moves: its rows, its process, whose kind is the subject as well, and its workflow."""

    rows: ProcessRows
    process: Process
    workflow: str

    def workflow_id(self, session: Session, move_id: UUID) -> str:
        """The id of a move's process."""
        return f"{session.tenant_id}/{self.process.kind}/{move_id}"

    @property
    def reason(self) -> str:
        """What the reason of a move is sealed for."""
        return f"{self.rows.table}.reason"

    @property
    def end_reason(self) -> str:
        """The same of the reason why it was cancelled, undone or ended early."""
        return f"{self.rows.table}.end_reason"


WORK = Moves(MOVES, process.PROCESS, "Reassignment")
PATIENTS = Moves(CARE_MOVES, moves.PROCESS, "RosterMove")


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


async def begin_move(session: Session, kind: Moves, move_id: UUID, asking: Asking | None) -> None:
    """Start the process of a move; with `asking` it waits for somebody else's word first."""
    to, subject = kind.workflow_id(session, move_id), kind.process.subject_type
    told = {"tenant_id": session.tenant_id, "reassignment_id": move_id}
    await session.tell("start", to, "", told | {"asks": asking is not None}, workflow=kind.workflow)
    if asking is None:
        return
    asker = session.actor.user_id
    assert asker is not None  # only people and their tokens hold permissions
    approval_id = await request_approval(
        session,
        key=f"{subject}:{move_id}",
        kind=asking.kind,
        subject_type=subject,
        subject_id=move_id,
        summary=asking.summary,
        requester_id=asker,
        excluded=asking.excluded,
        levels=asking.levels,
        reason=asking.reason,
        tell=(to, "approved", told),
    )
    await session.execute(
        f"UPDATE {kind.rows.table} SET approval_id = $2 WHERE id = $1", move_id, approval_id
    )
