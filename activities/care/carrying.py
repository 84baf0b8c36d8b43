"""The steps of a move of patients: each is one transaction, and those that move patients take a portion of them."""

from typing import Any
from uuid import UUID

from temporalio import activity

from activities.care.rosters import put_on_roster, tell_rosters
from activities.reassignment.asking import PATIENTS
from activities.reassignment.messages import MovePosition, MoveTask
from activities.reassignment.moving import PORTION, day_begins, locked, position, take_into
from database.approval_states import holders_of
from database.care_profiles import RECORDS, licences_of, states_of
from database.notifications import notify
from database.reassignment_states import CARE_MOVES, Moving, lock_care_move, names_of
from database.session import Session
from domain.care.assignment import unlicensed
from domain.reassignment.process import PORTIONED, UNDO_WITHIN, Event, Mode, State

_OUT = """
SELECT r.*, e.patient_id FROM care_move_rows r JOIN care_enrolments e ON e.tenant_id = r.tenant_id AND e.id = r.enrolment_id
WHERE r.tenant_id = current_tenant() AND r.move_id = $1 AND r.code IS NULL ORDER BY r.place LIMIT $2
"""
_BACK = """
SELECT * FROM care_move_rows WHERE tenant_id = current_tenant() AND move_id = $1 AND code = '' AND back_code IS NULL
ORDER BY place LIMIT $2
"""
_NOW = """
SELECT e.step, e.coordinator_id, coalesce(u.name, '') AS name FROM care_enrolments e
LEFT JOIN users u ON u.id = e.coordinator_id WHERE e.id = $1
"""
# Time since the move, or a clock that runs: whoever has begun with a patient keeps them when a move is undone.
_BEGUN = """
SELECT EXISTS (SELECT 1 FROM care_time_entries t WHERE t.tenant_id = current_tenant() AND t.enrolment_id = $1
    AND t.staff_id = $2 AND t.ends_at > $3)
    OR EXISTS (SELECT 1 FROM care_timers t WHERE t.tenant_id = current_tenant() AND t.enrolment_id = $1 AND t.user_id = $2)
"""


@activity.defn
async def take_roster_event(task: MoveTask) -> MovePosition:
    """Take what happened into the move; what came too late changes nothing."""
    async with locked(task, PATIENTS, lock_care_move) as (session, state):
        await take_into(session, state, task, PATIENTS)
    return position(state)


@activity.defn
async def move_patients(task: MoveTask) -> MovePosition:
    """Move the next patients in one transaction with their outcomes, so that another attempt finds all or none."""
    async with locked(task, PATIENTS, lock_care_move) as (session, state):
        if state.state is State.MOVING:
            await _give(session, state, task)
        elif state.state in PORTIONED:
            await _give_back(session, state, task)
    return position(state)


async def _give(session: Session, state: Moving, task: MoveTask) -> None:
    rows = await session.fetch(_OUT, state.id, PORTION)
    states = await states_of(session, [row["patient_id"] for row in rows])
    licences = await licences_of(session, {row["to_user_id"] for row in rows})
    able = await holders_of(session, RECORDS)
    for row in rows:
        code, message = _hindered(row, states[row["patient_id"]], licences, able)
        if not code:
            code, message = await _handed(
                session, row["enrolment_id"], row["from_user_id"], row["to_user_id"]
            )
        await _keep(session, row, "code", "message", code, message)
        state.done, state.refused = state.done + (not code), state.refused + bool(code)
    if len(rows) < PORTION:
        await _all_given(session, state, task)


def _hindered(row: Any, state: str, licences: dict[UUID, frozenset[str]], able: set[UUID]) -> tuple[str, str]:
    """Why this patient cannot go there any more, though it was possible when it was proposed."""
    if row["to_user_id"] not in able:
        return "care_move.may_not", "Who was to have them may not record care any more."
    if unlicensed(state, licences.get(row["to_user_id"])):
        return "care_move.unlicensed", f"Not licensed in {state}."
    return "", ""


