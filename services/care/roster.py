"""A coordinator's day: the patients of a roster, those first who need minutes most, and one patient's month in full."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from activities.care.reckoning import month_at, reckoned
from database.care_months import frozen_months
from database.care_reads import Practice, practice_of, practices_of
from database.session import Session
from domain.care.activities import PROGRAMMES
from domain.care.counting import Why
from domain.care.entries import Programme
from domain.care.minutes import Reckoning
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care import time_rows
from services.care.outreach import standings
from services.care.scope import ROW, mine, rosters
from services.care.tasks import open_counts
from services.care.views import CareLine, TimeView, line_of

MOST_PATIENTS = 2000
_ON_ROSTER = (
    f"{ROW} AND e.step IN ('planning', 'active', 'ending') AND ($2::uuid IS NULL OR e.coordinator_id = $2)"
)


@dataclass(frozen=True, slots=True)
class RosterView:
    """Patients whose time counts this month. `by_minutes` of them wait for minutes, `reached` of those have a base code."""

    month: date
    patients: list[CareLine]
    by_minutes: int
    reached: int
    more: bool


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code that the month allows so far."""

    code: str
    units: int
    served_on: date


@dataclass(frozen=True, slots=True)
class CareFinding:
    """What stands against billing; `blocks` or is only shown."""

    code: str
    message: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class ProgrammeMinutes:
    """Counted seconds of a programme, and what is missing for its nearest base code."""

    programme: str
    label: str
    counted_seconds: int
    short_seconds: int | None


@dataclass(frozen=True, slots=True)
class CareMonth:
    """One patient's month with the fate of every second (PHI). Codes are what may be billed if it closed now; `locked`:
    it was closed, and its time cannot be changed."""

    month: date
    zone: str
    programmes: list[ProgrammeMinutes]
    codes: list[CodeLine]
    findings: list[CareFinding]
    entries: list[TimeView]
    recorded_seconds: int
    counted_seconds: int
    table_version: str
    locked: bool = False


@door.query(Permission.CARE_VIEW, phi=True)
async def roster(session: Session, coordinator_id: UUID | None = None) -> RosterView:
    """The roster of the asker, or for managers of anybody or everybody, with this month's minutes."""
    rows = await session.fetch(
        f"{_ON_ROSTER} ORDER BY e.id LIMIT {MOST_PATIENTS + 1}", await rosters(session), coordinator_id
    )
    more, rows = len(rows) > MOST_PATIENTS, rows[:MOST_PATIENTS]
    practices = await practices_of(session, list({row["client_id"] for row in rows}))
    months = await _months(session, rows, practices)
    tried = await standings(session, rows, practices)
    waiting = await open_counts(session, [row["id"] for row in rows])
    key = await session.key()
    lines = [
        replace(
            _line(key, row, months[row["patient_id"]]),
            outreach=tried[row["id"]],
            open_tasks=waiting.get(row["id"], (0, 0))[0],
            overdue_tasks=waiting.get(row["id"], (0, 0))[1],
        )
        for row in rows
    ]
    lines.sort(key=lambda one: (one.short_seconds is None, -(one.short_seconds or 0), one.account_number))
    by_minutes = [one for one in lines if one.programme != Programme.APCM]
    reached = sum(one.short_seconds is None for one in by_minutes)
    here = practices[rows[0]["client_id"]] if rows else await practice_of(session, UUID(int=0))
    return RosterView(here.today.replace(day=1), lines, len(by_minutes), reached, more)


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def care_month(
    session: Session, id: UUID, year: int | None = None, month: int | None = None
) -> CareMonth:
    """A patient's month, all programmes together; the running one unless another is asked for."""
    enrolment = await mine(session, id)
    practice = await practice_of(session, enrolment["client_id"])
    wanted = month_at(practice, first_of(practice.today, year, month))
    patient = enrolment["patient_id"]
    result = (await reckoned(session, [patient], wanted))[patient]
    rows = await session.fetch(
        f"{time_rows.SELECT} AND t.patient_id = $1 AND t.ends_at >= to_timestamp($2) AND t.starts_at < to_timestamp($3)"
        " ORDER BY t.starts_at DESC, t.id DESC",
        patient,
        *wanted.month.window,
    )
    key = await session.key()
    entries = [
        time_rows.view(key, row, [one for one in result.pieces if one.entry_id == row["id"]]) for row in rows
    ]
    standing = [one.seconds for one in entries if not one.superseded and not one.void]
    return CareMonth(
        wanted.month.first,
        practice.zone,
        programmes_of(result),
        [CodeLine(one.code, one.units, one.served_on) for one in result.lines],
        [CareFinding(one.edit.value, one.message, one.blocks) for one in result.findings],
        entries,
        sum(standing),
        counted_seconds(result),
        result.table_version,
        bool(await frozen_months(session, [wanted.month.first])),
    )


async def _months(
    session: Session, rows: list[Any], practices: dict[UUID, Practice]
) -> dict[UUID, Reckoning]:
    """This month of everybody, practice by practice: each has its own zone."""
    by_practice: dict[UUID, list[UUID]] = {}
    for row in rows:
        by_practice.setdefault(row["client_id"], []).append(row["patient_id"])
    found: dict[UUID, Reckoning] = {}
    for client_id, patients in by_practice.items():
        practice = practices[client_id]
        found |= await reckoned(session, list(dict.fromkeys(patients)), month_at(practice, practice.today))
    return found


def _line(key: Any, row: Any, month: Reckoning) -> CareLine:
    programme = Programme(row["programme"])
    return line_of(key, row, month.counted.get(programme, 0), _short(programme, month))


def _short(programme: Programme, month: Reckoning) -> int | None:
    """Seconds to the nearest base code; nobody waits for minutes in APCM."""
    return None if programme is Programme.APCM else month.short.get(programme)


def counted_seconds(result: Reckoning) -> int:
    """Seconds that count, whichever kind of time is billed."""
    return sum(one.ends - one.starts for one in result.pieces if one.why in (Why.COUNTED, Why.OTHER_TRACK))


def programmes_of(result: Reckoning) -> list[ProgrammeMinutes]:
    """Each programme of the month with its seconds, and what it lacks."""
    return [
        ProgrammeMinutes(one.value, PROGRAMMES[one], seconds, result.short.get(one))
        for one, seconds in result.counted.items()
        if seconds or one in result.short
    ]


def first_of(today: date, year: int | None, month: int | None) -> date:
    """The first day of the month asked for, or the refusal of one that is none."""
    wanted = (year or today.year, month or today.month)
    if not (2020 <= wanted[0] <= 2100 and 1 <= wanted[1] <= 12):
        words = "Ask for a year from 2020 and a month from 1 to 12."
        raise Invalid(
            "care_month.unknown",
            "There is no such month.",
            words,
            fields=(FieldError("month", "month.unknown", words),),
        )
    return date(*wanted, 1)
