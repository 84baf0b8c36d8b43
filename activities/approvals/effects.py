"""What is done once it was approved, where no other process does it: by the asker's wish, in the worker."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from temporalio import activity

from activities import courier
from activities.approvals.deciding import end, position
from activities.approvals.messages import ApprovalPosition, ApprovalTask
from activities.approvals.opening import REASON, WORKFLOW
from activities.balances.writing_off import write_off_share
from activities.care.approving import COUNT_TIME, count_time
from activities.care.month_settling import REOPEN, reopen_month
from activities.care.sheets import ACCEPT, accept_sheet
from activities.remittances.releasing import release_remittance
from activities.work_acts import complete_as_approved
from database.approval_states import ApprovalState, lock_approval, store_approval
from database.session import Session, tenant_session
from domain.approvals.process import Event, State
from domain.refusals import Refusal
from domain.tenancy import Actor, workflow_actor


@activity.defn
async def carry_out(task: ApprovalTask) -> ApprovalPosition:
    """Do what was approved, once. What has become impossible meanwhile is told as overtaken, with why."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = await lock_approval(session, task.approval_id)
        if state.state is State.APPROVED:
            await _do(session, state)
            await store_approval(session, state)
    await courier.deliver(task.tenant_id, session.messages)
    return position(state)


async def _do(session: Session, state: ApprovalState) -> None:
    machine = session.actor
    try:
        async with session.connection.transaction():
            session.actor = await _asker(session, state.requester_id)
            await EFFECTS[state.effect](session, state)
    except Refusal as refusal:
        session.messages.clear()  # the refused step's own were rolled back with it
        session.actor = machine
        await end(session, state, Event.OVERTAKEN, refusal.code, why=refusal.title)
        return
    session.actor = machine
    await end(session, state, Event.CARRIED_OUT)


async def _asker(session: Session, user_id: UUID) -> Actor:
    """The asker, in whose name it is done. They need no right any more: what counts is that it was approved."""
    name: str = await session.value("SELECT name FROM users WHERE id = $1", user_id)
    return Actor(session.tenant_id, user_id, "person", name, frozenset(), session.policy_version or 0)


async def _complete_item(session: Session, state: ApprovalState) -> None:
    assert state.work_item_id is not None  # asked for by the completion of this very item
    await complete_as_approved(session, state.work_item_id, state.kind, await reason_of(session, state))


async def _release(session: Session, state: ApprovalState) -> None:
    await release_remittance(session, state.subject_id, await reason_of(session, state))


async def _write_off(session: Session, state: ApprovalState) -> None:
    await write_off_share(
        session, state.subject_id, await reason_of(session, state), expected=state.amount_cents
    )


async def _count_time(session: Session, state: ApprovalState) -> None:
    await count_time(session, state.subject_id, state.id)


async def _reopen_month(session: Session, state: ApprovalState) -> None:
    await reopen_month(session, state.subject_id, await reason_of(session, state), state.id)


async def _accept_sheet(session: Session, state: ApprovalState) -> None:
    await accept_sheet(session, state.subject_id, state.id)


async def reason_of(session: Session, state: ApprovalState) -> str:
    """Why it was asked, as the asker wrote it."""
    return (await session.key()).open(REASON, state.reason).decode() if state.reason else ""


EFFECTS: dict[str, Callable[[Session, ApprovalState], Awaitable[None]]] = {
    "complete_item": _complete_item,
    "release_remittance": _release,
    "write_off_share": _write_off,
    COUNT_TIME: _count_time,
    ACCEPT: _accept_sheet,
    REOPEN: _reopen_month,
}
