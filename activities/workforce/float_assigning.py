"""The steps of a float assignment: each is one transaction that moves the assignment and its work."""

from datetime import UTC, datetime
from uuid import UUID

from temporalio import activity

from activities import courier
from activities.workforce import float_work
from activities.workforce.float_messages import FloatPosition, FloatTask, FloatTold, FloatToldTask, OfferTask
from database.float_states import FloatState, add_event, lock_float, store_float
from database.session import Session, tenant_session
from domain.tenancy import workflow_actor
from domain.workforce.float_process import (
    LIVE,
    RUNNING,
    Clock,
    Event,
    State,
    answer_by,
    next_ring,
)

WORKFLOW = "FloatAssignment"
_WORDS = {
    Event.OFFERED: "Offered",
    Event.ACCEPTED: "Accepted",
    Event.DECLINED: "Declined",
    Event.BEGUN: "Begun: the work is in the person's inbox",
    Event.EXTENDED: "Extended",
    Event.EXPIRED: "Ended: the work has left the person's inbox",
    Event.ENDED_EARLY: "Ended early: the work has left the person's inbox",
    Event.UNANSWERED: "Nobody answered until its end",
    Event.WITHDRAWN: "Withdrawn",
}
_RUNG = {Clock.UNANSWERED: Event.UNANSWERED, Clock.BEGIN: Event.BEGUN, Clock.END: Event.EXPIRED}


@activity.defn
async def offer_float(task: FloatTask) -> FloatPosition:
    """Offer the assignment to the person."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_float(session, task.assignment_id)
        if state.state is State.PROPOSED:
            state.happened(Event.OFFERED)
            state.answer_by = answer_by(task.now, state.starts_at)
            await add_event(
                session, state.id, "offered", Event.OFFERED, _WORDS[Event.OFFERED], state.created_by
            )
            await float_work.offer(session, state)
            await store_float(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def take_float_told(task: FloatToldTask) -> FloatPosition:
    """Take what a person told into the assignment, once; what came too late changes nothing."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_float(session, task.assignment_id)
        await _take(session, state, task.fact, task.now)
        await store_float(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def act_on_offer(task: OfferTask) -> FloatPosition:
    """Act on the answer to the offer; the comment of who declined becomes the reason."""
    told = task.decided
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_float(session, task.assignment_id)
        if told.decision == Event.DECLINED and state.state is State.OFFERED:
            await float_work.keep_reason(session, state, told.work_item_id)
        fact = FloatTold(task.tenant_id, told.work_item_id, told.decision, told.by)
        await _take(session, state, fact, task.now)
        await store_float(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def ring_float(task: FloatTask) -> FloatPosition:
    """Act on the clock that has rung: remind, begin, or end."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_float(session, task.assignment_id)
        due = next_ring(state.times)
        if due is not None and due[1] <= task.now:
            await _rung(session, state, due[0], task.now)
            await store_float(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


async def end_by_force(session: Session, assignment_id: UUID) -> None:
    """Its process was cancelled: what runs ends early and its work leaves the person, what was planned is withdrawn."""
    state = await lock_float(session, assignment_id)
    event = Event.ENDED_EARLY if state.state in RUNNING else Event.WITHDRAWN
    now, by = datetime.now(UTC), session.actor.user_id
    await _happened(session, state, event, "process_cancelled", by, now)
    await store_float(session, state)


def position(state: FloatState) -> FloatPosition:
    """Where the assignment stands and when its next clock rings."""
    due = next_ring(state.times)
    return FloatPosition(state.state, due[1] if due else None)


async def _rung(session: Session, state: FloatState, clock: Clock, now: datetime) -> None:
    if clock is Clock.ANSWER_LATE:
        state.reminded_at = now
        await add_event(session, state.id, "answer_late", clock.value, "No answer yet: reminded")
        await float_work.remind(session, state)
        await float_work.tell(session, state, [state.created_by], "late", f"{state.reference}: no answer yet")
        return
    event = _RUNG[clock]
    # An assignment that was extended ends again.
    await _happened(session, state, event, f"{event.value}:{state.ends_at.isoformat()}", None, now)


async def _take(session: Session, state: FloatState, fact: FloatTold, now: datetime) -> None:
    event = Event(fact.event)
    if event is Event.EXTENDED:
        await _extend(session, state, fact)
    else:
        await _happened(session, state, event, f"{event.value}:{fact.request_id}", fact.by, now)


async def _extend(session: Session, state: FloatState, fact: FloatTold) -> None:
    """A later end; its work stays meanwhile."""
    if fact.until is None or fact.until <= state.ends_at or not state.happened(Event.EXTENDED):
        return
    state.ends_at = fact.until
    key = f"extended:{fact.request_id}"
    await add_event(session, state.id, key, Event.EXTENDED, _WORDS[Event.EXTENDED], fact.by)
    await float_work.tell(session, state, [state.user_id], key, f"{state.reference} was extended")


async def _happened(
    session: Session, state: FloatState, event: Event, key: str, by: UUID | None, now: datetime
) -> None:
    """Advance by a fact, note it once, and move the work that follows from it."""
    before = state.state
    if not state.happened(event):
        return
    await add_event(session, state.id, key, event.value, _WORDS[event], by)
    if before is State.OFFERED:
        await float_work.close_offer(session, state, by, event.value)
    if state.state is State.ACCEPTED:
        state.accepted_at = now
    elif state.state in RUNNING:
        state.begun_at = now
        await float_work.place_items(session, state)
    if before in RUNNING:
        await float_work.hand_back(session, state)
    if state.state not in LIVE:
        state.over_at = now
    await _tell(session, state, event, by)


async def _tell(session: Session, state: FloatState, event: Event, by: UUID | None) -> None:
    """Tell the other side: who asked of an answer, the person of what becomes of their time."""
    words = {
        Event.ACCEPTED: "was accepted",
        Event.DECLINED: "was declined",
        Event.UNANSWERED: "was never answered",
        Event.BEGUN: "has begun",
        Event.EXPIRED: "has ended",
        Event.ENDED_EARLY: "was ended early",
        Event.WITHDRAWN: "was withdrawn",
    }
    both = {state.created_by, state.user_id} - {by}
    answers = (Event.ACCEPTED, Event.DECLINED, Event.UNANSWERED)
    people = both - {state.user_id} if event in answers else both
    if event is Event.BEGUN:
        people = {state.user_id}
    await float_work.tell(session, state, list(people), event.value, f"{state.reference} {words[event]}")
