"""How much working time a week holds, per team: open days of each person's calendar, without their absences."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from database.session import Session
from policies.permissions import Permission
from services import door
from services.workforce.checks import refused

# A person's calendar, else the standard one, else Monday to Friday. Weeks are stored from Monday on.
_WEEK = """
WITH days AS (SELECT $1::date + n AS day FROM generate_series(0, 6) n),
at_work AS (
    SELECT e.id, e.team_id, e.daily_seconds, d.day, EXISTS (SELECT 1 FROM absences a WHERE a.tenant_id = e.tenant_id
            AND a.employee_id = e.id AND a.cancelled_at IS NULL AND d.day BETWEEN a.starts_on AND a.ends_on) AS away,
        coalesce(jsonb_array_length(c.week -> (extract(isodow FROM d.day)::int - 1)) > 0,
            extract(isodow FROM d.day) < 6)
        AND NOT EXISTS (SELECT 1 FROM calendar_closed_days k WHERE k.tenant_id = e.tenant_id AND k.calendar_id = c.id
            AND k.day = d.day) AS open
    FROM employees e CROSS JOIN days d LEFT JOIN LATERAL (SELECT c.id, c.week FROM calendars c
        WHERE c.tenant_id = e.tenant_id AND c.active AND (c.id = e.calendar_id OR c.standard)
        ORDER BY c.id = e.calendar_id DESC NULLS LAST LIMIT 1) c ON true
    WHERE e.tenant_id = current_tenant() AND e.active AND (e.hire_date IS NULL OR e.hire_date <= d.day)
        AND (e.left_on IS NULL OR e.left_on >= d.day))
SELECT w.team_id, coalesce(t.name, '') AS name, coalesce(l.name, '') AS lead_name, count(DISTINCT w.id) AS people,
    count(DISTINCT w.id) FILTER (WHERE w.away) AS people_away,
    coalesce(sum(w.daily_seconds) FILTER (WHERE w.open), 0)::bigint AS seconds,
    coalesce(sum(w.daily_seconds) FILTER (WHERE w.open AND w.away), 0)::bigint AS away_seconds
FROM at_work w LEFT JOIN teams t ON t.tenant_id = current_tenant() AND t.id = w.team_id
LEFT JOIN employees l ON l.tenant_id = t.tenant_id AND l.id = t.lead_id
GROUP BY w.team_id, t.name, l.name ORDER BY t.name NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class TeamCapacity:
    """A team's week in seconds: `seconds` of all open days, of which `away_seconds` are absences. No name: no team."""

    team_id: UUID | None
    name: str
    lead_name: str
    people: int
    people_away: int
    seconds: int
    away_seconds: int


@dataclass(frozen=True, slots=True)
class WeekCapacity:
    """The week from `monday` with a line per team."""

    monday: date
    teams: list[TeamCapacity]


@door.query(Permission.WORKFORCE_VIEW)
async def week_capacity(session: Session, day: date) -> WeekCapacity:
    """The week in which a day lies."""
    if not 2000 <= day.year <= 2100:
        raise refused("day", "day.range", "This day is out of reach.", "Choose a day from 2000 to 2100.")
    monday = day - timedelta(days=day.weekday())
    rows = await session.fetch(_WEEK, monday)
    return WeekCapacity(monday, [TeamCapacity(**row) for row in rows])
