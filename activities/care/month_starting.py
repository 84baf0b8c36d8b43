"""Beginning to close a month: at somebody's word, or by the tenant's schedule."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from temporalio import activity

from activities import courier
from activities.care.month_freezing import ended_everywhere, zones_of
from activities.care.month_messages import ScheduledCloseStanding, ScheduledCloseTask
from activities.care.month_rows import ACTOR, month_workflow, note
from database.identity import time_ordered_id
from database.session import Session, tenant_session
from domain.care.close_schedule import CloseSchedule
from domain.care.closing import Event, Step, following
from domain.tenancy import workflow_actor

SCHEDULE = """
SELECT s.*, t.time_zone, coalesce(u.name, '') AS set_by_name FROM care_close_schedules s
JOIN tenants t ON t.id = s.tenant_id LEFT JOIN users u ON u.id = s.set_by WHERE s.tenant_id = current_tenant()
"""
BY_SCHEDULE = "started_by_schedule"
"""In the month's history, in the place of `started`."""
_INSERT = """
INSERT INTO care_months (tenant_id, id, month, started_by, release_claims, by_schedule) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, month) DO NOTHING
"""
_AGAIN = """
UPDATE care_months SET step = $2, revision = revision + 1, started_by = $3, started_at = clock_timestamp(),
    release_claims = $4, by_schedule = false, computed_at = NULL, closed_at = NULL, version = version + 1 WHERE id = $1
"""
_CARED_FOR = """
SELECT EXISTS (SELECT FROM care_enrolments WHERE tenant_id = current_tenant() AND consented_on < $1::date + interval '1 month')
"""


async def begin_close(session: Session, month: date, *, release: bool) -> UUID:
    """Begin to close a month, or to close it again after it was reopened; the refusal where it is being closed already."""
    me = session.actor.user_id
    if (made := await _begun(session, month, me, release)) is not None:
        return made
    row = await session.row(
        "SELECT * FROM care_months WHERE tenant_id = current_tenant() AND month = $1 FOR UPDATE", month
    )
    step = following(Step(row["step"]), Event.STARTED)
    await session.execute(_AGAIN, row["id"], step.value, me, release)
    await _start(session, row["id"], row["revision"] + 1, me, release)
    found: UUID = row["id"]
    return found


@activity.defn
async def begin_scheduled_close(task: ScheduledCloseTask) -> ScheduledCloseStanding:
    """Begin to close the month whose turn came last, once. What somebody has begun, also what was reopened since, is theirs;
    so is what was due before the schedule was set."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        row = await session.row(f"{SCHEDULE} AND s.active")
        month = row and _due(row, task.now)
        if month is None or not await session.value(_CARED_FOR, month):
            return ScheduledCloseStanding()
        ends = ended_everywhere(await zones_of(session), month)
        if task.now < ends:
            return ScheduledCloseStanding(not_before=ends)
        made = await _begun(session, month, row["set_by"], row["release_claims"], by_schedule=True)
        if made is not None:
            detail = {"set_by": row["set_by"], "release": row["release_claims"]}
            await session.audit("care.months.close_by_schedule", "care_months", made, detail=detail)
    await courier.deliver(task.tenant_id, session.messages)
    return ScheduledCloseStanding(made)


def schedule_of(row: Any) -> CloseSchedule:
    """A row of SCHEDULE as what it says."""
    return CloseSchedule(row["day"], row["hour"], row["time_zone"])


def _due(row: Any, now: datetime) -> date | None:
    schedule = schedule_of(row)
    month = schedule.last(now)
    return month if schedule.turn_of(month) > row["set_at"] else None


async def _begun(
    session: Session, month: date, by: UUID | None, release: bool, *, by_schedule: bool = False
) -> UUID | None:
    """The first close of a month; None where there was one."""
    made = time_ordered_id()
    if not await session.execute(_INSERT, session.tenant_id, made, month, by, release, by_schedule):
        return None
    await _start(session, made, 1, by, release, by_schedule=by_schedule)
    return made


async def _start(
    session: Session,
    month_id: UUID,
    revision: int,
    by: UUID | None,
    release: bool,
    *,
    by_schedule: bool = False,
) -> None:
    """Note it, and have the month's process close it to this revision."""
    told = {"id": month_id, "revision": revision}
    event = BY_SCHEDULE if by_schedule else Event.STARTED
    await note(session, told, event, f"started:{revision}", {"release": release}, by=by)
    await session.tell(
        "signal_with_start",
        month_workflow(session.tenant_id, month_id),
        "close_asked",
        {"tenant_id": session.tenant_id, "month_id": month_id, "revision": revision},
        workflow=ACTOR,
        signal_payload={"tenant_id": session.tenant_id, "revision": revision},
    )
