"""Opening a closed claim again at a person's word, so that it can be replaced, voided or billed on."""

from temporalio import activity

from activities.claims.following import position_of
from activities.claims.messages import DecisionTask, Position
from activities.claims.scrubbing import WORKFLOW
from database.claim_activities import Touch, add_touches
from database.claim_states import lock_claims, store_claims
from database.session import tenant_session
from domain.claims.states import Event
from domain.tenancy import workflow_actor


@activity.defn
async def reopen_claim(task: DecisionTask) -> Position:
    """Move a closed claim to where a person decides. One that a payer's word has opened meanwhile stays where it is."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        if state.happened(Event.REOPENED):
            state.closed_at, state.closed_reason = None, ""
            state.know(closed=False)
            key = f"reopened:{task.work_item_id}"
            await add_touches(
                session, [Touch(state.id, "reopened", "Reopened by a person", key, task.actor_id)]
            )
            await store_claims(session, [state])
        return await position_of(session, state)
