"""The working time that coordinators have left this month."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session
from database.workforce_reads import calendar_of
from domain.business_time import BusinessCalendar
from domain.workforce.float_availability import Period, Working, free_seconds

_PEOPLE = """
SELECT e.user_id, e.calendar_id, e.daily_seconds, e.hire_date, e.left_on,
    coalesce(array_agg(a.starts_on) FILTER (WHERE a.id IS NOT NULL), '{}') AS begins,
    coalesce(array_agg(a.ends_on) FILTER (WHERE a.id IS NOT NULL), '{}') AS ends
FROM employees e
LEFT JOIN absences a ON a.tenant_id = e.tenant_id AND a.employee_id = e.id AND a.cancelled_at IS NULL
    AND a.ends_on >= $2
WHERE e.tenant_id = current_tenant() AND e.user_id = ANY($1) AND e.active GROUP BY e.id, e.user_id, e.calendar_id,
    e.daily_seconds, e.hire_date, e.left_on
"""


async def hours_left(session: Session, user_ids: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    """The seconds that each of them still works until the end of the tenant's month; whoever is no employee is left out."""
    office = await calendar_of(session)
    zone = ZoneInfo(await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()"))
    today = now.astimezone(zone)
    following = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    period = Period(now, following.replace(hour=0, minute=0, second=0, microsecond=0))
    calendars: dict[UUID | None, BusinessCalendar] = {None: office}
    found: dict[UUID, int] = {}
    for row in await session.fetch(_PEOPLE, list(user_ids), today.date()):
        if row["calendar_id"] not in calendars:
            calendars[row["calendar_id"]] = await calendar_of(session, row["calendar_id"])
        found[row["user_id"]] = free_seconds(_working(row, calendars[row["calendar_id"]]), period)
    return found


def _working(row: Any, calendar: BusinessCalendar) -> Working:
    away = tuple(zip(row["begins"], row["ends"], strict=True))
    return Working(calendar, row["daily_seconds"], away, (), row["hire_date"], row["left_on"])