async def _handed(
    session: Session, enrolment_id: UUID, old: UUID | None, new: UUID | None
) -> tuple[str, str]:
    """Hand a patient on, if they are still where they were; else what has become of them."""
    if await put_on_roster(session, enrolment_id, new, from_=old):
        return "", ""
    now = await session.row(_NOW, enrolment_id)
    if now["step"] == "ended":
        return "care_move.ended", "The enrolment has ended meanwhile."
    return "care_move.changed_hands", f"With {now['name']} now." if now["name"] else "With nobody now."


async def _all_given(session: Session, state: Moving, task: MoveTask) -> None:
    lent = state.mode is Mode.TEMPORARY
    state.happened(Event.LENT if lent else Event.MOVED)
    state.moved_at = task.now
    state.ring_at = day_begins(state) if lent else task.now + UNDO_WITHIN
    words = f"{state.done} moved" + (f", {state.refused} could not be" if state.refused else "")
    await _tell(session, state, "moved", words)
    rows = await session.fetch(
        "SELECT from_user_id, to_user_id FROM care_move_rows WHERE move_id = $1 AND code = ''", state.id
    )
    pairs = [(row["from_user_id"], row["to_user_id"]) for row in rows]
    await tell_rosters(session, pairs, key=f"care_move:{state.id}", reference=state.reference)


async def _give_back(session: Session, state: Moving, task: MoveTask) -> None:
    rows = await session.fetch(_BACK, state.id, PORTION)
    able = await holders_of(session, RECORDS)
    names = await names_of(session, [row["to_user_id"] for row in rows])
    for row in rows:
        code, message = await _returned(session, state, row, able, names)
        await _keep(session, row, "back_code", "back_message", code, message)
        state.back += not code
    if len(rows) < PORTION:
        await _all_back(session, state, task)


async def _returned(
    session: Session, state: Moving, row: Any, able: set[UUID], names: dict[UUID, str]
) -> tuple[str, str]:
    """Hand a patient back; undoing leaves those whom their new coordinator has begun with."""
    new, old = row["to_user_id"], row["from_user_id"]
    if old is not None and old not in able:
        return "care_move.may_not", "Who had them may not record care any more."
    if state.state is State.UNDOING and await session.value(_BEGUN, row["enrolment_id"], new, state.moved_at):
        return "care_move.begun", f"{names.get(new, 'Somebody')} has begun with them."
    return await _handed(session, row["enrolment_id"], new, old)


async def _all_back(session: Session, state: Moving, task: MoveTask) -> None:
    state.happened(Event.RETURNED)
    state.closed_at = task.now
    await _tell(session, state, "returned", f"{state.back} of {state.done} came back")
    rows = await session.fetch(
        "SELECT from_user_id, to_user_id FROM care_move_rows WHERE move_id = $1 AND back_code = ''", state.id
    )
    pairs = [(row["to_user_id"], row["from_user_id"]) for row in rows]
    await tell_rosters(session, pairs, key=f"care_move:{state.id}:back", reference=state.reference)


async def _tell(session: Session, state: Moving, event: str, words: str) -> None:
    """Note how it went, and tell whoever proposed it."""
    await CARE_MOVES.note(session, state.id, event, event, words)
    await notify(
        session,
        [state.requested_by],
        kind="approval",
        title=f"{state.reference}: {words}",
        href=f"/care/assignment/moves/{state.id}",
        key=f"care_move:{state.id}:{event}",
    )


async def _keep(session: Session, row: Any, code_at: str, words_at: str, code: str, words: str) -> None:
    await session.execute(
        f"UPDATE care_move_rows SET {code_at} = $3, {words_at} = $4 WHERE move_id = $1 AND place = $2",
        row["move_id"],
        row["place"],
        code,
        words,
    )
