"""The working time that coordinators have in a month, and what is left of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
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
    zone = await tenant_zone(session)
    today = now.astimezone(zone)
    period = Period(now, month_at_tenant(today.date(), zone).ends_at)
    people = await at_work(session, user_ids, today.date())
    return {user_id: free_seconds(working, period) for user_id, working in people.items()}


async def at_work(session: Session, user_ids: Sequence[UUID], since: date) -> dict[UUID, Working]:
    """When each of them works, with absences that end on a day or later; whoever is no employee is left out."""
    calendars: dict[UUID | None, BusinessCalendar] = {None: await calendar_of(session)}
    found: dict[UUID, Working] = {}
    for row in await session.fetch(_PEOPLE, list(user_ids), since):
        if row["calendar_id"] not in calendars:
            calendars[row["calendar_id"]] = await calendar_of(session, row["calendar_id"])
        found[row["user_id"]] = _working(row, calendars[row["calendar_id"]])
    return found


async def tenant_zone(session: Session) -> ZoneInfo:
    """The company's own zone."""
    return ZoneInfo(await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()"))


def month_at_tenant(day: date, zone: ZoneInfo) -> Period:
    """The month of a day, from its first midnight to the next month's."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(*(datetime(one.year, one.month, 1, tzinfo=zone) for one in (first, following)))


def _working(row: Any, calendar: BusinessCalendar) -> Working:
    away = tuple(zip(row["begins"], row["ends"], strict=True))
    return Working(calendar, row["daily_seconds"], away, (), row["hire_date"], row["left_on"])
