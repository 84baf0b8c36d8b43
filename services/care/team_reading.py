"""What the manager's view is made of: a month of everybody, practice by practice, portion by portion."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from activities.care.forecast_hours import tenant_zone
from activities.care.reckoning import MonthKey, enrolled, month_at, settings_of
from database.care_reads import entries_of, practices_of
from database.session import Session
from domain.care.codes import STANDARD
from domain.care.entries import Programme
from domain.care.minutes import PatientMonth, Tally, tally
from domain.care.month import Month
from domain.care.team import PatientShare, Spent, spent_on
from domain.refusals import FieldError, Invalid

# Between portions others get their turn: a month of five thousand patients is half a second of reckoning.
PORTION = 250
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
    """The month of everybody: every enrolment, and every counted second by patient, person and day."""

    first: date
    last: date
    enrolled: list[Enrolled]
    spent: list[Spent]


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
    last = Month(first.year, first.month, "UTC").last
    of_practice: dict[UUID, list[Any]] = {}
    for row in await session.fetch(_ENROLLED, first, last):
        of_practice.setdefault(row["client_id"], []).append(row)
    found = WholeMonth(first, last, [], [])
    practices = await practices_of(session, list(of_practice))
    for client_id, rows in of_practice.items():
        for portion in _portions(rows):
            await _take(session, month_at(practices[client_id], first), portion, found)
            await asyncio.sleep(0)
    return found


def _portions(rows: Sequence[Any]) -> Iterator[dict[UUID, list[Any]]]:
    """The programmes of each patient, in portions; rows come in order of patients."""
    portion: dict[UUID, list[Any]] = {}
    for row in rows:
        if len(portion) >= PORTION and row["patient_id"] not in portion:
            yield portion
            portion = {}
        portion.setdefault(row["patient_id"], []).append(row)
    if portion:
        yield portion


async def _take(
    session: Session, key: MonthKey, patients: Mapping[UUID, Sequence[Any]], found: WholeMonth
) -> None:
    entries = await entries_of(session, list(patients), key.month.window)
    settings, firsts = settings_of(key), _first_seconds(key.month)
    for patient_id, rows in patients.items():
        about = PatientMonth(key.month, tuple(enrolled(row, key.month) for row in rows))
        month = tally(entries[patient_id], about, settings=settings)
        staff = {one.id: one.staff_id for one in entries[patient_id]}
        found.spent.extend(spent_on(patient_id, month.pieces, staff, key.month))
        found.enrolled.extend(_enrolled(row, month, firsts) for row in rows)


def _first_seconds(month: Month) -> dict[Programme, int]:
    """What the first code of each programme by minutes asks for."""
    found: dict[Programme, int] = {}
    for one in STANDARD.on(month.last).timed:
        if not one.complex:
            found[one.programme] = min(one.base_seconds, found.get(one.programme, one.base_seconds))
    return found


def _enrolled(row: Any, month: Tally, firsts: Mapping[Programme, int]) -> Enrolled:
    programme = Programme(row["programme"])
    share = PatientShare(row["patient_id"], programme, month.counted[programme], firsts.get(programme, 0))
    return Enrolled(row["id"], row["coordinator_id"], share, month.short.get(programme))
