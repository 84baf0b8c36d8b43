"""What stays behind when a process is cancelled by force of an incident: facts stay, its record says so, its open work
closes, and what it held is let go. The process itself is told to end by the same transaction's message."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

from activities.approvals.deciding import end as end_approval
from activities.care.enrolling import end_by_force as end_care
from activities.claims.scrubbing import open_hold
from activities.reassignment.moving import end_by_force as end_move
from activities.work import close_items
from activities.workforce.float_assigning import end_by_force as end_float
from database.approval_states import lock_approval, store_approval
from database.claim_activities import Touch, add_touches
from database.claim_states import ClaimState, lock_claims, store_claims
from database.reassignment_states import CARE_MOVES, MOVES, lock_care_move, lock_move
from database.session import Session
from domain.approvals.process import Event as OfApproval
from domain.claims.states import Event, Step

CANCELLED = "process_cancelled"
_NEVER_SENT = (Step.CODING, Step.SCRUBBING, Step.HELD, Step.READY)

_UNSENT = """
UPDATE edi_batches SET status = 'failed' WHERE tenant_id = current_tenant() AND connection_id = $1 AND sent_at IS NULL
    AND status IN ('gathered', 'encoded') RETURNING id, file_id
"""
_END_APPEAL = """
UPDATE appeals SET visited = visited || stage, stage = 'closed', outcome = 'withdrawn', closed_at = now(),
    version = version + 1
