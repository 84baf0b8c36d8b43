"""The steps of an appeal: each is one transaction that moves the appeal, its work items, its outcomes and its claim."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from temporalio import activity

from activities import courier
from activities.denials.appeal_items import close_all, open_work
from activities.denials.deciding import close, decided, level_at
from activities.denials.messages import (
    AnswerTask,
    AppealPosition,
    AppealTask,
    FactTask,
    Happened,
    ItemTask,
)
from activities.denials.opening import WORKFLOW, first_moment_after
from database.appeal_states import AppealState, add_event, lock_appeal, store_appeal
from database.claim_states import lock_claims
from database.session import Session, tenant_session
from domain.claims.states import Outcome as ClaimOutcome
from domain.claims.states import Step
from domain.denials.appeal import Clock, Event, Stage, next_ring
from domain.tenancy import workflow_actor

_WORDS = {
    Event.NEEDS_APPROVAL: "Given to somebody else for approval",
    Event.APPROVED: "Approved",
    Event.SENT_BACK: "Sent back to be changed",
    Event.SENT: "Sent",
    Event.ACKNOWLEDGED: "The payer has acknowledged it",
    Event.OVERTURNED: "Overturned: the payer pays",
    Event.PARTIALLY_OVERTURNED: "Partially overturned",
    Event.UPHELD: "Upheld: the payer's decision stands",
    Event.NEXT_LEVEL: "Taken to the next level",
    Event.WITHDRAWN: "Withdrawn",
    Event.EXPIRED: "The window to appeal has passed",
    Event.GIVEN_UP: "Not taken any further",
}
_DECISIONS = frozenset({Event.OVERTURNED, Event.PARTIALLY_OVERTURNED, Event.UPHELD})
_ENDINGS = frozenset({Event.WITHDRAWN, Event.EXPIRED, Event.GIVEN_UP})


@activity.defn
async def begin_appeal(task: AppealTask) -> AppealPosition:
    """Tell the claim that it is under appeal, and have somebody write the letter."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_appeal(session, task.appeal_id)
        if await add_event(session, state, "opened", "opened", "Appeal opened", state.opened_by):
            await tell_claim(session, state, "appeal_opened", state.opened_by)
            await open_work(session, state, "to_send")
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def take_fact(task: FactTask) -> AppealPosition:
    """Take what a person told into the appeal, once; what came too late changes nothing."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_appeal(session, task.appeal_id)
        await _take(session, state, task.fact, task.now)
        await store_appeal(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def read_remittance(task: AnswerTask) -> AppealPosition:
    """See whether the remittance that was posted for the claim is the payer's answer: paid, paid in part, or denied again."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_appeal(session, task.appeal_id)
        event, cents = await _answer(session, state)
        if event is not None:
            fact = Happened(
                task.tenant_id, state.id, event.value, recovered_cents=cents, on=_day(state, task.now)
            )
            key = f"answered:{task.fact_id}"
            await _take(session, state, fact, task.now, key, "by the remittance (835)")
            await store_appeal(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def ring(task: AppealTask) -> AppealPosition:
    """Act on the clock that has rung: warn of the window's end, close what passed it, or raise the alarm at silence."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_appeal(session, task.appeal_id)
        due = next_ring(state.times)
        if due is not None and due[1] <= task.now:
            await _rung(session, state, due[0], task)
            await store_appeal(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def act_on_item(task: ItemTask) -> AppealPosition:
    """Act on the decision of a completed work item."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_appeal(session, task.appeal_id)
        told = task.decided
        if told.decision == "keep_waiting" and state.silent_since is not None:
            state.silent_since = None
            state.answer_by = first_moment_after(
                date.fromordinal(_day(state, task.now).toordinal() + state.answer_days), state.time_zone
            )
            await add_event(
                session, state, str(told.work_item_id), "waiting", "Waiting goes on: the clock starts again", told.by
            )  # fmt: skip
        elif told.decision == "withdraw":
            fact = Happened(task.tenant_id, told.work_item_id, Event.WITHDRAWN.value, told.by)
            await _take(session, state, fact, task.now)
        await store_appeal(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


def position(state: AppealState) -> AppealPosition:
    """Where the appeal stands and when its next clock rings."""
    due = next_ring(state.times)
    return AppealPosition(state.stage, due[1] if due else None)


async def tell_claim(session: Session, state: AppealState, update: str, by: UUID | None, **more: str) -> None:
    """Tell the claim's process, unless it heard the same already or is past it."""
    step = await session.value("SELECT step FROM claims WHERE id = $1", state.claim_id)
    waits = step == Step.APPEALED.value
    if waits != (update == "appeal_ended"):
        return
    payload = {"tenant_id": session.tenant_id, "appeal_id": state.id, "by": by, **more}
    await session.tell("update", f"{session.tenant_id}/claim/{state.claim_id}", update, payload)


async def _take(
    session: Session, state: AppealState, fact: Happened, now: datetime, key: str = "", words: str = ""
) -> None:
    event = Event(fact.event)
    if not state.happened(event):
        return
    told = " ".join(part for part in (_WORDS[event], _how(fact), words) if part)
    if not await add_event(session, state, key or str(fact.request_id), event.value, told, fact.by):
        return  # an earlier attempt was here; its changes are stored
    on = fact.on or _day(state, now)
    await close_all(session, state, fact.by, event)
    if event in _DECISIONS:
        await decided(session, state, event, on, fact.recovered_cents)
    elif event in _ENDINGS:
        await close(session, state, event)
    else:
        await _proceed(session, state, fact, on, now)
    if event is Event.NEXT_LEVEL:
        await tell_claim(session, state, "appeal_opened", fact.by)
    if state.stage is Stage.CLOSED:
        await tell_claim(session, state, "appeal_ended", fact.by, outcome=_for_claim(state))


async def _proceed(session: Session, state: AppealState, fact: Happened, on: date, now: datetime) -> None:
    """Note the facts of an event that neither decides nor ends."""
    match Event(fact.event):
        case Event.NEEDS_APPROVAL:
            await open_work(session, state, "to_approve")
        case Event.APPROVED:
            state.approved_by, state.approved_at = fact.by, now
            await open_work(session, state, "to_send")
        case Event.SENT_BACK:
            state.approved_by = state.approved_at = None
            await open_work(session, state, "to_send")
        case Event.SENT:
            state.sent_on, state.channel, state.tracking = on, fact.channel, fact.tracking
            last = date.fromordinal(on.toordinal() + state.answer_days)
            state.answer_by, state.silent_since = first_moment_after(last, state.time_zone), None
        case Event.ACKNOWLEDGED:
            state.acknowledged_on = on
        case Event.NEXT_LEVEL:
            await _next_level(session, state)


async def _next_level(session: Session, state: AppealState) -> None:
    state.level += 1
    state.sent_on = state.acknowledged_on = state.answer_by = state.silent_since = None
    state.approved_by = state.approved_at = None
    state.channel = state.tracking = ""
    level = await level_at(session, state, state.level)
    assert level is not None  # it was offered when the level below was lost
    state.level_label, state.level_row, state.answer_days = level.label, level.id, level.answer_days
    await open_work(session, state, "to_send")


async def _rung(session: Session, state: AppealState, clock: Clock, task: AppealTask) -> None:
    if clock is Clock.EXPIRY:
        fact = Happened(task.tenant_id, state.id, Event.EXPIRED.value)
        await _take(session, state, fact, task.now, f"expired:{state.level}")
    elif clock is Clock.WARNING:
        state.warned_at = task.now
        await add_event(
            session, state, f"warned:{state.level}:{state.window_day}", "warning", f"The window ends on {state.window_day}"
        )  # fmt: skip
        await open_work(session, state, "window")
    else:
        state.silent_since = task.now
        await add_event(
            session, state, f"silent:{state.level}:{state.answer_by}", "silence", "No answer: the payer's decision is overdue"
        )  # fmt: skip
        await open_work(session, state, "silent")


async def _answer(session: Session, state: AppealState) -> tuple[Event | None, int]:
    """What the claim's ledger says since the appeal was opened, and the cents that came."""
    claim = (await lock_claims(session, [state.claim_id]))[state.claim_id]
    paid: int = await session.value("SELECT paid_cents FROM claims WHERE id = $1", state.claim_id)
    recovered = paid - state.paid_before_cents
    if claim.facts.outcome is ClaimOutcome.PAID:
        return await _paid(session, state, claim.version), recovered
    denied_again = await session.value(
        "SELECT 1 FROM denials WHERE claim_id = $1 AND created_at > $2 AND status <> 'superseded' LIMIT 1",
        state.claim_id,
        state.opened_at,
    )
    if not denied_again or state.stage not in (Stage.SENT, Stage.ACKNOWLEDGED):
        return None, 0
    return (Event.PARTIALLY_OVERTURNED if recovered > state.recovered_cents else Event.UPHELD), recovered


async def _paid(session: Session, state: AppealState, version: int) -> Event:
    """A payment of what was denied is the payer's yes; one of a correction, or by the next payer, makes the appeal needless."""
    denied: int | None = await session.value(
        "SELECT claim_version FROM denials WHERE id = $1", state.denial_id
    )
    return Event.WITHDRAWN if denied is not None and version > denied else Event.OVERTURNED


def _how(fact: Happened) -> str:
    return f"by {fact.channel}" if fact.channel and fact.event == Event.SENT.value else ""


def _day(state: AppealState, now: datetime) -> date:
    return now.astimezone(ZoneInfo(state.time_zone)).date()


def _for_claim(state: AppealState) -> str:
    """The outcome in the words of the claim's process: what is not won leaves the payer's decision as it is."""
    return state.outcome if state.outcome in ("overturned", "withdrawn") else "upheld"
