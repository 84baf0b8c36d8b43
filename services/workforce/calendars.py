"""Calendars: the open hours of a week in a zone, and the days on which an office is closed."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session
from database.workforce import CalendarRow
from domain.paging import Page
from domain.workforce.weeks import shown_week, stored_week
from integrations.public_holidays import federal_holidays
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.workforce.checks import refused, zone

MOST_DAYS = 200
_ORDER = (CalendarRow.name, CalendarRow.id)


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """What is typed about a calendar. `week` holds Monday to Sunday as `09:00-12:00, 13:00-17:00`, empty when closed."""

    name: str
    zone: str
    week: list[str]
    standard: bool = False


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day without open hours."""

    day: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarView:
    """A calendar as shown; `version` is its ETag. The standard one counts for whoever has none of their own."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    name: str
    zone: str
    week: list[str]
    standard: bool
    closed_days: list[ClosedDay]
    people: int


@door.query(Permission.WORKFORCE_VIEW)
async def list_calendars(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
) -> Page[CalendarView]:
    """Calendars by name."""
    query = CalendarRow.select().where(CalendarRow.name.ilike(records.like(checks.clean(text))))
    if active is not None:
        query = query.where(CalendarRow.active == active)
    page = await records.page(query, _ORDER, cursor, limit, lambda row: row)
    return Page(await _views(session, page.items), page.next)


@door.query(Permission.WORKFORCE_VIEW, of="calendars")
async def get_calendar(session: Session, id: UUID) -> CalendarView:
    """One calendar with its closed days."""
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE)
async def add_calendar(session: Session, facts: CalendarFacts) -> CalendarView:
    """Add a calendar."""
    values = await _checked(session, facts, None)
    return await _one(session, (await records.insert(session, CalendarRow, values))["id"])


@door.command(Permission.WORKFORCE_MANAGE, of="calendars")
async def change_calendar(
    session: Session, id: UUID, facts: CalendarFacts, expected_version: int | None = None
) -> CalendarView:
    """Replace a calendar's facts; its closed days stay."""
    await records.change(CalendarRow, id, await _checked(session, facts, id), expected_version)
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE, of="calendars")
async def deactivate_calendar(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> CalendarView:
    """Take a calendar out of use; whoever had it goes by the standard one."""
    await records.switch(CalendarRow, id, False, checks.reason_of(reason), expected_version)
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE, of="calendars")
async def reactivate_calendar(
    session: Session, id: UUID, expected_version: int | None = None
) -> CalendarView:
    """Take a calendar back into use."""
    await records.switch(CalendarRow, id, True, "", expected_version)
    return await _one(session, id)


@door.query(Permission.WORKFORCE_VIEW)
async def suggested_holidays(session: Session, year: int) -> list[ClosedDay]:
    """The federal holidays of a year, to choose the closed days from."""
    if not 2000 <= year <= 2100:
        raise refused("year", "year.range", "This year is out of reach.", "Choose a year from 2000 to 2100.")
    return [ClosedDay(*one) for one in federal_holidays(year)]


@door.command(Permission.WORKFORCE_MANAGE, of="calendars")
async def close_days(session: Session, id: UUID, days: list[ClosedDay]) -> CalendarView:
    """Close an office on these days; a day that was closed gets the new name."""
    faults = Faults("closed_days")
    for one in days:
        faults.text("name", checks.clean(one.name), 80)
    if not 0 < len(days) <= MOST_DAYS:
        faults.add("days", "days.count", f"Choose 1 to {MOST_DAYS} days.")
    faults.refuse()
    named = {one.day: checks.clean(one.name) for one in days}
    await session.execute(
        "INSERT INTO calendar_closed_days (tenant_id, calendar_id, day, name)"
        " SELECT $1, $2, * FROM unnest($3::date[], $4::text[])"
        " ON CONFLICT (tenant_id, calendar_id, day) DO UPDATE SET name = excluded.name",
        session.tenant_id,
        id,
        list(named),
        list(named.values()),
    )
    await records.change(CalendarRow, id, {})
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE, of="calendars")
async def open_day(session: Session, id: UUID, day: date) -> CalendarView:
    """Take a closed day back."""
    gone = await session.execute(
        "DELETE FROM calendar_closed_days WHERE calendar_id = $1 AND day = $2", id, day
    )
    if gone:
        await records.change(CalendarRow, id, {})
    return await _one(session, id)


async def _checked(session: Session, facts: CalendarFacts, but: UUID | None) -> dict[str, Any]:
    name = checks.clean(facts.name)
    faults = Faults("calendar")
    faults.text("name", name, 80, missing="Enter the calendar's name.")
    zone(faults, "zone", facts.zone)
    week, wrong = stored_week(facts.week)
    faults.take(wrong)
    faults.refuse()
    query = CalendarRow.exists().where(CalendarRow.name == name)
    if but is not None:
        query = query.where(CalendarRow.id != but)
    records.must_be_new(await query, "name", "There is a calendar of this name.", "Give it another name.")
    if facts.standard:
        # One is the standard at most: the one before steps back in the same transaction.
        await session.execute(
            "UPDATE calendars SET standard = false, version = version + 1 WHERE standard AND id IS DISTINCT FROM $1",
            but,
        )
    return {"name": name, "zone": facts.zone, "week": json.dumps(week), "standard": facts.standard}


async def _one(session: Session, id: UUID) -> CalendarView:
    return (await _views(session, [await records.one(CalendarRow, id)]))[0]


async def _views(session: Session, rows: list[records.Row]) -> list[CalendarView]:
    ids = [row["id"] for row in rows]
    found = await session.fetch(
        "SELECT calendar_id, day, name FROM calendar_closed_days WHERE tenant_id = current_tenant()"
        " AND calendar_id = ANY($1) ORDER BY day",
        ids,
    )
    counted = await session.fetch(
        "SELECT calendar_id, count(*) AS people FROM employees WHERE tenant_id = current_tenant()"
        " AND calendar_id = ANY($1) AND active GROUP BY calendar_id",
        ids,
    )
    people = {row["calendar_id"]: row["people"] for row in counted}
    return [
        records.view_of(
            CalendarView,
            row,
            week=shown_week(json.loads(row["week"])),
            closed_days=[ClosedDay(d["day"], d["name"]) for d in found if d["calendar_id"] == row["id"]],
            people=people.get(row["id"], 0),
        )
        for row in rows
    ]
