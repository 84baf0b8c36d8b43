"""What people say to a float assignment: accept, decline, extend, end early, withdraw."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from activities.workforce.float_opening import busy_with, lock_floats
from activities.workforce.float_work import REASON, workflow_id
from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid
from domain.work import checked_comment
from domain.workforce.float_process import STAGES, Event, State
from policies.permissions import Permission
from services import door
from services.workforce.float_planning import LONGEST
from services.workforce.float_reading import float_row, float_view, possible


@door.answering(Permission.WORK_TAKE, float_view, of="float_assignments")
async def accept_float(session: Session, assignment_id: UUID) -> UUID:
    """Accept what one is asked for: its work comes when it begins."""
    await _tell(session, assignment_id, Event.ACCEPTED)
    return assignment_id


@door.answering(Permission.WORK_TAKE, float_view, of="float_assignments")
async def decline_float(session: Session, assignment_id: UUID, reason: str) -> UUID:
    """Decline with a reason, before it begins."""
    return await _end_with_reason(session, assignment_id, Event.DECLINED, reason)


@door.answering(Permission.FLOAT_MANAGE, float_view, of="float_assignments")
async def extend_float(session: Session, assignment_id: UUID, until: datetime) -> UUID:
    """Move the end to a later moment; the work stays meanwhile."""
    await lock_floats(session)
    row = await _may(session, assignment_id, Event.EXTENDED)
    if until.tzinfo is None or not row["ends_at"] < until <= row["starts_at"] + LONGEST or until <= _now():
        words = (
            f"Choose an end later than now and the present one, within {LONGEST.days} days of the beginning."
        )
        fault = FieldError("until", "until.unusable", words)
        raise Invalid("float.until", "It cannot be extended so.", words, fields=(fault,))
    other = await busy_with(session, row["user_id"], row["ends_at"], until, but=assignment_id)
    if other:
        raise Conflict(
            "float.busy",
            f"This person is asked or assigned in that time already: {other}.",
            "Choose an earlier end, or end that assignment first.",
        )
    await _send(session, assignment_id, Event.EXTENDED, until.astimezone(UTC))
    return assignment_id


@door.answering(Permission.FLOAT_MANAGE, float_view, of="float_assignments")
async def end_float(session: Session, assignment_id: UUID, reason: str) -> UUID:
    """End it early with a reason: what came with it leaves the person now."""
    return await _end_with_reason(session, assignment_id, Event.ENDED_EARLY, reason)


@door.answering(Permission.FLOAT_MANAGE, float_view, of="float_assignments")
async def withdraw_float(session: Session, assignment_id: UUID, reason: str) -> UUID:
    """Take it back with a reason before it begins."""
    return await _end_with_reason(session, assignment_id, Event.WITHDRAWN, reason)


async def _end_with_reason(session: Session, assignment_id: UUID, event: Event, reason: str) -> UUID:
    text = checked_comment(reason, required=True, field="reason")
    await _tell(session, assignment_id, event)
    sealed = (await session.key()).seal(REASON, text.encode())
    await session.execute("UPDATE float_assignments SET reason = $2 WHERE id = $1", assignment_id, sealed)
    return assignment_id


async def _tell(session: Session, assignment_id: UUID, event: Event) -> None:
    await _may(session, assignment_id, event)
    await _send(session, assignment_id, event)


async def _may(session: Session, assignment_id: UUID, event: Event) -> Any:
    """The assignment, once it is clear that the asker may and that the fact can be true now."""
    await session.value("SELECT 1 FROM float_assignments WHERE id = $1 FOR UPDATE", assignment_id)
    row = await float_row(session, assignment_id)
    if event.value in possible(session, row):
        return row
    stage = STAGES[State(row["state"])]
    if event in stage.events:
        raise Conflict(
            "float.not_yours",
            "This step is another person's.",
            f"The assignment waits for {stage.waits_for}.",
        )
    raise Conflict(
        "float.event_out_of_place",
        f"The assignment is {stage.label.lower()}: this is not possible now.",
        f"It waits for {stage.waits_for}.",
    )


async def _send(session: Session, assignment_id: UUID, event: Event, until: datetime | None = None) -> None:
    request_id = await session.value("SELECT uuidv7()")
    payload = {
        "tenant_id": session.tenant_id,
        "request_id": request_id,
        "event": event.value,
        "by": session.actor.user_id,
        "until": until.isoformat() if until else None,
    }
    workflow = workflow_id(session.tenant_id, assignment_id)
    await session.tell("update", workflow, "happened", payload, message_id=request_id)


def _now() -> datetime:
    return datetime.now(UTC)
