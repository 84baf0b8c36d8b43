"""The steps of an audit: each is one transaction that moves the audit and its work items."""

from datetime import datetime
from uuid import UUID

from temporalio import activity

from activities import courier
from activities.quality.items import close_work, open_work, remind, tell
from activities.quality.messages import AuditPosition, AuditTask, AuditTold, ItemTask, ToldTask
from database.quality_states import AuditState, add_event, lock_audit, population_of, store_audit
from database.session import Session, tenant_session
from database.workforce_reads import calendar_of
from domain.notifications import Notice
from domain.quality.process import Clock, Event, State, next_ring
from domain.quality.sampling import Candidate, Method, draw, draw_second, size_of
from domain.tenancy import workflow_actor
from domain.work import Kind

WORKFLOW = "QaAudit"
# An office day, as the calendar counts open hours.
DAY_SECONDS = 8 * 3600
DECISION_DAYS = 5
_WORDS = {
    Event.REVIEW_BEGUN: "Review begun",
    Event.REVIEWED: "Every claim reviewed",
    Event.TOLD: "The result was told to the audited person",
    Event.ACKNOWLEDGED: "Acknowledged",
    Event.DISPUTED: "Disputed",
    Event.SILENT: "No answer in time: the result stands",
    Event.UPHELD: "Decided: the findings stand",
    Event.OVERTURNED: "Decided: findings were withdrawn",
    Event.CANCELLED: "Cancelled",
}
_RUNG = {
    Clock.REVIEW_LATE: ("The review is overdue", Kind.AUDIT),
    Clock.ANSWER_REMINDER: ("No answer yet: reminded", Kind.AUDIT_ACKNOWLEDGEMENT),
    Clock.DECISION_LATE: ("The decision is overdue", Kind.AUDIT_DISPUTE),
}
_TAKE_CLAIMS = """
INSERT INTO qa_audit_claims (tenant_id, audit_id, ordinal, claim_id, claim_version, stratum, second)
SELECT $1, $2, t.ordinal, t.claim_id, c.current_version, t.stratum, t.second
FROM unnest($3::uuid[], $4::integer[], $5::text[], $6::boolean[]) AS t (claim_id, ordinal, stratum, second)
JOIN claims c ON c.tenant_id = $1 AND c.id = t.claim_id
ON CONFLICT (tenant_id, audit_id, claim_id) DO NOTHING
"""
_WITHDRAW = """
UPDATE qa_findings f SET withdrawn_at = now() FROM qa_audit_claims c
WHERE f.tenant_id = current_tenant() AND c.tenant_id = f.tenant_id AND c.id = f.audit_claim_id AND c.audit_id = $1
    AND f.reader = 'first' AND f.withdrawn_at IS NULL
"""
_UNCOUNT = (
    "UPDATE qa_audit_claims SET codes_wrong = 0, claim_wrong = false, cents_wrong = 0 WHERE audit_id = $1"
)
_KEEP_DISPUTE = "UPDATE qa_audits SET dispute = $2 WHERE id = $1"
_KEEP_DECISION = "UPDATE qa_audits SET decision_comment = $2 WHERE id = $1"


