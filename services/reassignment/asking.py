"""Asking for a move, and what can be done with one afterwards: cancel, return now, undo."""

from uuid import UUID

from activities.reassignment.asking import RETURN_DAY, WORK, Asking, Moves, begin_move, can_return_on
from database.session import Session
from domain.reassignment.process import STAGES, Event, Mode, State
from domain.refusals import Conflict
from domain.work import checked_comment
from policies.permissions import Permission as P
from services import door
from services.reassignment.planning import plan_of, wrong
from services.reassignment.reading import move_view
from services.reassignment.views import MoveFacts, MovePlan

_INSERT = """
INSERT INTO reassignments (tenant_id, reference, mode, from_user_id, until, reason, requested_by, total)
VALUES ($1, 'RA-' || nextval('reassignment_reference'), $2, $3, $4, $5, $6, $7) RETURNING id, reference
"""
_UNDER_WAY = """
SELECT reference FROM reassignments WHERE tenant_id = current_tenant() AND from_user_id = $1
    AND state IN ('planned', 'waiting', 'moving', 'returning', 'undoing') LIMIT 1
"""
_LEAVES = """
SELECT 1 FROM memberships m LEFT JOIN employees e ON e.tenant_id = m.tenant_id AND e.user_id = m.user_id
WHERE m.tenant_id = current_tenant() AND m.user_id = $1
    AND (m.status = 'ended' OR e.left_on IS NOT NULL OR NOT coalesce(e.active, true))
"""


@door.answering(P.WORK_ASSIGN, move_view)
async def ask_move(session: Session, facts: MoveFacts) -> UUID:
    """Ask for a move as planned. Above the tenant's limit another person approves it before anything changes hands."""
    reason = checked_comment(facts.reason, required=True, field="reason")
    await _lock_person(session, facts.from_user_id)
    plan = await plan_of(session, facts)
    await _check(session, facts, plan)
    until = facts.returns_on if facts.mode == Mode.TEMPORARY else None
    sealed = (await session.key()).seal(WORK.reason, reason.encode())
    made = await session.row(
        _INSERT, session.tenant_id, facts.mode, facts.from_user_id, until, sealed, session.actor.user_id, len(plan.rows)
    )  # fmt: skip
    move_id: UUID = made["id"]
    await session.copy(
        "reassignment_rows",
        ("tenant_id", "reassignment_id", "place", "work_item_id", "part", "to_user_id", "why"),
        [
            (session.tenant_id, move_id, place, row.item_id, row.part, row.to_user_id, row.why)
            for place, row in enumerate(plan.rows, 1)
        ],
    )
    summary = f"{made['reference']}, {len(plan.rows)} items of {plan.from_name}"
    asking = (
        Asking("reassignment", summary, [facts.from_user_id], reason, plan.levels) if plan.levels else None
    )
    await begin_move(session, WORK, move_id, asking)
    return move_id


@door.answering(P.WORK_ASSIGN, move_view, of="reassignments")
async def cancel_move(session: Session, reassignment_id: UUID, reason: str) -> UUID:
    """Give up a move that waits for its approval."""
    return await _tell(session, reassignment_id, Event.CANCELLED, reason)


@door.answering(P.WORK_ASSIGN, move_view, of="reassignments")
async def return_now(session: Session, reassignment_id: UUID, reason: str) -> UUID:
    """Have work that moved until a day return at once; what is finished stays finished."""
    return await _tell(session, reassignment_id, Event.DUE, reason)


@door.answering(P.WORK_ASSIGN, move_view, of="reassignments")
async def undo_move(session: Session, reassignment_id: UUID, reason: str) -> UUID:
    """Move back what nobody has touched since."""
    return await _tell(session, reassignment_id, Event.UNDONE, reason)


async def _check(session: Session, facts: MoveFacts, plan: MovePlan) -> None:
    mode = Mode(facts.mode)
    if mode is Mode.TEMPORARY and not await can_return_on(session, facts.returns_on):
        raise wrong("returns_on", RETURN_DAY)
    if mode is Mode.LEAVER and not await session.value(_LEAVES, facts.from_user_id):
        raise wrong("mode", "They do not leave: enter their last day under Team first.")
    if not plan.rows and mode is not Mode.LEAVER:
        raise Conflict(
            "reassignment.nothing", "There is nothing to move.", "Choose other kinds, or another person."
        )
    if reference := await session.value(_UNDER_WAY, facts.from_user_id):
        raise Conflict(
            "reassignment.under_way", f"{reference} moves their work already.", "Wait until it is done."
        )


async def _lock_person(session: Session, user_id: UUID) -> None:
    """Two who plan for the same person at once come one after the other."""
    await session.execute("SELECT 1 FROM memberships WHERE user_id = $1 FOR UPDATE", user_id)


async def _tell(session: Session, move_id: UUID, event: Event, reason: str) -> UUID:
    return await tell_move(session, WORK, move_id, event, reason)


async def tell_move(session: Session, moves: Moves, move_id: UUID, event: Event, reason: str) -> UUID:
    """Tell the process of a move, of work or of patients, once it is clear that the fact can be true now."""
    text = checked_comment(reason, required=True, field="reason")
    state = await session.value(f"SELECT state FROM {moves.rows.table} WHERE id = $1 FOR UPDATE", move_id)
    stage = STAGES[State(state)]
    if event not in stage.events:
        raise Conflict(
            "reassignment.event_out_of_place",
            f"The move is {stage.label.lower()}: this is not possible now.",
            f"It waits for {stage.waits_for}.",
        )
    sealed = (await session.key()).seal(moves.end_reason, text.encode())
    await session.execute(f"UPDATE {moves.rows.table} SET end_reason = $2 WHERE id = $1", move_id, sealed)
    request_id = await session.value("SELECT uuidv7()")
    payload = {
        "tenant_id": session.tenant_id,
        "request_id": request_id,
        "event": event.value,
        "by": session.actor.user_id,
    }
    await session.tell(
        "update", moves.workflow_id(session, move_id), "happened", payload, message_id=request_id
    )
    return move_id
