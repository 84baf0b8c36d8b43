"""The working time that is left of a month, and on which of its days coordinators or their substitutes are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session
from database.workforce_reads import calendar_of
from domain.business_time import BusinessCalendar
from domain.care.forecast_model import STAND_IN, Ahead
from domain.care.month import Month
from domain.care.working_month import WorkingMonth, is_working, working_month

_PEOPLE = """
SELECT e.user_id, e.calendar_id, e.left_on, e.active, coalesce(array_agg(a.starts_on) FILTER (WHERE a.id IS NOT NULL), '{}')
        AS begins, coalesce(array_agg(a.ends_on) FILTER (WHERE a.id IS NOT NULL), '{}') AS ends,
    coalesce(array_agg(s.id IS NOT NULL) FILTER (WHERE a.id IS NOT NULL), '{}') AS covered
FROM employees e
LEFT JOIN absences a ON a.tenant_id = e.tenant_id AND a.employee_id = e.id AND a.cancelled_at IS NULL
    AND a.starts_on <= $3 AND a.ends_on >= $2
LEFT JOIN employees s ON s.tenant_id = a.tenant_id AND s.id = a.substitute_id AND s.active AND s.user_id IS NOT NULL
WHERE e.tenant_id = current_tenant() AND e.user_id = ANY($1)
GROUP BY e.id, e.user_id, e.calendar_id, e.left_on, e.active
"""


@dataclass(frozen=True, slots=True)
class Person:
    """When a coordinator works: absences as first and last day and whether somebody stands in."""

    calendar: BusinessCalendar
    away: tuple[tuple[date, date, bool], ...] = ()
    until: date | None = None

    def presence(self, day: date) -> float:
        """The share of a working day's care that is done on a day."""
        if (self.until is not None and day > self.until) or not is_working(self.calendar, day):
            return 0.0
        found = [covered for begins, ends, covered in self.away if begins <= day <= ends]
        if not found:
            return 1.0
        return STAND_IN if any(found) else 0.0


@dataclass
class Presence:
    """What is left of the running month for each coordinator; whoever is no employee is always there."""

    office: BusinessCalendar
    people: Mapping[UUID, Person]
    now: datetime
    _known: dict[tuple[Month, UUID | None], Ahead] = field(default_factory=dict)
    _months: dict[Month, WorkingMonth] = field(default_factory=dict)

    def ahead(self, month: Month, coordinator_id: UUID | None) -> Ahead:
        """The time left of a practice's month for a coordinator's patients."""
        who = coordinator_id if coordinator_id in self.people else None
        found = self._known.get((month, who))
        if found is None:
            found = self._known[month, who] = self._reckoned(month, self.people.get(who) if who else None)
        return found

    def days_left(self, month: Month) -> float:
        """Working days left, today's rest among them as a part."""
        return sum(self.ahead(month, None).shares)

    def _reckoned(self, month: Month, person: Person | None) -> Ahead:
        known = self._months.setdefault(month, working_month(self.office, month.first))
        today = self.now.astimezone(ZoneInfo(month.zone)).date()
        rest = self._rest_of(today, month.zone)
        days = [one for one in known.days if one > today or (one == today and rest > 0)]
        shares = tuple(rest if one == today else 1.0 for one in days)
        presence = tuple(person.presence(one) if person else 1.0 for one in days)
        gone = today.day - 1 + (rest < 0.5)
        return Ahead(max(len(known.days), 1), shares, presence, gone, month.last.day)

    def _rest_of(self, today: date, zone: str) -> float:
        """The share of today's open hours that is still to come."""
        begins = datetime(today.year, today.month, today.day, tzinfo=ZoneInfo(zone))
        ends = begins + timedelta(days=1)
        whole = self.office.between(begins, ends)
        return self.office.between(max(self.now, begins), ends) / whole if whole else 0.0


async def presence_of(
    session: Session, coordinator_ids: Sequence[UUID], now: datetime, day: date
) -> Presence:
    """Read when these coordinators work until the end of the month in which `day` lies, and a little beyond."""
    office = await calendar_of(session)
    calendars: dict[UUID | None, BusinessCalendar] = {None: office}
    people: dict[UUID, Person] = {}
    for row in await session.fetch(_PEOPLE, list(coordinator_ids), day, day + timedelta(days=32)):
        calendar_id = row["calendar_id"]
        if calendar_id not in calendars:
            calendars[calendar_id] = await calendar_of(session, calendar_id)
        people[row["user_id"]] = _person(row, calendars[calendar_id], day)
    return Presence(office, people, now)


def _person(row: Any, calendar: BusinessCalendar, day: date) -> Person:
    until = row["left_on"] if row["active"] or row["left_on"] else day - timedelta(days=1)
    away = zip(row["begins"], row["ends"], row["covered"], strict=True)
    return Person(calendar, tuple(away), until)
