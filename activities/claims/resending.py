"""Sending a claim again as it is: the same facts as a new original, after a rejection or a long silence."""

from temporalio import activity

from activities.claims.messages import DecisionTask
from activities.claims.scrubbing import WORKFLOW
from database.claim_activities import Touch, add_touches
from database.claim_states import lock_claims
from database.claim_versions import copy_version
from database.session import tenant_session
from domain.tenancy import workflow_actor


@activity.defn
async def copy_for_resending(task: DecisionTask) -> int:
    """Store the current facts as the next version; its number. The touch of the decision shows an earlier attempt."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        key = f"decided:{task.work_item_id}"
        done = await session.value(
            "SELECT detail ->> 'version' FROM claim_activities WHERE claim_id = $1 AND key = $2",
            task.claim_id,
            key,
        )
        if done:
            return int(done)
        version = await copy_version(session, task.claim_id, state.version, task.actor_id)
        words = "Decided: send again unchanged"
        await add_touches(
            session, [Touch(state.id, "decided", words, key, task.actor_id, {"version": version})]
        )
        return version
