"""Where a month stands once its patients were computed, and what reopening it undoes."""

from typing import Any
from uuid import UUID

from temporalio import activity

from activities.care.month_messages import MonthStanding, MonthTask
from activities.care.month_rows import ACTOR, SUBJECT, change_step, lock_month, month_workflow, note
from activities.work import close_items_of
from database.session import Session, tenant_session
from domain.care.closing import Event, Step
from domain.tenancy import workflow_actor
from domain.work import Kind

REOPEN = "reopen_care_month"
_OPEN = """
SELECT EXISTS (SELECT FROM care_patient_months WHERE tenant_id = current_tenant() AND care_month_id = $1
    AND outcome IN ('exception', 'waiting', 'billable') AND NOT superseded)
"""
_COMPUTED = """
UPDATE care_months SET done = total, computed_at = coalesce(computed_at, clock_timestamp()),
    closed_at = CASE WHEN $2 THEN clock_timestamp() END WHERE id = $1
"""


@activity.defn
async def settle_month(task: MonthTask) -> MonthStanding:
    """Close the month when nobody's exception is left; else it waits for people."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        row = await lock_month(session, task.month_id)
        step = Step(row["step"])
        if row["revision"] != task.revision or step not in (Step.COMPUTING, Step.EXCEPTIONS):
            return MonthStanding(step, row["revision"] != task.revision)
        left = await session.value(_OPEN, row["id"])
        await session.execute(_COMPUTED, row["id"], not left)
        if left and step is Step.EXCEPTIONS:
            return MonthStanding(step)
        event = Event.EXCEPTIONS_FOUND if left else Event.SETTLED
        await note(session, row, event, f"{event}:{task.revision}")
        return MonthStanding(await change_step(session, row, event))


async def reopen_month(session: Session, month_id: UUID, reason: str, approval_id: UUID) -> None:
    """Let the month's time be changed again; its open exceptions are needless, and its process ends."""
    row = await lock_month(session, month_id)
    await change_step(session, row, Event.REOPENED)
    await session.execute("SELECT pg_advisory_xact_lock(care_month_lock(current_tenant(), $1))", row["month"])
    await session.execute("UPDATE care_months SET frozen = false WHERE id = $1", month_id)
    by = session.actor.user_id
    await note(session, row, Event.REOPENED, f"reopened:{approval_id}", said=reason, by=by)
    await _close_exceptions(session, row)
    told = {"tenant_id": session.tenant_id, "revision": row["revision"]}
    await session.tell("signal", month_workflow(session.tenant_id, month_id), "reopened", told)


async def _close_exceptions(session: Session, row: Any) -> None:
    open_ones = await session.fetch(
        "SELECT id FROM care_patient_months WHERE care_month_id = $1 AND outcome = 'exception' AND NOT superseded",
        row["id"],
    )
    if open_ones:
        ids = [one["id"] for one in open_ones]
        await close_items_of(session, SUBJECT, ids, [Kind.CARE_EXCEPTION])
