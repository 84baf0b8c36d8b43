"""What the manager's view is made of: a month of everybody, practice by practice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from activities.care.forecast_hours import tenant_zone
from activities.care.reckoning import month_at
from activities.care.tallying import tallied
from database.care_codes import code_table
from database.care_reads import practices_of
from database.session import Session
from domain.care.codes import CodeTable
from domain.care.entries import Programme
from domain.care.minutes import Tally
from domain.care.month import last_of_month
from domain.care.team import PatientShare
from domain.refusals import FieldError, Invalid

_ENROLLED = """
SELECT e.id, e.client_id, e.patient_id, e.programme, e.coordinator_id, e.practitioner_id, e.consented_on, e.ends_on
FROM care_enrolments e WHERE e.tenant_id = current_tenant() AND e.consented_on IS NOT NULL AND e.consented_on <= $2
    AND (e.ends_on IS NULL OR e.ends_on >= $1) ORDER BY e.client_id, e.patient_id, e.id
"""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A patient in a programme in this month. `missing` is seconds to the first code; None: reached, or none by minutes."""

    id: UUID
    coordinator_id: UUID | None
    share: PatientShare
    missing: int | None


@dataclass(frozen=True, slots=True)
class WholeMonth:
    """The month of everybody: every enrolment, and the counted seconds by person and by day."""

    first: date
    last: date
    enrolled: list[Enrolled]
    by_staff: Counter[UUID]
    by_day: Counter[date]


def first_of(text: str, today: date) -> date:
    """The month that was asked for (`2026-11`), or the running one; refused when it is none."""
    if not text:
        return today.replace(day=1)
    year, _, month = text.partition("-")
    known = year.isascii() and year.isdigit() and len(year) == 4 and month.isascii() and month.isdigit()
    if not (known and len(month) < 3 and 2020 <= int(year) <= 2100 and 1 <= int(month) <= 12):
        words = "Ask for a month from 2020 on, such as 2026-11."
        fault = FieldError("month", "month.unknown", words)
        raise Invalid("care_month.unknown", "There is no such month.", words, fields=(fault,))
    return date(int(year), int(month), 1)


async def today_of(session: Session) -> date:
    """The day that it is at the company."""
    return datetime.now(UTC).astimezone(await tenant_zone(session)).date()


async def whole_month(session: Session, first: date) -> WholeMonth:
    """Everybody's month, counted as it would be billed."""
    last = last_of_month(first)
    of_practice: dict[UUID, dict[UUID, list[Any]]] = {}
    for row in await session.fetch(_ENROLLED, first, last):
        of_practice.setdefault(row["client_id"], {}).setdefault(row["patient_id"], []).append(row)
    found = WholeMonth(first, last, [], Counter(), Counter())
    practices = await practices_of(session, list(of_practice))
    codes = (await code_table(session, first)).on(last)
    firsts = _first_seconds(codes)
    for client_id, patients in of_practice.items():
        months = await tallied(session, month_at(practices[client_id], first), codes, patients)
        found.by_staff.update(months.by_staff)
        found.by_day.update(months.by_day)
        for patient_id, rows in patients.items():
            found.enrolled.extend(_enrolled(row, months.of[patient_id], firsts) for row in rows)
    return found


def _first_seconds(codes: CodeTable) -> dict[Programme, int]:
    """What the first code of each programme by minutes asks for."""
    found: dict[Programme, int] = {}
    for one in codes.timed:
        if not one.complex:
            found[one.programme] = min(one.base_seconds, found.get(one.programme, one.base_seconds))
    return found


def _enrolled(row: Any, month: Tally, firsts: Mapping[Programme, int]) -> Enrolled:
    programme = Programme(row["programme"])
    share = PatientShare(row["patient_id"], programme, month.counted[programme], firsts.get(programme, 0))
    return Enrolled(row["id"], row["coordinator_id"], share, month.short.get(programme))
