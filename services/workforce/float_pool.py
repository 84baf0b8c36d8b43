"""Who is free when: the float pool in a week, found by skill with a level and by free hours."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from database.session import Session
from domain.refusals import FieldError, Invalid
from domain.workforce.float_availability import Period, days_of
from policies.permissions import Permission
from services import door
from services.workforce.float_candidates import Poolmate, pool
from services.workforce.float_views import DayCell, PoolLine, PoolWeek

WEEK_DAYS = 7


@door.query(Permission.WORKFORCE_VIEW)
async def pool_week(
    session: Session,
    day: date,
    *,
    skill: str = "",
    level: int = 1,
    free_hours: int = 0,
    everybody: bool = False,
) -> PoolWeek:
    """The week in which a day lies: those of that skill and level with so many free hours, the freest first."""
    _check(day, level, free_hours)
    monday = day - timedelta(days=day.weekday())
    zone = ZoneInfo(session.actor.time_zone)
    period = Period(_midnight(monday, zone), _midnight(monday + timedelta(days=WEEK_DAYS), zone))
    people = await pool(session, period, everybody=everybody)
    lines = [_line(one, period, monday) for one in people if not skill or one.skills.get(skill, 0) >= level]
    found = [one for one in lines if one.free_seconds >= free_hours * 3600]
    return PoolWeek(monday, sorted(found, key=lambda one: (-one.free_seconds, one.name)))


def _line(one: Poolmate, period: Period, monday: date) -> PoolLine:
    """Days in the person's own zone: those of the week, whatever the tenant's midnight cuts off beside it."""
    found = {cell.day: cell for cell in days_of(one.working, period)}
    days = []
    for number in range(WEEK_DAYS):
        day = monday + timedelta(days=number)
        cell = found.get(day)
        days.append(DayCell(day, cell.working, cell.free, cell.away) if cell else DayCell(day, 0, 0, False))
    skills = [f"{name} {level}" for name, level in sorted(one.skills.items())]
    return PoolLine(
        one.employee_id, one.user_id, one.name, one.job_title, one.team_name, skills,
        sum(day.free for day in days), list(one.engaged), days,
    )  # fmt: skip


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)


def _check(day: date, level: int, free_hours: int) -> None:
    if not 2000 <= day.year <= 2100:
        raise _wrong("day", "Choose a day from 2000 to 2100.")
    if not 1 <= level <= 5:
        raise _wrong("level", "Choose 1 to 5.")
    if not 0 <= free_hours <= 168:
        raise _wrong("free_hours", "Enter 0 to 168 hours.")


def _wrong(field: str, words: str) -> Invalid:
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"float.{field}", "The pool cannot be searched so.", words, fields=(fault,))
