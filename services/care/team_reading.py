"""What the manager's view is made of: a month of everybody, practice by practice, portion by portion."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.care.reckoning import MonthKey, month_at, reckoned
from database.care_reads import practice_of
from database.session import Session
from domain.care.codes import STANDARD
from domain.care.entries import Programme
from domain.care.minutes import Reckoning
from domain.care.month import Month
from domain.care.team import PatientShare, Spent, spent_on
from domain.refusals import FieldError, Invalid

# Between portions others get their turn: a month of five thousand patients is a second of reckoning.
PORTION = 250
_ENROLLED = """
SELECT e.id, e.client_id, e.patient_id, e.programme, e.coordinator_id FROM care_enrolments e
WHERE e.tenant_id = current_tenant() AND e.consented_on IS NOT NULL AND e.consented_on <= $2
    AND (e.ends_on IS NULL OR e.ends_on >= $1) ORDER BY e.client_id, e.patient_id, e.id
"""
# A day more on both sides: each practice's month begins at its own midnight.
_STAFF = """
SELECT id, staff_id FROM care_time_entries WHERE tenant_id = current_tenant()
    AND starts_at >= $1::date - interval '2 days' AND starts_at < $2::date + interval '2 days'
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
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()")
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()


async def whole_month(session: Session, first: date) -> WholeMonth:
    """Everybody's month, reckoned as it would be billed."""
    last = Month(first.year, first.month, "UTC").last
    rows = await session.fetch(_ENROLLED, first, last)
    staff = {row["id"]: row["staff_id"] for row in await session.fetch(_STAFF, first, last)}
    enrolled: list[Enrolled] = []
    spent: list[Spent] = []
    for client_id, of_practice in _by_practice(rows):
        key = month_at(await practice_of(session, client_id), first)
        for portion in _portions(of_practice):
            await _take(session, key, portion, staff, enrolled, spent)
            await asyncio.sleep(0)
    return WholeMonth(first, last, enrolled, spent)


def _by_practice(rows: Sequence[Any]) -> Iterator[tuple[UUID, list[Any]]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row["client_id"], []).append(row)
    yield from found.items()


def _portions(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """Rows in order of patients, in portions; all programmes of a patient stay together."""
    portion: list[Any] = []
    for row in rows:
        if len(portion) >= PORTION and portion[-1]["patient_id"] != row["patient_id"]:
            yield portion
            portion = []
        portion.append(row)
    if portion:
        yield portion


async def _take(
    session: Session,
    key: MonthKey,
    rows: Sequence[Any],
    staff: Mapping[UUID, UUID],
    enrolled: list[Enrolled],
    spent: list[Spent],
) -> None:
    patients = list(dict.fromkeys(row["patient_id"] for row in rows))
    months = await reckoned(session, patients, key)
    for patient_id in patients:
        spent += spent_on(patient_id, months[patient_id].pieces, staff, key.month)
    enrolled += [_enrolled(row, months[row["patient_id"]], key) for row in rows]


def _enrolled(row: Any, month: Reckoning, key: MonthKey) -> Enrolled:
    programme = Programme(row["programme"])
    bases = [
        one.base_seconds
        for one in STANDARD.on(key.month.last).timed
        if one.programme is programme and not one.complex
    ]
    share = PatientShare(row["patient_id"], programme, month.counted.get(programme, 0), min(bases, default=0))
    missing = None if programme is Programme.APCM else month.short.get(programme)
    return Enrolled(row["id"], row["coordinator_id"], share, missing)
