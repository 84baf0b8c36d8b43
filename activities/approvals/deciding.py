"""The steps of an approval: each is one transaction that moves the approval, its work item, and what waits for it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from temporalio import activity

from activities import courier
from activities.approvals.desks import lay_on_desk, next_desk
from activities.approvals.messages import (
    ApprovalDecisionTask,
    ApprovalNeedlessTask,
    ApprovalPosition,
    ApprovalTask,
)
from activities.approvals.opening import WORKFLOW
from activities.approvals.waiting_items import still_waits, wake
from activities.care.approving import after_decision
from activities.work import close_items
from activities.work_acts import COMMENT as ITEM_COMMENT
from database.approval_states import (
    COMMENT,
    ApprovalState,
    add_event,
    lock_approval,
    store_approval,
    words_of,
)
from database.notifications import notify
from database.session import Session, tenant_session
from domain.approvals.process import OPEN, Event, State
from domain.tenancy import workflow_actor

APPROVE = "approve"
# What follows the end of an approval about such a subject, however it was decided: told of the subject and of itself.
_AFTER: Mapping[str, Callable[[Session, UUID, UUID], Awaitable[None]]] = {"care_time": after_decision}
_KEEP = """
INSERT INTO approval_decisions (tenant_id, approval_id, level, work_item_id, approved, decided_by, comment)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
_WORDS = {
    Event.APPROVED: "Approved",
    Event.REFUSED: "Refused",
    Event.WITHDRAWN: "Taken back by the asker",
    Event.CARRIED_OUT: "Done as approved",
}
# Why something was overtaken, in words that hold no references.
OVERTAKEN = {
    "finished": "What it was about was finished meanwhile.",
    "decided_otherwise": "The asker decided otherwise.",
    "ended": "What it was about has ended.",
    "corrected": "The entry was corrected or taken back meanwhile.",
    "changed": "What it was about was changed after it was asked.",
    "cancelled": "Its process was cancelled.",
}


@activity.defn
async def lay_before(task: ApprovalTask) -> ApprovalPosition:
    """Lay the request on the desk of whoever decides first."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_approval(session, task.approval_id)
        if state.state is State.ASKED:
            words = f"Asked for {state.levels} approvals" if state.levels > 1 else "Asked for approval"
            await add_event(session, state.id, "asked", "asked", words, state.requester_id)
            if await still_waits(session, state):
                state.happened(Event.LAID_BEFORE)
                await next_desk(session, state, task.now, from_the_start=True)
                await lay_on_desk(session, state)
            else:
                await end(session, state, Event.OVERTAKEN, "finished")
            await store_approval(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def take_decision(task: ApprovalDecisionTask) -> ApprovalPosition:
    """Take a manager's word into the approval: on to the next level, approved, or refused."""
    told = task.decided
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_approval(session, task.approval_id)
        if state.state is State.WAITING and told.by is not None and told.by not in state.barred:
            state.decided_at = task.now
            if not await still_waits(session, state):
                await end(session, state, Event.OVERTAKEN, "finished")
            else:
                await _decide(session, state, task, told.by)
            await store_approval(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def end_needless(task: ApprovalNeedlessTask) -> ApprovalPosition:
    """End an approval that the asker took back or that something else has settled."""
    told = task.needless
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_approval(session, task.approval_id)
        if state.state in OPEN:
            state.decided_at = task.now
            await end(session, state, Event(told.event), told.code, told.by)
            await store_approval(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


@activity.defn
async def pass_on(task: ApprovalTask) -> ApprovalPosition:
    """Nobody decided in time: lay it before the next manager, above the last before everybody who may decide."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_approval(session, task.approval_id)
        if state.state is State.WAITING and state.due_at is not None and state.due_at <= task.now:
            if await still_waits(session, state):
                state.happened(Event.ESCALATED)
                await next_desk(session, state, task.now)
                await lay_on_desk(session, state)
            else:
                await end(session, state, Event.OVERTAKEN, "finished")
            await store_approval(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


def position(state: ApprovalState) -> ApprovalPosition:
    """Where the approval stands, and what comes next."""
    waiting = state.state is State.WAITING
    return ApprovalPosition(
        state.state, state.barred, state.due_at if waiting else None, state.state is State.APPROVED
    )


async def end(
    session: Session,
    state: ApprovalState,
    event: Event,
    code: str = "",
    by: UUID | None = None,
    why: str = "",
) -> None:
    """Bring an approval to its end, with everything that hangs on it."""
    if not state.happened(event):
        return
    state.approver_id = state.due_at = None
    if event is Event.OVERTAKEN:
        state.end_code, state.end_reason = code, why or OVERTAKEN.get(code, OVERTAKEN["ended"])
    words = f"Overtaken: {state.end_reason}" if event is Event.OVERTAKEN else _WORDS[event]
    await add_event(session, state.id, event.value, event.value, words, by)
    await close_items(session, "approval", state.id)
    if event in (Event.REFUSED, Event.WITHDRAWN, Event.OVERTAKEN):
        comment = await words_of(session, state.id) if event is Event.REFUSED else ""
        await wake(session, state, event, comment)
        if code != "ended":  # else the process that would be told has said so, and waits for this step
            await _tell(session, state, False, by)
    if after := _AFTER.get(state.subject_type):
        await after(session, state.subject_id, state.id)
    await _tell_asker(session, state, words)


async def _decide(session: Session, state: ApprovalState, task: ApprovalDecisionTask, by: UUID) -> None:
    approved = task.decided.decision == APPROVE
    await _keep_word(session, state, task, by, approved)
    if not approved:
        await end(session, state, Event.REFUSED, by=by)
        return
    state.excluded.append(by)
    if state.level < state.levels:
        state.happened(Event.NEXT_LEVEL)
        words = f"Approved, {state.level} of {state.levels}"
        await add_event(session, state.id, f"level:{state.level}", "approved", words, by)
        state.level += 1
        await next_desk(session, state, task.now, from_the_start=True)
        await lay_on_desk(session, state)
        return
    state.happened(Event.APPROVED)
    await add_event(session, state.id, "approved", "approved", _WORDS[Event.APPROVED], by)
    if not state.effect:
        await _tell(session, state, True, by)
        await end(session, state, Event.CARRIED_OUT, by=None)


async def _keep_word(
    session: Session, state: ApprovalState, task: ApprovalDecisionTask, by: UUID, approved: bool
) -> None:
    """The decision with its comment, which stays with the approval under its own name."""
    sealed = await session.value("SELECT comment FROM work_items WHERE id = $1", task.decided.work_item_id)
    key = await session.key()
    comment = key.seal(COMMENT, key.open(ITEM_COMMENT, sealed)) if sealed else None
    await session.execute(
        _KEEP, session.tenant_id, state.id, state.level, task.decided.work_item_id, approved, by, comment
    )


async def _tell(session: Session, state: ApprovalState, approved: bool, by: UUID | None) -> None:
    """Tell whoever waits for the decision; the approval's id is the update's, so that it is told once."""
    if not state.tell_workflow:
        return
    payload = json.loads(state.tell_payload) | {"approval_id": state.id, "approved": approved, "by": by}
    await session.tell("update", state.tell_workflow, state.tell_update, payload, message_id=state.id)


async def _tell_asker(session: Session, state: ApprovalState, words: str) -> None:
    if state.state is not State.WITHDRAWN:
        title = f"{state.reference} {words[0].lower()}{words[1:]}: {state.summary}"
        await notify(
            session, [state.requester_id], kind="approval", title=title, href=f"/approvals/{state.id}",
            key=f"approval:{state.id}:{state.state.value}",
        )  # fmt: skip
