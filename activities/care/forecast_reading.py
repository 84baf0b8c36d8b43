"""What the forecast reads, portion by portion: enrolments with their counted days, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.care_codes import code_tables
from database.care_reads import entries_of, practices_of
from database.session import Session
from domain.care.counting import Enrolled
from domain.care.entries import Programme
from domain.care.forecast import thresholds
from domain.care.forecast_days import CountedDays, Counter, counter_of
from domain.care.month import Month, last_of_month

PORTION = 1_000
# Patients whose minutes count in a month: consent given, not ended before. Codes of APCM do not go by minutes.
OF_MONTH = """
e.tenant_id = current_tenant() AND e.programme IN ('ccm', 'pcm') AND e.consented_on IS NOT NULL
AND e.consented_on <= {last} AND (e.ends_on IS NULL OR e.ends_on >= {first})
"""
_PORTION = f"""
SELECT e.id, e.client_id, e.patient_id, e.coordinator_id, e.programme, e.complex_decisions
FROM care_enrolments e WHERE {OF_MONTH.format(first="$1", last="$2")} AND ($3::uuid IS NULL OR e.id > $3)
    AND (NOT $4 OR e.step IN ('planning', 'active', 'ending')) ORDER BY e.id LIMIT {PORTION}
"""
_PROGRAMMES = """
SELECT patient_id, programme, consented_on, ends_on FROM care_enrolments
WHERE tenant_id = current_tenant() AND patient_id = ANY($1) AND consented_on IS NOT NULL
    AND consented_on <= $3 AND (ends_on IS NULL OR ends_on >= $2) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Case:
    """An enrolment with its month, counted day by day. `thresholds` are the seconds that its codes ask for."""

    id: UUID
    client_id: UUID
    patient_id: UUID
    coordinator_id: UUID | None
    programme: Programme
    month: Month
    counted: CountedDays
    thresholds: tuple[int, ...]


async def finished_cases(session: Session, first: date, cursor: UUID | None) -> list[Case]:
    """The next enrolments of a finished month."""
    return await _cases(session, first, last_of_month(first), cursor, None)


async def running_cases(session: Session, now: datetime, day: date, cursor: UUID | None) -> list[Case]:
    """The next enrolments whose time counts now, each in its practice's own running month."""
    return await _cases(session, day - timedelta(days=1), day + timedelta(days=1), cursor, now)


async def _cases(
    session: Session, first: date, last: date, cursor: UUID | None, now: datetime | None
) -> list[Case]:
    rows = await session.fetch(_PORTION, first, last, cursor, now is not None)
    if not rows:
        return []
    counters = await _counters(session, rows, first, now)
    patients = list({row["patient_id"] for row in rows})
    windows = [one.month.window for one in counters.values()]
    window = min(one[0] for one in windows), max(one[1] for one in windows)
    entries = await entries_of(session, patients, window)
    programmes = await _programmes(session, patients, counters.values())
    return [
        _case(row, counters[row["client_id"]], entries[row["patient_id"]], programmes[row["patient_id"]])
        for row in rows
    ]


def _case(row: Any, counter: Counter, entries: Sequence[Any], programmes: Sequence[Any]) -> Case:
    programme = Programme(row["programme"])
    enrolled = [_enrolled(one, counter.month) for one in programmes]
    asked = thresholds(programme, counter.month, counter.table, complex_decisions=row["complex_decisions"])
    return Case(
        row["id"],
        row["client_id"],
        row["patient_id"],
        row["coordinator_id"],
        programme,
        counter.month,
        counter.counted(entries, enrolled, programme),
        asked,
    )


async def _counters(
    session: Session, rows: Sequence[Any], first: date, now: datetime | None
) -> dict[UUID, Counter]:
    """The month of each practice of a portion; practices alike share one."""
    found: dict[UUID, Counter] = {}
    alike: dict[tuple[Month, bool], Counter] = {}
    practices = await practices_of(session, list({one["client_id"] for one in rows}))
    days = {
        client_id: now.astimezone(ZoneInfo(one.zone)).date() if now else first
        for client_id, one in practices.items()
    }
    tables = await code_tables(session, set(days.values()))
    for client_id, practice in practices.items():
        day = days[client_id]
        key = Month(day.year, day.month, practice.zone), practice.practitioner_as_staff
        if key not in alike:
            alike[key] = counter_of(key[0], tables[last_of_month(day)], practitioner_as_staff=key[1])
        found[client_id] = alike[key]
    return found


async def _programmes(
    session: Session, patients: Sequence[UUID], counters: Iterable[Counter]
) -> Mapping[UUID, Sequence[Any]]:
    """All programmes of the patients: a second counts for one of them only."""
    months = {one.month for one in counters}
    first, last = min(one.first for one in months), max(one.last for one in months)
    found: dict[UUID, list[Any]] = {one: [] for one in patients}
    for row in await session.fetch(_PROGRAMMES, list(patients), first, last):
        found[row["patient_id"]].append(row)
    return found


def _enrolled(row: Any, month: Month) -> Enrolled:
    """From the day of the consent, the whole day, up to the end of the last, within the month."""
    begins, ends = month.window
    starts = begins if row["consented_on"] <= month.first else month.midnight(row["consented_on"])
    over = row["ends_on"] is None or row["ends_on"] >= month.last
    return Enrolled(
        Programme(row["programme"]),
        starts,
        ends if over else month.midnight(row["ends_on"] + timedelta(days=1)),
    )
