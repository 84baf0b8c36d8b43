"""How an audit's process is told what people did."""

from typing import Any
from uuid import UUID

from activities.quality.items import workflow_id
from database.session import Session
from domain.quality.process import STAGES, Event, State
from domain.refusals import Conflict
from services.quality.reading import audit_row, possible


async def tell(session: Session, audit_id: UUID, event: Event) -> Any:
    """Tell the process, once it is clear that the asker may and that the fact can be true now. The audit's row."""
    await session.value("SELECT 1 FROM qa_audits WHERE id = $1 FOR UPDATE", audit_id)
    row = await audit_row(session, audit_id)
    allowed = possible(session, row)
    if event.value not in allowed:
        raise _refusal(row, event)
    if event is Event.REVIEWED and row["state"] == State.SAMPLED:
        await send(session, audit_id, Event.REVIEW_BEGUN)
    await send(session, audit_id, event)
    return row


async def send(session: Session, audit_id: UUID, event: Event) -> None:
    """The message itself."""
    request_id = await session.value("SELECT uuidv7()")
    payload = {
        "tenant_id": session.tenant_id,
        "request_id": request_id,
        "event": event.value,
        "by": session.actor.user_id,
    }
    workflow = workflow_id(session.tenant_id, audit_id)
    await session.tell("update", workflow, "happened", payload, message_id=request_id)


def _refusal(row: Any, event: Event) -> Conflict:
    stage = STAGES[State(row["state"])]
    if event in (Event.UPHELD, Event.OVERTURNED) and event in stage.events:
        return Conflict(
            "quality.not_a_third",
            "Neither the auditor nor the audited person decides on a dispute.",
            "Ask a third person who may decide on disputed findings.",
        )
    if event in stage.events:
        return Conflict(
            "quality.not_yours", "This step is another person's.", f"The audit waits for {stage.waits_for}."
        )
    return Conflict(
        "quality.event_out_of_place",
        f"The audit is {stage.label.lower()}: this is not possible now.",
        f"It waits for {stage.waits_for}.",
    )
