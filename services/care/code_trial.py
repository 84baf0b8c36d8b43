"""What a month that is over would come to with the draft of the codes of care, beside what it comes to with those it has."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from activities.care.reckoning import month_at, reckoned
from database.care_codes import code_table
from database.care_reads import practices_of
from database.session import Session
from domain.care.code_rows import table_of
from domain.care.codes import CodeTable
from domain.care.minutes import Reckoning
from domain.care.month import last_of_month
from domain.refusals import FieldError, Invalid
from domain.rules.catalogue import CARE_CODES
from domain.rules.grid import answers_of
from policies.permissions import Permission
from services import door
from services.care.team_reading import first_of, today_of
from services.rules.drafts import draft_view
from services.rules.table_views import grid_of

# Between portions others get their turn.
PORTION = 250
_PATIENTS = """
SELECT DISTINCT client_id, patient_id FROM care_enrolments WHERE tenant_id = current_tenant() AND consented_on <= $2
    AND (ends_on IS NULL OR ends_on >= $1) ORDER BY client_id, patient_id
"""


@dataclass(frozen=True, slots=True)
class CodeUnits:
    """The units of a code in all months together, with the codes that hold and with the draft's."""

    code: str
    now: int
    draft: int


@dataclass(frozen=True, slots=True)
class CodeTrial:
    """A month tried: how many patients were reckoned, how many could be billed either way, and of how many the codes or
    their units would differ. The draft's rows are taken as if they held for that month."""

    month: date
    patients: int
    billed_now: int
    billed_draft: int
    changed: int
    units: list[CodeUnits]


@dataclass(slots=True)
class _Found:
    patients: int = 0
    changed: int = 0
    billed: Counter[str] = field(default_factory=Counter)
    now: Counter[str] = field(default_factory=Counter)
    draft: Counter[str] = field(default_factory=Counter)


@door.query(Permission.RULES_VIEW)
async def try_codes(session: Session, month: str = "") -> CodeTrial:
    """Reckon a month (`2026-10`, else the last one) with the draft of the table of care codes. Nothing is kept of it."""
    before = (await today_of(session)).replace(day=1) - timedelta(days=1)
    first = first_of(month, before)
    now, draft = await code_table(session, first), await _drafted(session)
    found = _Found()
    of: dict[UUID, list[UUID]] = {}
    for row in await session.fetch(_PATIENTS, first, last_of_month(first)):
        of.setdefault(row["client_id"], []).append(row["patient_id"])
    practices = await practices_of(session, list(of))
    for client_id, patients in of.items():
        for start in range(0, len(patients), PORTION):
            portion, key = patients[start : start + PORTION], month_at(practices[client_id], first)
            either = [await reckoned(session, portion, key, table=table) for table in (now, draft)]
            _count(found, *either)
            await asyncio.sleep(0)
    units = [CodeUnits(code, found.now[code], found.draft[code]) for code in _order(now, draft)]
    told = [one for one in units if one.now or one.draft]
    return CodeTrial(first, found.patients, found.billed["now"], found.billed["draft"], found.changed, told)


async def _drafted(session: Session) -> CodeTable:
    shown = await draft_view(session, CARE_CODES)
    if shown.problems:
        fault = FieldError("grid", "table.not_ready", shown.problems[0].message)
        raise Invalid("trial.broken", "The draft cannot be reckoned with.", fault.message, fields=(fault,))
    grid = grid_of(CARE_CODES, shown.grid)
    return table_of(answers_of(CARE_CODES, grid, row) for row in grid.rows)


def _count(found: _Found, now: Mapping[UUID, Reckoning], draft: Mapping[UUID, Reckoning]) -> None:
    for patient_id, one in now.items():
        before, after = _billed(one), _billed(draft[patient_id])
        found.patients += 1
        found.changed += before != after
        found.billed.update({"now": bool(before), "draft": bool(after)})
        found.now.update(before)
        found.draft.update(after)


def _billed(one: Reckoning) -> dict[str, int]:
    """The units of each code; none where an edit blocks the month."""
    return {line.code: line.units for line in one.lines} if one.billable else {}


def _order(now: CodeTable, draft: CodeTable) -> list[str]:
    return list(dict.fromkeys((*now.billable, *draft.billable)))
