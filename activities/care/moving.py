"""Moving patients between coordinators: proposed, and begun as a process that waits until somebody else approved it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from activities.care.rosters import must_be_licensed
from activities.reassignment.asking import PATIENTS, RETURN_DAY, Asking, begin_move, can_return_on
from database.approval_states import holders_of
from database.care_profiles import RECORDS
from database.session import Session
from domain.reassignment.process import Mode
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from domain.work import checked_comment

WHY = "care_move_rows.why"
MOST = 5_000
_INSERT = """
INSERT INTO care_moves (tenant_id, reference, key, mode, until, reason, requested_by, total)
VALUES ($1, 'RM-' || nextval('care_move_reference'), $2, $3, $4, $5, $6, $7) RETURNING id, reference
"""
# A statement of its own: one that waits for a lock still reads what was there when it began.
_LOCK = """
SELECT id FROM care_enrolments WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[]) ORDER BY id FOR UPDATE
"""
# The reference of the move that has the patient of an enrolment `e` on its way, if any.
UNDER_WAY = """
(SELECT m.reference FROM care_move_rows r JOIN care_moves m ON m.tenant_id = r.tenant_id AND m.id = r.move_id
    WHERE r.tenant_id = e.tenant_id AND r.enrolment_id = e.id
    AND m.state IN ('planned', 'waiting', 'moving', 'returning', 'undoing') LIMIT 1)
"""
_NOW = f"""
SELECT e.id, e.patient_id, e.coordinator_id, e.step, {UNDER_WAY} AS under_way
FROM care_enrolments e WHERE e.tenant_id = current_tenant() AND e.id = ANY($1::uuid[])
"""
_ROWS = ("tenant_id", "move_id", "place", "enrolment_id", "from_user_id", "to_user_id", "why")


@dataclass(frozen=True, slots=True)
class Move:
    """A patient's enrolment, who is to have it, and why, in words that may speak of the patient."""

    enrolment_id: UUID
    to_user_id: UUID
    why: str = ""


async def propose_move(
    session: Session, *, key: str, moves: Sequence[Move], until: date | None, reason: str
) -> UUID:
    """Propose that patients change their coordinator, for good or until a day, once per key; the id of the move.

    Nothing changes hands before somebody else approved it. Who is with their new coordinator already is left out."""
    wanted = {one.enrolment_id: one for one in moves}
    # Two who propose the same patient at once come one after the other, and the second finds the first one's move.
    await session.fetch(_LOCK, list(wanted))
    known: UUID | None = await session.value("SELECT id FROM care_moves WHERE key = $1", key)
    if known:
        return known
    words = checked_comment(reason, required=True, field="reason")
    if until is not None and not await can_return_on(session, until):
        raise _wrong("until", RETURN_DAY)
    if len(wanted) < len(moves) or len(wanted) > MOST:
        raise _wrong("moves", f"Name each patient once, and at most {MOST:,}.")
    now = await _movable(session, wanted)
    rows = [(one, now[one.enrolment_id]["coordinator_id"]) for one in moves]
    rows = [(one, old) for one, old in rows if old != one.to_user_id]
    if not rows:
        raise Conflict(
            "care_move.nothing", "There is nobody to move.", "Choose patients and who is to have them."
        )
    await _must_be_able(session, [(now[one.enrolment_id]["patient_id"], one.to_user_id) for one, _ in rows])
    mode = Mode.TEMPORARY if until else Mode.PERMANENT
    sealed = (await session.key()).seal(PATIENTS.reason, words.encode())
    made = await session.row(
        _INSERT, session.tenant_id, key, mode, until, sealed, session.actor.user_id, len(rows)
    )
    await _store(session, made["id"], rows)
    patients = "1 patient" if len(rows) == 1 else f"{len(rows)} patients"
    excluded = sorted({old for _, old in rows if old})
    asking = Asking("roster_move", f"{made['reference']}, {patients}", excluded, words)
    await begin_move(session, PATIENTS, made["id"], asking)
    return made["id"]  # type: ignore[no-any-return]


async def _movable(session: Session, wanted: Collection[UUID]) -> dict[UUID, Any]:
    """The enrolments as they are now; refused when one cannot be moved."""
    rows = await session.fetch(_NOW, list(wanted))
    if len(rows) < len(wanted):
        raise NotFound("not_found", "One of the patients is not there.", "Load the page again.")
    if any(row["step"] == "ended" for row in rows):
        raise _wrong("moves", "An enrolment among them has ended.")
    if reference := next((row["under_way"] for row in rows if row["under_way"]), None):
        raise Conflict(
            "care_move.under_way",
            f"{reference} moves one of them already.",
            "Wait until it is done, or cancel it.",
        )
    return {row["id"]: row for row in rows}


async def _must_be_able(session: Session, pairs: Collection[tuple[UUID, UUID]]) -> None:
    """Refuse what no approval could make possible: somebody who may not record care, or lacks a patient's licence."""
    able = await holders_of(session, RECORDS)
    if any(to not in able for _, to in pairs):
        raise _wrong("moves", "Somebody among those who are to have patients may not record care.")
    await must_be_licensed(session, pairs, field="moves")


def _wrong(field: str, words: str) -> Invalid:
    """A field that cannot be so."""
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"care_move.{field}", "The patients cannot be moved so.", words, fields=(fault,))


async def _store(session: Session, move_id: UUID, rows: Sequence[tuple[Move, UUID | None]]) -> None:
    key, tenant_id = await session.key(), session.tenant_id
    kept = []
    for place, (one, old) in enumerate(rows, 1):
        why = key.seal(WHY, checked_comment(one.why, field="moves").encode())
        kept.append((tenant_id, move_id, place, one.enrolment_id, old, one.to_user_id, why))
    await session.copy("care_move_rows", _ROWS, kept)
