"""A coordinator's day: the patients of a roster, those first who need minutes most, and one patient's month in full."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from activities.care.reckoning import month_at, reckoned
from database.care_months import frozen_months
from database.care_reads import Practice, practice_of, practices_of
from database.session import Session
from domain.care.activities import PROGRAMMES
from domain.care.counting import Why
from domain.care.entries import Programme
from domain.care.minutes import Reckoning
from domain.paging import PAGE, page_size
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care import time_rows
from services.care.needing import Need, by_need, cursor_of, on_roster, place_in
from services.care.outreach import standings
from services.care.scope import ROW, mine
from services.care.tasks import open_counts
from services.care.views import CareLine, TimeView, line_of

# A spreadsheet of everybody is asked for by so many at a time.
LARGEST_PAGE = 2000


@dataclass(frozen=True, slots=True)
class RosterView:
    """A page of the patients whose time counts this month, those first who lack most; `next` is the cursor of the page
    after it. Of all `whole` patients `by_minutes` wait for minutes, and `reached` of those have a base code. They are of
    so many `practices`; `others`: some are not on the asker's own roster."""

    month: date
    patients: list[CareLine]
    whole: int
    by_minutes: int
    reached: int
    practices: int
    others: bool
    next: str | None = None


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
async def roster(
    session: Session, coordinator_id: UUID | None = None, cursor: str | None = None, limit: int = PAGE
) -> RosterView:
    """The roster of the asker, or for managers of anybody or everybody, with this month's minutes. All of it is put in
    order; names are opened of a page."""
    size, after = page_size(limit, LARGEST_PAGE), place_in(cursor) if cursor else None
    rows = await on_roster(session, coordinator_id)
    practices = await practices_of(session, list({row["client_id"] for row in rows}))
    needs = await by_need(session, rows, practices)
    here = next(iter(practices.values()), None) or await practice_of(session, UUID(int=0))
    first = bisect_right(needs, after, key=lambda one: one.place) if after else 0
    shown = needs[first : first + size]
    by_minutes = [row["id"] for row in rows if row["programme"] != Programme.APCM]
    return RosterView(
        here.today.replace(day=1),
        await _lines(session, shown, practices),
        len(rows),
        len(by_minutes),
        len(by_minutes) - sum(one.short is not None for one in needs),
        len(practices),
        any(row["coordinator_id"] != session.actor.user_id for row in rows),
        cursor_of(shown[-1]) if len(needs) > first + size else None,
    )


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


async def _lines(
    session: Session, needs: Sequence[Need], practices: Mapping[UUID, Practice]
) -> list[CareLine]:
    """These patients by name, with what was tried and what is to be done."""
    ids = [one.enrolment_id for one in needs]
    rows = {row["id"]: row for row in await session.fetch(f"{ROW} AND e.id = ANY($2)", None, ids)}
    tried = await standings(session, list(rows.values()), practices)
    waiting = await open_counts(session, ids)
    key = await session.key()
    return [
        replace(
            line_of(key, rows[one.enrolment_id], one.counted, one.short),
            outreach=tried[one.enrolment_id],
            open_tasks=waiting.get(one.enrolment_id, (0, 0))[0],
            overdue_tasks=waiting.get(one.enrolment_id, (0, 0))[1],
        )
        for one in needs
    ]


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