@activity.defn
async def draw_sample(task: AuditTask) -> AuditPosition:
    """Draw the sample from what the person worked in the period, and give it to the auditor."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_audit(session, task.audit_id)
        if state.state is State.PLANNED:
            await _draw(session, state, task.now)
            await store_audit(session, state)
    return position(state)


@activity.defn
async def take_told(task: ToldTask) -> AuditPosition:
    """Take what a person told into the audit, once; what came too late changes nothing."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_audit(session, task.audit_id)
        await _take(session, state, task.fact, task.now)
        await store_audit(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def act_on_audit_item(task: ItemTask) -> AuditPosition:
    """Act on the decision of a completed work item; its comment becomes the audit's."""
    told = task.decided
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_audit(session, task.audit_id)
        if told.decision in (Event.DISPUTED, Event.UPHELD, Event.OVERTURNED):
            await _keep_comment(session, state, told.work_item_id, told.decision)
        if told.decision == Event.REVIEWED:
            await _reviewed_from_the_inbox(session, state, told.work_item_id)
        else:
            fact = AuditTold(task.tenant_id, told.work_item_id, told.decision, told.by)
            await _take(session, state, fact, task.now)
        await store_audit(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def ring_audit(task: AuditTask) -> AuditPosition:
    """Act on the clock that has rung: remind of what is late, or close an audit that nobody answers."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_audit(session, task.audit_id)
        due = next_ring(state.times)
        if due is not None and due[1] <= task.now:
            await _rung(session, state, due[0], task)
            await store_audit(session, state)
    return position(state)


def position(state: AuditState) -> AuditPosition:
    """Where the audit stands and when its next clock rings."""
    due = next_ring(state.times)
    return AuditPosition(state.state, due[1] if due else None)


async def _draw(session: Session, state: AuditState, now: datetime) -> None:
    period = (state.period_from, state.period_to)
    rows = await population_of(
        session, state.employee_id, period, state.time_zone, state.method, state.reviewers
    )
    free = [Candidate(row["id"], row["stratum"]) for row in rows if not row["own_work"]]
    state.population_ids = [one.id for one in free]
    state.population_strata = [one.stratum for one in free]
    state.own_work = len(rows) - len(free)
    chosen = draw(free, size_of(len(free), state.size, state.rate_percent), state.seed, Method(state.method))
    if not chosen:
        await _end(session, state, Event.NOTHING_FOUND, now)
        await add_event(session, state.id, "drawn", "nothing_found", _nothing(state))
        return
    second = draw_second([one.id for one in chosen], state.second_percent, state.seed)
    second = second if state.second_reviewer_id else frozenset()
    await session.execute(
        _TAKE_CLAIMS, session.tenant_id, state.id, [one.id for one in chosen], list(range(1, len(chosen) + 1)),
        [one.stratum for one in chosen], [one.id in second for one in chosen],
    )  # fmt: skip
    state.happened(Event.DRAWN)
    state.due_at = await _after(session, now, state.review_days)
    words = f"{len(chosen)} of {len(free)} claims drawn with seed {state.seed}"
    await add_event(session, state.id, "drawn", "drawn", words, state.created_by)
    await open_work(session, state, Kind.AUDIT, state.auditor_id, state.due_at)
    if second:
        await open_work(session, state, Kind.AUDIT, state.second_reviewer_id, state.due_at, ":second")


def _nothing(state: AuditState) -> str:
    if state.own_work:
        return f"Nothing to audit: the reviewers had worked on all {state.own_work} claims themselves"
    return "Nothing to audit: no claims were worked in the period"


async def _take(session: Session, state: AuditState, fact: AuditTold, now: datetime) -> None:
    """Advance by a fact, note it once, and open or close what follows from it."""
    event, before = Event(fact.event), state.times
    if not state.happened(event):
        return
    if before.state is state.state:
        state.due_at, state.last_at = before.due_at, before.last_at
    elif event is Event.REVIEW_BEGUN:
        # The same wait goes on: beginning does not give more time.
        state.due_at = before.due_at
        state.reminded_at = now if before.reminded else None
    await add_event(
        session, state.id, f"{event.value}:{fact.request_id}", event.value, _WORDS[event], fact.by
    )
    match event:
        case Event.REVIEWED:
            await _tell_result(session, state, fact.by, now)
        case Event.DISPUTED:
            state.answered_at, state.due_at = now, await _after(session, now, DECISION_DAYS)
            await close_work(session, state, fact.by, event.value)
            await open_work(session, state, Kind.AUDIT_DISPUTE, None, state.due_at)
        case Event.ACKNOWLEDGED:
            state.answered_at = now
            await _finish(session, state, event, fact.by, now)
        case Event.UPHELD | Event.OVERTURNED:
            state.decided_by = fact.by
            if event is Event.OVERTURNED and not await _partly(session, state):
                await session.execute(_WITHDRAW, state.id)
                await session.execute(_UNCOUNT, state.id)
            await _finish(session, state, event, fact.by, now)
            await _tell_decision(session, state, fact.by)
        case Event.CANCELLED:
            await close_work(session, state, fact.by, event.value)
            state.outcome, state.closed_at = event.value, now


async def _partly(session: Session, state: AuditState) -> bool:
    """Whether the decision named findings: those were withdrawn when it was told, and the others stand."""
    return bool(
        await session.value(
            "SELECT 1 FROM qa_findings f JOIN qa_audit_claims c ON c.tenant_id = f.tenant_id AND c.id = f.audit_claim_id"
            " WHERE c.audit_id = $1 AND f.withdrawn_at IS NOT NULL LIMIT 1",
            state.id,
        )
    )


async def _tell_result(session: Session, state: AuditState, by: UUID | None, now: datetime) -> None:
    state.completed_at = now
    await close_work(session, state, by, Event.REVIEWED.value)
    state.happened(Event.TOLD)
    state.due_at = await _after(session, now, state.answer_days)
    state.last_at = await _after(session, now, 2 * state.answer_days)
    await add_event(session, state.id, "told", Event.TOLD.value, _WORDS[Event.TOLD])
    await open_work(session, state, Kind.AUDIT_ACKNOWLEDGEMENT, state.employee_id, state.due_at)


async def _tell_decision(session: Session, state: AuditState, by: UUID | None) -> None:
    """Both sides of a dispute hear that it is decided; who decided knows."""
    title = f"{state.reference}: the dispute is decided"
    for user_id in {state.employee_id, state.auditor_id} - {by}:
        await tell(session, state, user_id, Notice.AUDIT_COMPLETE, title, f"audit/{state.id}/decided")


async def _finish(session: Session, state: AuditState, event: Event, by: UUID | None, now: datetime) -> None:
    await close_work(session, state, by, event.value)
    state.happened(Event.FINISHED)
    state.outcome, state.closed_at = event.value, now


async def _end(session: Session, state: AuditState, event: Event, now: datetime) -> None:
    state.happened(event)
    state.outcome, state.closed_at = event.value, now
    await close_work(session, state, None, event.value)


async def _rung(session: Session, state: AuditState, clock: Clock, task: AuditTask) -> None:
    if clock is Clock.ANSWER_SILENT:
        await _end(session, state, Event.SILENT, task.now)
        await add_event(session, state.id, "silent", Event.SILENT.value, _WORDS[Event.SILENT])
        return
    words, kind = _RUNG[clock]
    state.reminded_at = task.now
    await add_event(session, state.id, f"{clock.value}:{state.due_at}", clock.value, words)
    await remind(session, state, kind)


async def _reviewed_from_the_inbox(session: Session, state: AuditState, item_id: UUID) -> None:
    """An audit is completed on its page, with its feedback: until then another item takes the place of this one."""
    if state.state in (State.SAMPLED, State.IN_REVIEW):
        owner_id = await session.value("SELECT owner_id FROM work_items WHERE id = $1", item_id)
        await open_work(session, state, Kind.AUDIT, owner_id or state.auditor_id, state.due_at, again=True)


async def _keep_comment(session: Session, state: AuditState, item_id: UUID, decision: str) -> None:
    sealed = await session.value("SELECT comment FROM work_items WHERE id = $1", item_id)
    if sealed is None:
        return
    key = await session.key()
    text = key.open("work_items.comment", sealed)
    disputed = decision == Event.DISPUTED
    column = "qa_audits.dispute" if disputed else "qa_audits.decision_comment"
    await session.execute(_KEEP_DISPUTE if disputed else _KEEP_DECISION, state.id, key.seal(column, text))


async def _after(session: Session, now: datetime, days: int) -> datetime:
    """So many office days later, by the tenant's calendar."""
    calendar = await calendar_of(session)
    return calendar.add(now, days * DAY_SECONDS)
