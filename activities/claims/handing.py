"""From release to the batch: mark the claim ready and ask its connection's batch to gather."""

from datetime import UTC, datetime
from uuid import UUID

from temporalio import activity

from activities import courier
from activities.claims.messages import ClaimTask, Position
from activities.claims.scrubbing import WORKFLOW, open_hold
from activities.ports import ports
from database.claim_activities import Touch, add_touches
from database.claim_states import ClaimState, lock_claims, store_claims
from database.expected_answers import waits_of
from database.routing import route_of_claim
from database.session import Session, tenant_session
from domain.claims.states import Event, Step
from domain.tenancy import workflow_actor


@activity.defn
async def hand_to_batch(task: ClaimTask) -> Position:
    """Release the claim to its payer's connection; without a connection it is held, and says so."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        if state.step is not Step.READY:
            return Position(state.step)  # handed over by an earlier attempt, or held meanwhile
        route = await route_of_claim(session, state.id, state.client_id, state.payer_id)
        connection_id = route.connection_id
        if connection_id is None:
            await _hold_without_connection(session, state)
        else:
            await _release(session, state, connection_id, task.actor_id)
        await store_claims(session, [state])
        within = (await waits_of(session, state.id)).within
    await courier.deliver(task.tenant_id, session.messages)
    return Position(state.step, datetime.now(UTC) + min(within.values()))


async def _release(session: Session, state: ClaimState, connection_id: UUID, actor_id: UUID | None) -> None:
    state.released_at = state.released_at or datetime.now(UTC)
    state.know(released=True, held_reason="")
    await session.execute("UPDATE claims SET connection_id = $2 WHERE id = $1", state.id, connection_id)
    touch = Touch(state.id, "released", "Released to the payer", f"released:{state.version}", actor_id)
    await add_touches(session, [touch])
    await ask_batch(session, connection_id)


async def _hold_without_connection(session: Session, state: ClaimState) -> None:
    state.happened(Event.PUT_ON_HOLD)
    state.know(held_reason="no_connection")
    await open_hold(session, state, "no clearinghouse connection for its payer")
    await add_touches(
        session,
        [
            Touch(
                state.id, "held", "Held: the payer has no clearinghouse connection", f"route:{state.version}"
            )
        ],
    )


async def ask_batch(session: Session, connection_id: UUID) -> None:
    """Ask the connection's batch to gather, unless it was asked and has not gathered since."""
    asked = await session.value(
        "INSERT INTO batch_requests (tenant_id, connection_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1",
        session.tenant_id,
        connection_id,
    )
    if asked:
        tenant_id = session.tenant_id
        await session.tell(
            "signal_with_start",
            f"{tenant_id}/batch/{connection_id}",
            "gather",
            {
                "tenant_id": tenant_id,
                "connection_id": connection_id,
                "gather_seconds": ports().batch_seconds,
            },
            workflow="SubmissionBatch",
            task_queue="edi",
            signal_payload={"tenant_id": tenant_id},
        )
