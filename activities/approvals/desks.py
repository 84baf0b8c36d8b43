"""On whose desk an approval lies: the asker's manager, the next one when time passes, at last everybody who may decide."""

from datetime import datetime
from uuid import UUID

from activities.approvals.opening import workflow_id
from activities.work import open_item
from database.approval_states import ApprovalState, add_event, holders_of
from database.clocks import Rules
from database.notifications import notify
from database.session import Session
from database.workforce_reads import calendar_of, employee_of, manager_of
from domain import work
from domain.work import Kind

PERMISSION = "approvals.decide"
# An office day, as the calendar counts open hours.
DAY_SECONDS = 8 * 3600
HIGHEST_LEVEL = 20
_LAY = """
WITH laid AS (
    UPDATE work_items SET owner_id = $2, taken_at = CASE WHEN $2::uuid IS NULL THEN NULL ELSE now() END, due_at = $3,
        priority = CASE WHEN $4 THEN 1 ELSE priority END, follow_up_at = NULL, return_to = NULL, version = version + 1
    WHERE id = $1 AND status = 'open' RETURNING id)
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail)
SELECT $5, id, $6, 'assigned', coalesce('to ' || (SELECT name FROM users WHERE id = $2), 'to everybody who may decide')
FROM laid
"""


async def next_desk(
    session: Session, state: ApprovalState, now: datetime, *, from_the_start: bool = False
) -> None:
    """Find who decides next and by when: a manager above the asker who may and is not excluded, else anybody who may."""
    able = await holders_of(session, PERMISSION) - set(state.barred)
    if from_the_start:
        state.at_the_top, state.escalations = False, 0
    last_reminded = state.at_the_top
    if not state.at_the_top:
        start = state.requester_id if from_the_start or state.approver_id is None else state.approver_id
        state.approver_id = await _manager_above(session, start, able)
        state.at_the_top = state.approver_id is None
    state.escalations += not from_the_start
    # Everybody was asked and reminded: from then on it waits without a clock.
    state.due_at = None if last_reminded else await _due(session, state.approver_id, now)


async def lay_on_desk(session: Session, state: ApprovalState) -> None:
    """Put the item of this level into the hands of whoever decides next; without one anybody who may can take it."""
    item_id = await open_item(
        session,
        f"approval:{state.id}:{state.level}",
        Kind.APPROVAL,
        work.title(Kind.APPROVAL, state.reference, state.summary),
        subject_type="approval",
        subject_id=state.id,
        workflow_id=workflow_id(session.tenant_id, state.id),
        detail={"level": state.level, "levels": state.levels, "amount_cents": state.amount_cents},
        due_at=state.due_at,
        excluded=state.barred,
    )
    late = state.escalations > 0
    if state.due_at is not None:
        await session.execute(
            _LAY, item_id, state.approver_id, state.due_at, late, session.tenant_id, session.actor.name
        )
    else:
        await session.execute("UPDATE work_items SET priority = 1 WHERE id = $1 AND status = 'open'", item_id)
    await _note(session, state)


async def _note(session: Session, state: ApprovalState) -> None:
    """Say in the approval's history whose desk it lies on, and tell them."""
    name = await session.value("SELECT name FROM users WHERE id = $1", state.approver_id)
    where = f"with {name}" if name else "with everybody who may decide"
    words = f"Not decided in time: now {where}" if state.escalations else f"Laid {where}"
    step = f"{state.level}:{state.escalations}"
    await add_event(session, state.id, f"desk:{step}", "escalated" if state.escalations else "laid", words)
    able = await holders_of(session, PERMISSION) - set(state.barred)
    told = [state.approver_id] if state.approver_id else sorted(able)
    await notify(
        session, told, kind="approval", title=work.title(Kind.APPROVAL, state.reference, state.summary),
        href=f"/approvals/{state.id}", key=f"approval:{state.id}:{step}",
    )  # fmt: skip


async def _manager_above(session: Session, person: UUID, able: set[UUID]) -> UUID | None:
    """The nearest manager above who may decide; None above the last. A circle of leads ends by itself."""
    seen = {person}
    for _ in range(HIGHEST_LEVEL):
        above = await manager_of(session, person)
        if above is None or above in seen:
            return None
        if above in able:
            return above
        seen.add(above)
        person = above
    return None


async def _due(session: Session, approver_id: UUID | None, now: datetime) -> datetime:
    """By the tenant's rule for approvals, else one office day of whoever decides."""
    durations = await (await Rules.read(session)).durations(
        session, Kind.APPROVAL, None, work.KINDS[Kind.APPROVAL].priority
    )
    if durations.source.startswith("rule:"):
        return durations.calendar.add(now, durations.due_seconds)
    employee = await employee_of(session, approver_id) if approver_id else None
    calendar = await calendar_of(session, employee["calendar_id"] if employee else None)
    return calendar.add(now, DAY_SECONDS)
