"""After an answer: close what is settled, open work for what is rejected or denied, raise the alarm at silence."""

from dataclasses import replace
from datetime import UTC, datetime

from temporalio import activity

from activities.claims.coordinating import go_on_to_next_payer
from activities.claims.messages import ClaimTask, DecisionTask, LookTask, Position
from activities.claims.scrubbing import WORKFLOW, open_hold
from activities.denials.items import denial_item
from activities.denials.opening import open_if_possible
from activities.work import close_items, open_item
from database.claim_activities import Touch, add_touches
from database.claim_states import ClaimState, lock_claims, store_claims
from database.expected_answers import Waits, waits_of
from database.session import Session, tenant_session
from domain import work
from domain.calendar import filing_alarm
from domain.claims.states import Event, FollowUp, Step
from domain.edi import WORDS, Expectation, awaiting, expectation, silence_priority
from domain.remittances.ledger import PATIENT, RECEIVABLE, WRITTEN_OFF
from domain.remittances.outcome import CONTRACTUAL
from domain.tenancy import workflow_actor

_LAST_REASONS = """
SELECT DISTINCT a.group_code || '-' || a.reason_code AS code FROM adjustments a
JOIN remittance_claims r ON r.tenant_id = a.tenant_id AND r.id = a.remittance_claim_id
WHERE r.claim_id = $1 AND r.id = (SELECT max(id::text)::uuid FROM remittance_claims WHERE claim_id = $1 AND status_code <> '22')
  AND a.group_code <> 'PR' AND a.reason_code <> ALL($2::text[]) ORDER BY 1
"""
_LAST_REJECTION = """
SELECT kind, sender, category, status_code FROM acknowledgements
WHERE claim_id = $1 AND verdict IN ('rejected', 'not_found') ORDER BY id DESC LIMIT 1
"""


@activity.defn
async def follow_up(task: ClaimTask) -> Position:
    """Look where the stored answers have brought the claim and do what follows: close, or open the work item."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        if state.step is Step.SETTLED:
            await _close_or_ask(session, state)
        elif await go_on_to_next_payer(session, state):
            pass  # the next payer is asked: its new version is scrubbed next
        elif state.step is Step.DENIAL:
            await open_denial(session, state)
        elif state.step is Step.REJECTED:
            await _open_rejection(session, state)
        await store_claims(session, [state])
        position = await position_of(session, state)
        return replace(position, version=state.version if state.version != task.version else None)


@activity.defn
async def look_for_silence(task: LookTask) -> Position:
    """Open a work item when the answer that is due has not come; answers when to look again."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        waits = await waits_of(session, state.id)
        expected = _expected(state, waits)
        if expected and expected.by <= task.now and state.silent_since is None:
            await _raise_alarm(session, state, expected, waits, task.now)
            await store_claims(session, [state])
        return await position_of(session, state)


@activity.defn
async def decide(task: DecisionTask) -> Position:
    """Act on the decision of a completed work item. Decisions that only close the item leave the claim as it is."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        match task.decision:
            case "withdraw":
                await _end(session, state, Event.WITHDRAWN, "Withdrawn", task)
            case "write_off":
                await _give_up(session, state, WRITTEN_OFF, task)
                await _end(session, state, Event.WRITTEN_OFF, "Written off", task)
            case "patient":
                await _give_up(session, state, PATIENT, task)
                state.happened(Event.PATIENT_OWES)
                state.know(follow_up=FollowUp.PATIENT_RESPONSIBILITY)
            case "appeal":
                state.happened(Event.APPEALED)
                state.know(follow_up=FollowUp.APPEALED)
                await open_if_possible(session, state.id, task.actor_id)
            case "do_not_bill":
                await session.execute("UPDATE claims SET next_payer_barred = true WHERE id = $1", state.id)
            case "keep_waiting":
                state.silent_since = None
                state.changed = True
        await add_touches(session, [_decided(task)])
        await store_claims(session, [state])
        return await position_of(session, state, task.now if task.decision == "keep_waiting" else None)


@activity.defn
async def end_claim(task: DecisionTask) -> Position:
    """Close or withdraw at a person's word; `decision` is the event of the transition table."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        await _end(session, state, Event(task.decision), task.decision.replace("_", " ").capitalize(), task)
        await store_claims(session, [state])
        return await position_of(session, state)


@activity.defn
async def hold_claim(task: ClaimTask) -> Position:
    """Stop a claim before it is batched. The reason was stored with the claim by the service."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        if state.happened(Event.PUT_ON_HOLD):
            state.know(held_reason="person", released=False)
            state.released_at = None
            await open_hold(session, state, "put on hold by a person")
            await add_touches(
                session, [Touch(state.id, "held", "Put on hold", f"held:{state.version}", task.actor_id)]
            )
            await store_claims(session, [state])
        return Position(state.step)


async def position_of(session: Session, state: ClaimState, again_from: datetime | None = None) -> Position:
    """Where the claim stands and when to look for silence: the answer's own time, or anew from `again_from`."""
    if state.silent_since is not None:
        return Position(state.step)  # the alarm is up; a decision starts the clock again
    to_be_sent = state.step in (Step.READY, Step.BATCHED)
    if not awaiting(state.facts) and not to_be_sent:
        return Position(state.step)
    waits = await waits_of(session, state.id)
    expected = _expected(state, waits)
    if expected is None:
        soonest = datetime.now(UTC) + min(waits.within.values())
        return Position(state.step, soonest if to_be_sent else None)
    return Position(state.step, again_from + waits.within[expected.answer] if again_from else expected.by)


