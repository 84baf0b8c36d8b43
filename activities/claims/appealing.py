"""A claim under appeal: its process stands aside while the appeal's own process runs, and goes on when that has ended."""

from temporalio import activity

from activities.claims.following import open_denial, position_of
from activities.claims.messages import AppealTask, Position
from activities.claims.scrubbing import WORKFLOW
from database.claim_activities import Touch, add_touches
from database.claim_states import ClaimState, lock_claims, store_claims
from database.session import Session, tenant_session
from domain.claims.states import Event, FollowUp, Step
from domain.tenancy import workflow_actor

_ENDINGS = {
    "overturned": "Appeal won: the payer's corrected remittance is awaited",
    "upheld": "Appeal lost: the payer's decision stands",
    "withdrawn": "Appeal withdrawn",
}


@activity.defn
async def follow_appeal(task: AppealTask) -> Position:
    """Put the claim under appeal, or back to denial work. A won appeal goes on waiting: only an 835 changes the money."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        if not task.outcome:
            if state.happened(Event.APPEALED) or state.step is Step.APPEALED:
                state.know(follow_up=FollowUp.APPEALED)
        elif task.outcome != "overturned" and state.step is Step.APPEALED:
            await _back_to_denial(session, state)
        await add_touches(session, [_touch(task)])
        await store_claims(session, [state])
        return await position_of(session, state)


async def _back_to_denial(session: Session, state: ClaimState) -> None:
    state.happened(Event.DENIED)
    state.know(follow_up=None)
    await open_denial(session, state, again=True)


def _touch(task: AppealTask) -> Touch:
    words = _ENDINGS.get(task.outcome, f"Appeal ended: {task.outcome}") if task.outcome else "Appeal begun"
    key = f"appeal:{task.appeal_id}:{task.outcome}"
    return Touch(task.claim_id, "appeal", words, key, task.actor_id)