WHERE id = $1 AND closed_at IS NULL RETURNING claim_id, level
"""
_APPEAL_EVENT = """
INSERT INTO appeal_events (tenant_id, appeal_id, key, level, kind, actor_id, actor_name, summary)
VALUES ($1, $2, 'process_cancelled', $3, 'withdrawn', $4, $5, 'Its process was cancelled') ON CONFLICT DO NOTHING
"""
_END_ENROLMENT = """
WITH before AS (SELECT id, step FROM enrolments WHERE id = $1 AND step <> 'ended' FOR UPDATE),
ended AS (UPDATE enrolments e SET step = 'ended', version = e.version + 1 FROM before b WHERE e.tenant_id = $2 AND e.id = b.id)
INSERT INTO enrolment_events (tenant_id, enrolment_id, event, step, facts, actor_id, actor_name)
SELECT $2, id, 'withdrawn', step, '{"reason": "Its process was cancelled"}', $3, $4 FROM before
"""


async def end_record(session: Session, kind: str, process_id: UUID) -> None:
    """Leave the record of a cancelled process as a person would expect it; of some kinds there is nothing to leave."""
    if ending := _ENDINGS.get(kind):
        await ending(session, process_id)


async def _claim(session: Session, claim_id: UUID) -> None:
    """What was sent and answered stays, and an answer that still comes opens the claim again, as a person may."""
    state = (await lock_claims(session, [claim_id])).get(claim_id)
    if state is None or state.step is Step.CLOSED:
        return
    unsent = state.step in _NEVER_SENT and state.facts.sent_at is None
    state.visited.append(state.step)
    state.step = Step.CLOSED
    state.closed_at, state.closed_reason = datetime.now(UTC), "withdrawn" if unsent else CANCELLED
    state.know(closed=True)
    await store_claims(session, [state])
    await close_items(session, "claim", claim_id)
    words = "nothing was sent" if unsent else "what was sent and answered stays"
    touch = Touch(
        claim_id,
        "closed",
        f"Its process was cancelled: {words}",
        f"cancelled:{uuid4()}",
        session.actor.user_id,
    )
    await add_touches(session, [touch])


async def _batch(session: Session, connection_id: UUID) -> None:
    """The claims of a batch that has not left are held, each with its work item: checked again they go with another."""
    for batch in await session.fetch(_UNSENT, connection_id):
        rows = await session.fetch("SELECT claim_id FROM edi_batch_claims WHERE batch_id = $1", batch["id"])
        states = await lock_claims(session, [row["claim_id"] for row in rows])
        for state in states.values():
            await _hold(session, state)
        await store_claims(session, states.values())
        # A version of a claim travels once: this one has not.
        await session.execute("DELETE FROM edi_batch_claims WHERE batch_id = $1", batch["id"])
        await session.execute(
            "UPDATE edi_files SET status = 'rejected', reason = $2, finished_at = now() WHERE id = $1",
            batch["file_id"],
            CANCELLED,
        )
        await close_items(session, "batch", batch["id"])


async def _hold(session: Session, state: ClaimState) -> None:
    if not state.happened(Event.BATCH_FAILED):
        return
    state.happened(Event.PUT_ON_HOLD)
    state.know(held_reason="batch_cancelled", batched_at=None)
    await open_hold(session, state, "its batch was cancelled")
    words = "Held: its batch was cancelled before it was sent"
    await add_touches(session, [Touch(state.id, "held", words, f"batch_cancelled:{uuid4()}")])
    await session.tell(
        "signal",
        f"{session.tenant_id}/claim/{state.id}",
        "answered",
        {"tenant_id": session.tenant_id, "fact_id": f"held:{uuid4()}"},
    )


async def _appeal(session: Session, appeal_id: UUID) -> None:
    row = await session.row(_END_APPEAL, appeal_id)
    if row is None:
        return
    actor = session.actor
    await session.execute(
        _APPEAL_EVENT, session.tenant_id, appeal_id, row["level"], actor.user_id, actor.name
    )
    await close_items(session, "appeal", appeal_id)
    if await session.value("SELECT step FROM claims WHERE id = $1", row["claim_id"]) == Step.APPEALED.value:
        told = {
            "tenant_id": session.tenant_id,
            "appeal_id": appeal_id,
            "outcome": "withdrawn",
            "by": actor.user_id,
        }
        await session.tell("update", f"{session.tenant_id}/claim/{row['claim_id']}", "appeal_ended", told)


async def _enrolment(session: Session, enrolment_id: UUID) -> None:
    await session.execute(
        _END_ENROLMENT, enrolment_id, session.tenant_id, session.actor.user_id, session.actor.name
    )
    await close_items(session, "enrolment", enrolment_id)


async def _audit(session: Session, audit_id: UUID) -> None:
    await session.execute(
        "UPDATE qa_audits SET visited = visited || state, state = 'closed', outcome = 'cancelled', closed_at = now()"
        " WHERE id = $1 AND state <> 'closed'",
        audit_id,
    )
    await close_items(session, "audit", audit_id)


async def _trial(session: Session, trial_id: UUID) -> None:
    await session.execute(
        "UPDATE connection_trials SET status = 'ended', finished_at = now() WHERE id = $1 AND status <> 'accepted'",
        trial_id,
    )


async def _approval(session: Session, approval_id: UUID) -> None:
    """Nobody has given their word, so that what waits for it goes on without."""
    state = await lock_approval(session, approval_id)
    state.decided_at = state.decided_at or datetime.now(UTC)
    await end_approval(session, state, OfApproval.OVERTAKEN, "cancelled", session.actor.user_id)
    await store_approval(session, state)


async def _move(session: Session, move_id: UUID) -> None:
    await end_move(session, await lock_move(session, move_id), MOVES)


async def _care_move(session: Session, move_id: UUID) -> None:
    await end_move(session, await lock_care_move(session, move_id), CARE_MOVES)


async def _care(session: Session, enrolment_id: UUID) -> None:
    await end_care(session, enrolment_id, "Its process was cancelled")


def _run(table: str, ended: str, running: str = "running") -> Callable[[Session, UUID], Awaitable[None]]:
    """A run that is begun anew by whoever wants it: what it has done stays."""

    async def end(session: Session, run_id: UUID) -> None:
        await session.execute(
            f"UPDATE {table} SET status = '{ended}', finished_at = clock_timestamp() WHERE id = $1 AND status = '{running}'",
            run_id,
        )

    return end


async def _sheet(session: Session, import_id: UUID) -> None:
    """What was taken in stays; the rest can be taken in from the page of the sheet."""
    await session.execute(
        "UPDATE sheet_imports SET status = 'stopped' WHERE id = $1 AND status = 'taking'", import_id
    )


_ENDINGS: Mapping[str, Callable[[Session, UUID], Awaitable[None]]] = {
    "claim": _claim,
    "batch": _batch,
    "appeal": _appeal,
    "enrolment": _enrolment,
    "audit": _audit,
    "trial": _trial,
    # One run at a time: one that never ends would keep every later one away.
    "statements": _run("statement_runs", "done"),
    "bulk": _run("work_runs", "stopped"),
    "simulation": _run("rule_simulations", "stopped"),
    "care_optimisation": _run("care_optimisations", "failed"),
    "sheet": _sheet,
    "approval": _approval,
    "reassignment": _move,
    "care_move": _care_move,
    "float_assignment": end_float,
    "care_enrolment": _care,
}
# These have nothing of their own to be left: the next look, file or remittance begins them anew. A registration undoes
# what it has made, as its process does whenever a step fails for good.
BEGIN_ANEW = frozenset(
    {
        "poll",
        "look",
        "file",
        "watch",
        "deposits",
        "learning",
        "onboarding",
        "digest",
        "forecast",
        "care_close",
    }
)
CANCELLABLE = frozenset(_ENDINGS) | BEGIN_ANEW
"""Kinds that an incident may cancel. A close of a month is not: its time is locked, and only its end or a reopening that
was approved unlocks it."""