def _expected(state: ClaimState, waits: Waits) -> Expectation | None:
    return expectation(state.facts, waits.within, filing_alarm(waits.service_date, waits))


async def _close_or_ask(session: Session, state: ClaimState) -> None:
    """A later payer may have paid all that it was asked for while an earlier one took money back: that stays open."""
    if state.rank != "P" and await _open_cents(session, state) > 0:
        state.happened(Event.REOPENED)
    else:
        await _close(session, state)


async def _open_cents(session: Session, state: ClaimState) -> int:
    cents: int = await session.value(
        "SELECT coalesce(sum(amount_cents), 0)::bigint FROM ledger_entries WHERE claim_id = $1 AND account = $2",
        state.id,
        RECEIVABLE,
    )
    return cents


async def _close(session: Session, state: ClaimState) -> None:
    state.happened(Event.CLOSED)
    state.closed_at = datetime.now(UTC)
    state.closed_reason = "settled"
    state.know(closed=True)
    await close_items(session, "claim", state.id)
    key = f"closed:{state.version}:{state.facts.adjudications}"
    await add_touches(session, [Touch(state.id, "closed", "Closed: nothing is owed any more", key)])


async def open_denial(session: Session, state: ClaimState, *, again: bool = False) -> None:
    """Open the work item of a denial; with `again` also when the one of this adjudication was finished before."""
    codes = [row["code"] for row in await session.fetch(_LAST_REASONS, state.id, sorted(CONTRACTUAL))]
    item = await denial_item(session, state)
    await close_items(session, "claim", state.id, ["silence", "rejection"])
    await open_item(
        session,
        f"denial:{state.id}:{_of_payer(state)}{state.facts.adjudications}",
        work.Kind.DENIAL,
        work.title(work.Kind.DENIAL, state.reference, ", ".join(codes)),
        subject_type="claim",
        subject_id=state.id,
        workflow_id=f"{session.tenant_id}/claim/{state.id}",
        detail={**item.detail, "codes": codes, "version": state.version},
        priority=item.priority,
        due_at=item.due_at,
        again=again,
    )


def _of_payer(state: ClaimState) -> str:
    """What tells a later payer's denial from the first payer's."""
    return "" if state.rank == "P" else f"{state.rank}:"


async def _open_rejection(session: Session, state: ClaimState) -> None:
    row = await session.row(_LAST_REJECTION, state.id)
    reason = f"{row['sender']} {row['kind']} {row['category']} {row['status_code']}".strip() if row else ""
    await close_items(session, "claim", state.id, ["silence"])
    await open_item(
        session,
        f"rejection:{state.id}:{state.version}",
        work.Kind.REJECTION,
        work.title(work.Kind.REJECTION, state.reference, reason),
        subject_type="claim",
        subject_id=state.id,
        workflow_id=f"{session.tenant_id}/claim/{state.id}",
        detail=dict(row) if row else {},
    )


async def _raise_alarm(
    session: Session, state: ClaimState, expected: Expectation, waits: Waits, now: datetime
) -> None:
    state.silent_since = now
    state.changed = True
    answer, act_by = expected.answer, filing_alarm(waits.service_date, waits)
    await open_item(
        session,
        f"silence:{state.id}:{state.version}:{answer}:{state.silent_since.date()}",
        work.Kind.SILENCE,
        work.title(work.Kind.SILENCE, state.reference, f"the {WORDS[answer]} is overdue"),
        subject_type="claim",
        subject_id=state.id,
        workflow_id=f"{session.tenant_id}/claim/{state.id}",
        detail={"answer": answer, "act_by": act_by},
        priority=silence_priority(act_by, now.date(), answer, work.KINDS[work.Kind.SILENCE].priority),
        again=True,
    )
    key = f"silence:{state.version}:{answer}"
    await add_touches(
        session, [Touch(state.id, "silence", f"No answer: the {WORDS[answer]} is overdue", key)]
    )


async def _end(session: Session, state: ClaimState, event: Event, words: str, task: DecisionTask) -> None:
    state.happened(event)
    if state.step is Step.SETTLED:
        state.happened(Event.CLOSED)
    if state.step is not Step.CLOSED:
        return
    state.closed_at = datetime.now(UTC)
    state.closed_reason = event.value
    state.know(closed=True)
    await close_items(session, "claim", state.id)
    touch = Touch(state.id, "closed", f"Closed: {words.lower()}", f"ended:{task.work_item_id}", task.actor_id)
    await add_touches(session, [touch])


async def _give_up(session: Session, state: ClaimState, account: str, task: DecisionTask) -> None:
    """Move what is still open to `account`, once per work item."""
    open_cents = await _open_cents(session, state)
    posted = await session.value(
        "SELECT 1 FROM ledger_entries WHERE posting_id = $1 LIMIT 1", task.work_item_id
    )
    if not open_cents or posted:
        return
    entries = ((account, open_cents), (RECEIVABLE, -open_cents))
    await session.copy(
        "ledger_entries",
        ("tenant_id", "posting_id", "account", "claim_id", "amount_cents"),
        [(session.tenant_id, task.work_item_id, name, state.id, cents) for name, cents in entries],
    )
    column = "patient_cents" if account == PATIENT else "adjusted_cents"
    await session.execute(f"UPDATE claims SET {column} = {column} + $2 WHERE id = $1", state.id, open_cents)


def _decided(task: DecisionTask) -> Touch:
    words = task.decision.replace("_", " ")
    return Touch(task.claim_id, "decided", f"Decided: {words}", f"decided:{task.work_item_id}", task.actor_id)
