"""The steps of moving work: each is one transaction, and those that move items take a portion of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from temporalio import activity

from activities import courier
from activities.approvals.opening import overtake
from activities.reassignment.asking import WORK, Moves
from activities.reassignment.desk import clear_desk
from activities.reassignment.items import give, give_back, left_over, receivers
from activities.reassignment.messages import MovePosition, MoveTask
from database.notifications import notify
from database.process_rows import ProcessRows
from database.reassignment_states import MoveState, Moving, add_event, lock_move, names_of
from database.session import Session, tenant_session
from domain.reassignment.process import PORTIONED, UNDO_WITHIN, Event, Mode, State
from domain.tenancy import workflow_actor

PORTION = 50
Locked = TypeVar("Locked", bound=Moving)
Lock = Callable[[Session, UUID], Awaitable[Locked]]
_WORDS = {
    Event.ASKED: "Asked for approval",
    Event.APPROVED: "Approved: moving begins",
    Event.REFUSED: "Not approved: nothing was moved",
    Event.CANCELLED: "Cancelled: nothing was moved",
    Event.DUE: "What is unfinished returns",
    Event.UNDONE: "Undone: what is untouched returns",
    Event.SETTLED: "It stays so",
}
_GIVEN = """
SELECT to_user_id, count(*) AS n FROM reassignment_rows
WHERE tenant_id = current_tenant() AND reassignment_id = $1 AND code = '' AND to_user_id IS NOT NULL GROUP BY to_user_id
"""


@asynccontextmanager
async def locked(task: MoveTask, moves: Moves, lock: Lock[Locked]) -> AsyncIterator[tuple[Session, Locked]]:
    """A move in a transaction of its own; what it became and whom it told leave with the end of the block."""
    async with tenant_session(workflow_actor(task.tenant_id, moves.workflow)) as session:
        state = await lock(session, task.reassignment_id)
        yield session, state
        await moves.rows.store(session, state)
    await courier.deliver(task.tenant_id, session.messages)


@activity.defn
async def take_event(task: MoveTask) -> MovePosition:
    """Take what happened into the move; what came too late changes nothing."""
    async with locked(task, WORK, lock_move) as (session, state):
        await take_into(session, state, task, WORK)
    return position(state)


@activity.defn
async def move_portion(task: MoveTask) -> MovePosition:
    """Move the next rows in one transaction with their outcomes, so that another attempt finds either all or none."""
    async with locked(task, WORK, lock_move) as (session, state):
        if state.state is State.MOVING:
            await _move(session, state, task)
        elif state.state in PORTIONED:
            await _return(session, state, task)
    return position(state)


def position(state: Moving) -> MovePosition:
    """Where the move stands and when its next clock rings."""
    return MovePosition(state.state, state.ring_at)


async def take_into(session: Session, state: Moving, task: MoveTask, moves: Moves) -> None:
    """Change a move by what happened, if it can happen there."""
    event = Event(task.event)
    if not state.happened(event):
        return
    by = state.requested_by if event is Event.ASKED else task.by
    await moves.rows.note(session, state.id, event.value, event.value, _WORDS[event], by)
    if event in (Event.REFUSED, Event.CANCELLED, Event.SETTLED):
        state.outcome, state.closed_at = event.value, task.now
    elif event in (Event.DUE, Event.UNDONE):
        state.outcome = event.value
    if event is Event.CANCELLED and state.approval_id:
        await overtake(session, state.approval_id, "ended")


async def end_by_force(session: Session, state: Moving, rows: ProcessRows) -> None:
    """Its process was cancelled: what has changed hands stays so, and nobody is asked any more."""
    if state.state is State.CLOSED:
        return
    if state.state is State.WAITING and state.approval_id:
        await overtake(session, state.approval_id, "ended")
    state.visited.append(state.state)
    state.state, state.ring_at = State.CLOSED, None
    state.outcome, state.closed_at = Event.CANCELLED.value, datetime.now(UTC)
    stays = f"{state.done - state.back} stay where they are" if state.done else "nothing was moved"
    words = f"Its process was cancelled: {stays}"
    await rows.note(session, state.id, "process_cancelled", "cancelled", words, session.actor.user_id)
    await rows.store(session, state)


async def _move(session: Session, state: MoveState, task: MoveTask) -> None:
    able = await receivers(session, state.id)
    rows = await session.fetch(
        "SELECT * FROM reassignment_rows WHERE reassignment_id = $1 AND code IS NULL"
        f" ORDER BY place LIMIT {PORTION}",
        state.id,
    )
    moved = [await give(session, state, row, able) for row in rows]
    state.done += sum(moved)
    state.refused += len(moved) - sum(moved)
    if len(rows) < PORTION:
        await _all_moved(session, state, task.now)


async def _all_moved(session: Session, state: MoveState, now: datetime) -> None:
    """Every row has its outcome: what a leaver leaves besides is put in order, and the receivers are told."""
    if state.mode is Mode.LEAVER:
        more = await left_over(session, state)
        state.total, state.done = state.total + more, state.done + more
        await clear_desk(session, state)
    lent = state.mode is Mode.TEMPORARY
    state.happened(Event.LENT if lent else Event.MOVED)
    state.moved_at = now
    state.ring_at = day_begins(state) if lent else now + UNDO_WITHIN
    words = f"{state.done} moved" + (f", {state.refused} had changed hands" if state.refused else "")
    await add_event(session, state.id, "moved", "moved", words)
    given = await session.fetch(_GIVEN, state.id)
    for row in given:
        await notify(
            session, [row["to_user_id"]], kind="assigned", href="/work?scope=mine", key=f"reassignment:{state.id}",
            title=f"{state.reference}: {row['n']} of {state.from_name}'s items are in your hands",
        )  # fmt: skip


async def _return(session: Session, state: MoveState, task: MoveTask) -> None:
    rows = await session.fetch(
        "SELECT * FROM reassignment_rows WHERE reassignment_id = $1 AND code = '' AND back_code IS NULL"
        f" ORDER BY place LIMIT {PORTION}",
        state.id,
    )
    names = await names_of(session, [row["to_user_id"] for row in rows if row["to_user_id"]])
    untouched = state.state is State.UNDOING
    state.back += sum([await give_back(session, state, row, names, untouched=untouched) for row in rows])
    if len(rows) < PORTION:
        state.happened(Event.RETURNED)
        state.closed_at = task.now
        await add_event(session, state.id, "returned", "returned", f"{state.back} of {state.done} came back")


def day_begins(state: Moving) -> datetime:
    """The beginning of the day of return, where the tenant is."""
    assert state.until is not None  # held by the table: every temporary move has its day
    return datetime.combine(state.until, time.min, ZoneInfo(state.zone)).astimezone(UTC)
