"""Moves of patients between coordinators: proposed with a reason, seen with every outcome, cancelled, ended, undone."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from activities.care.moving import WHY, Move, propose_move
from activities.reassignment.asking import PATIENTS
from database.clientele_phi import open_person
from database.identity import time_ordered_id
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, number_in, page_size, uuid_in
from domain.reassignment.process import Event
from policies.permissions import Permission as P
from services import door
from services.clientele.patient_rows import full_name
from services.reassignment.asking import tell_move
from services.reassignment.reading import line_facts, view_facts
from services.reassignment.views import MovedRow, MoveLine, MoveView

_LINE = """
SELECT m.*, q.name AS requested_by_name FROM care_moves m JOIN users q ON q.id = m.requested_by
WHERE m.tenant_id = current_tenant()
"""
_ROWS = """
SELECT r.*, p.person, p.account_number, e.programme, coalesce(f.name, '') AS from_name, t.name AS to_name
FROM care_move_rows r JOIN care_enrolments e ON e.tenant_id = r.tenant_id AND e.id = r.enrolment_id
JOIN patients p ON p.tenant_id = e.tenant_id AND p.id = e.patient_id
LEFT JOIN users f ON f.id = r.from_user_id JOIN users t ON t.id = r.to_user_id
WHERE r.tenant_id = current_tenant() AND r.move_id = $1 AND r.place > $2
    AND (NOT $3 OR r.code <> '' OR r.back_code <> '') ORDER BY r.place LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class MoveWish:
    """A patient's enrolment, who is to have it, and why."""

    enrolment_id: UUID
    to_user_id: UUID
    why: str = ""


@dataclass(frozen=True, slots=True)
class CareMoveFacts:
    """Who is to go where: for good, or until the day `until`, on which they return by themselves. `key` makes proposing
    the same twice one; without it every proposal is its own."""

    moves: list[MoveWish] = field(default_factory=list)
    reason: str = ""
    until: date | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class MovedPatient(MovedRow):
    """One patient of a move with the outcome (PHI)."""

    enrolment_id: UUID
    patient_name: str
    account_number: str
    programme: str
    from_name: str


async def get_view(session: Session, move_id: UUID) -> MoveView:
    """The move as it stands."""
    row = await session.row(f"{_LINE} AND m.id = $1", move_id)
    return MoveView(line=MoveLine(**line_facts(row)), **await view_facts(session, PATIENTS, row))


@door.answering(P.CARE_MANAGE, get_view)
async def propose(session: Session, facts: CareMoveFacts) -> UUID:
    """Propose that patients change their coordinator. Somebody else approves it before anything changes hands."""
    moves = [Move(one.enrolment_id, one.to_user_id, one.why) for one in facts.moves]
    key = f"asked:{facts.key or time_ordered_id()}"
    return await propose_move(session, key=key, moves=moves, until=facts.until, reason=facts.reason)


@door.query(P.CARE_MANAGE)
async def list_care_moves(
    session: Session, *, under_way: bool = False, cursor: str | None = None, limit: int = PAGE
) -> Page[MoveLine]:
    """Moves of patients, the newest first; `under_way`: only those that have not ended."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_LINE} AND ($1::uuid IS NULL OR m.id < $1) AND (NOT $2 OR m.state <> 'closed')"
        f" ORDER BY m.id DESC LIMIT {size + 1}",
        uuid_in(cursor) if cursor else None,
        under_way,
    )
    lines = [MoveLine(**line_facts(row)) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(P.CARE_MANAGE, of="care_moves", phi=True)
async def get_care_move(session: Session, move_id: UUID) -> MoveView:
    """A move with how far it is and what happened to it."""
    return await get_view(session, move_id)


@door.query(P.CARE_MANAGE, of="care_moves", phi=True)
async def care_moved_rows(
    session: Session, move_id: UUID, *, refused: bool = False, cursor: str | None = None, limit: int = PAGE
) -> Page[MovedPatient]:
    """The patients of a move with the outcome of each; `refused`: only those who did not move, or did not come back."""
    size = page_size(limit)
    after = number_in(cursor) if cursor else 0
    rows = await session.fetch(_ROWS, move_id, after, refused, size + 1)
    key = await session.key()
    items = [_row(key, row) for row in rows[:size]]
    return Page(items, encode_cursor(rows[size - 1]["place"]) if len(rows) > size else None)


@door.answering(P.CARE_MANAGE, get_view, of="care_moves")
async def cancel_care_move(session: Session, move_id: UUID, reason: str) -> UUID:
    """Give up a move that waits for its approval."""
    return await _tell(session, move_id, Event.CANCELLED, reason)


@door.answering(P.CARE_MANAGE, get_view, of="care_moves")
async def return_care_move(session: Session, move_id: UUID, reason: str) -> UUID:
    """Have patients who moved until a day return at once."""
    return await _tell(session, move_id, Event.DUE, reason)


@door.answering(P.CARE_MANAGE, get_view, of="care_moves")
async def undo_care_move(session: Session, move_id: UUID, reason: str) -> UUID:
    """Give back whom their new coordinator has not begun with."""
    return await _tell(session, move_id, Event.UNDONE, reason)


async def _tell(session: Session, move_id: UUID, event: Event, reason: str) -> UUID:
    return await tell_move(session, PATIENTS, move_id, event, reason)


def _row(key: Any, row: Any) -> MovedPatient:
    person, _ = open_person(key, row["person"])
    stored = (
        "account_number",
        "programme",
        "from_name",
        "to_name",
        "code",
        "message",
        "back_code",
        "back_message",
    )
    return MovedPatient(
        enrolment_id=row["enrolment_id"],
        patient_name=full_name(person),
        why=key.open(WHY, row["why"]).decode(),
        **{name: row[name] for name in stored},
    )
