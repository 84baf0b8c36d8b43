"""What other areas ask of the workforce: somebody's office hours, their manager, and who stands in for them."""

import json
from datetime import date, time
from typing import Any
from uuid import UUID

from database.session import Session
from domain.business_time import BusinessCalendar, Hours, office_week

ZONE = "America/New_York"
# Leads above leads: more levels than any company has, so that a circle ends.
HIGHEST_LEVEL = 20

_CALENDAR = """
SELECT c.zone, c.week, ARRAY(SELECT d.day FROM calendar_closed_days d
    WHERE d.tenant_id = c.tenant_id AND d.calendar_id = c.id) AS closed
FROM calendars c WHERE c.tenant_id = current_tenant() AND c.active AND (c.id = $1 OR c.standard)
ORDER BY c.id = $1 DESC NULLS LAST LIMIT 1
"""
# The lead of the person's team; for the lead, or where nobody leads, that of the team above.
_MANAGER = f"""
WITH RECURSIVE above AS (
    SELECT t.id, t.parent_id, t.lead_id, 1 AS level, e.id AS person FROM employees e
    JOIN teams t ON t.tenant_id = e.tenant_id AND t.id = e.team_id
    WHERE e.tenant_id = current_tenant() AND e.user_id = $1
    UNION ALL
    SELECT t.id, t.parent_id, t.lead_id, a.level + 1, a.person FROM above a
    JOIN teams t ON t.tenant_id = current_tenant() AND t.id = a.parent_id WHERE a.level < {HIGHEST_LEVEL})
SELECT l.user_id FROM above a JOIN employees l ON l.tenant_id = current_tenant() AND l.id = a.lead_id
WHERE l.active AND l.user_id IS NOT NULL AND a.lead_id <> a.person ORDER BY a.level LIMIT 1
"""
_SUBSTITUTE = """
SELECT s.user_id FROM employees e
JOIN absences a ON a.tenant_id = e.tenant_id AND a.employee_id = e.id AND a.cancelled_at IS NULL
JOIN employees s ON s.tenant_id = a.tenant_id AND s.id = a.substitute_id
WHERE e.tenant_id = current_tenant() AND e.user_id = $1 AND $2 BETWEEN a.starts_on AND a.ends_on
    AND s.active AND s.user_id IS NOT NULL ORDER BY a.starts_on DESC, a.id DESC LIMIT 1
"""


async def calendar_of(session: Session, calendar_id: UUID | None = None) -> BusinessCalendar:
    """This calendar, else the tenant's standard one, else plain office hours."""
    row = await session.row(_CALENDAR, calendar_id)
    if row is None:
        return BusinessCalendar(ZONE, office_week())
    return BusinessCalendar(row["zone"], week_from(json.loads(row["week"])), frozenset(row["closed"]))


async def employee_of(session: Session, user_id: UUID) -> Any:
    """The employee's row behind a person; None when there is none."""
    return await session.row(
        "SELECT * FROM employees WHERE tenant_id = current_tenant() AND user_id = $1", user_id
    )


async def manager_of(session: Session, user_id: UUID) -> UUID | None:
    """Who leads this person: the nearest lead above who can sign in and is not the person; None at the top."""
    manager: UUID | None = await session.value(_MANAGER, user_id)
    return manager


async def substitute_of(session: Session, user_id: UUID, on: date) -> UUID | None:
    """Who stands in for this person on a day of their absence; None when they are there or nobody does."""
    substitute: UUID | None = await session.value(_SUBSTITUTE, user_id, on)
    return substitute


def week_from(stored: list[list[list[str]]]) -> tuple[Hours, ...]:
    """The hours of a stored week."""
    return tuple(
        tuple((time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in day)
        for day in stored
    )
