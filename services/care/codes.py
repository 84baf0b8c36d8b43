"""The codes of care as they hold for a month, for those who set them up."""

from dataclasses import dataclass
from datetime import date

from database.care_codes import CARE_CODES, code_table
from database.session import Session
from domain.care.code_rows import PROGRAMMES, rows_of
from domain.care.codes import CodeTable
from domain.care.month import last_of_month
from policies.permissions import Permission
from services import door
from services.care.team_reading import first_of, today_of

_STANDING = """
SELECT (SELECT frozen_at IS NOT NULL FROM care_months WHERE tenant_id = current_tenant() AND month = $1) AS frozen,
    (SELECT min(effective_from) FROM rule_versions
        WHERE tenant_id = current_tenant() AND table_code = $2 AND effective_from > $3) AS next_from
"""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code as it holds. `whose` is staff or practitioner; `seconds` of its base and of each unit of the add-on; `choice`
    the order among codes that exclude each other, 1 first. Codes of APCM have a `level` and no minutes; those of `tcm`
    exclude APCM."""

    code: str
    programme: str
    since: date
    until: date | None = None
    whose: str = ""
    seconds: int | None = None
    add_on: str = ""
    add_on_seconds: int | None = None
    most_units: int | None = None
    choice: int | None = None
    complex: bool = False
    level: int | None = None


@dataclass(frozen=True, slots=True)
class CareCodes:
    """The codes of a month. `version` names exactly these rows, as packets do; `own`: they are a published version, not the
    standard's. `frozen`: the month keeps them whatever is published. `next_from` is when the next version begins."""

    month: date
    version: str
    own: bool
    frozen: bool
    next_from: date | None
    lines: list[CodeLine]


@door.query(Permission.CARE_MANAGE)
async def care_codes(session: Session, month: str = "") -> CareCodes:
    """The codes in force on the last day of a month (`2026-11`, or the running one), or those it was closed with."""
    first = first_of(month, await today_of(session))
    last = last_of_month(first)
    table = (await code_table(session, first)).on(last)
    standing = await session.row(_STANDING, first, CARE_CODES, last)
    return CareCodes(
        first, table.version, bool(table.name), bool(standing["frozen"]), standing["next_from"], _lines(table)
    )


def _lines(table: CodeTable) -> list[CodeLine]:
    """Programme by programme, those chosen first before the others; last what only excludes APCM."""
    lines = [
        CodeLine(
            **{
                **row,
                "since": date.fromisoformat(row["since"]),
                "until": date.fromisoformat(row["until"]) if "until" in row else None,
            }
        )
        for row in rows_of(table)
    ]
    return sorted(lines, key=lambda one: (PROGRAMMES.index(one.programme), one.choice or 0, one.code))
