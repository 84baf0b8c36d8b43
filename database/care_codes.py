"""The codes of care management that hold for a month: those it was frozen with, else the version in force on its last day."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache

from database.decision_tables import version_deciding
from database.session import Session
from domain.care.code_rows import rows_of, table_of
from domain.care.codes import STANDARD, CodeTable
from domain.care.month import last_of_month

CARE_CODES = "care_codes"
_FROZEN = """
SELECT month, codes FROM care_months WHERE tenant_id = current_tenant() AND month = ANY($1) AND codes IS NOT NULL
"""
_COMING = """
SELECT DISTINCT effective_from FROM rule_versions
WHERE tenant_id = current_tenant() AND table_code = $1 AND effective_from > $2 ORDER BY effective_from
"""


async def code_table(session: Session, day: date) -> CodeTable:
    """The codes of the month in which a day lies."""
    return (await code_tables(session, [day]))[last_of_month(day)]


async def code_tables(session: Session, days: Collection[date]) -> dict[date, CodeTable]:
    """The same for several days, by the last day of each one's month."""
    if not days:
        return {}
    lasts = sorted({last_of_month(day) for day in days})
    rows = await session.fetch(_FROZEN, [last.replace(day=1) for last in lasts])
    frozen = {last_of_month(row["month"]): _read(row["codes"]) for row in rows}
    return {last: frozen.get(last) or await codes_in_force(session, last) for last in lasts}


async def codes_in_force(session: Session, day: date) -> CodeTable:
    """What is published for a day, whether or not its month was frozen with something else."""
    found = await version_deciding(session, CARE_CODES, day)
    if found is None:
        return STANDARD
    name = str(found.number) if found.origin == "own" else f"platform {found.number}"
    return _read(json.dumps({"name": name, "rows": [dict(one) for one in found.values]}, sort_keys=True))


async def priceable_codes(session: Session, day: date) -> tuple[str, ...]:
    """The codes that are billed in the month of a day or under a version that is published for a later one, in order."""
    coming = [row["effective_from"] for row in await session.fetch(_COMING, CARE_CODES, day)]
    tables = [await code_table(session, day), *[await codes_in_force(session, one) for one in coming]]
    return tuple(dict.fromkeys(code for table in tables for code in table.billable))


def frozen_with(table: CodeTable) -> str:
    """A table as a month keeps it."""
    return json.dumps({"name": table.name, "rows": rows_of(table)}, sort_keys=True)


@lru_cache(maxsize=256)
def _read(stored: str) -> CodeTable:
    """A table once for all its readers: it remembers the rows of each day."""
    found: Mapping[str, object] = json.loads(stored)
    return table_of(found["rows"], str(found["name"]))  # type: ignore[arg-type]  # as a month or a version holds them
