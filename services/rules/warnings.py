"""What a table would leave undone although nothing is wrong with it: it is told and can be published all the same."""

from datetime import date
from typing import Any

from database.session import Session
from domain.care.code_rows import Need, table_of, unmet
from domain.care.codes import apcm_level
from domain.care.entries import Programme
from domain.rules.catalogue import CARE_CODES, TableKind
from domain.rules.grid import Grid, answers_of, faults
from services.rules.days import today_of

_IN_CARE = """
SELECT programme, complex_decisions, least(conditions, 2) AS conditions, qmb, count(*) AS patients FROM care_enrolments
WHERE tenant_id = current_tenant() AND step IN ('planning', 'active', 'ending') GROUP BY 1, 2, 3, 4
"""


async def warnings_of(session: Session, kind: TableKind, grid: Grid) -> list[str]:
    """In sentences; none while a cell is wrong."""
    if kind is not CARE_CODES or not grid.rows or faults(kind, grid):
        return []
    table = table_of(answers_of(kind, grid, row) for row in grid.rows)
    needs: dict[Need, int] = {}
    for row in await session.fetch(_IN_CARE):
        for need in _needs(row):
            needs[need] = needs.get(need, 0) + row["patients"]
    today = await today_of(session)
    return [_said(need, needs[need], day, today) for need, day in unmet(table, needs, today)]


def _needs(row: Any) -> list[Need]:
    programme = Programme(row["programme"])
    if programme is Programme.APCM:
        return [Need(programme, level=apcm_level(row["conditions"], qmb=row["qmb"]))]
    return [Need(programme), *([Need(programme, complex=True)] if row["complex_decisions"] else [])]


def _said(need: Need, patients: int, day: date, today: date) -> str:
    what = f"APCM level {need.level}" if need.level else need.programme.upper()
    harder = " with decisions of higher complexity" if need.complex else ""
    since = "" if day == today else f"From {day} on "
    count = "1 patient is" if patients == 1 else f"{patients:,} patients are"
    words = f"{since}no base code bills {what}{harder}: {count} in it."
    return words[0].upper() + words[1:]
