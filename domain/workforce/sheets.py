"""A spreadsheet of employees: which column holds what, and what its rows name that must be there."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.sheets.columns import Column, SheetRow, Unreadable, fault_once, read_rows
from domain.sheets.values import day, email, words, yes, zone

_SKILL_COLUMN = re.compile(r"skill\s*[:\-]\s*(.+)", re.IGNORECASE)
_SKILL = re.compile(r"(.+?)\s*[:=]\s*([1-5])", re.ASCII)
_OF_SKILL = "skill: "


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may name, all in lower case: teams, calendars and skills of the tenant in use."""

    teams: Collection[str]
    calendars: Collection[str]
    skills: Collection[str]


def _hours(text: str) -> int:
    """Hours of an open day, as `7.5`, in whole seconds."""
    try:
        seconds = Decimal(text) * 3600
    except ArithmeticError:
        seconds = Decimal(-1)
    if not (seconds.is_finite() and 0 <= seconds <= 86_400):
        raise Unreadable("Enter hours from 0 to 24, such as 7.5.")
    return int(seconds)


def _skills(text: str) -> dict[str, int]:
    """`Denials: 4; Coding: 2`: all the person can do."""
    found = {}
    for part in (one.strip() for one in re.split(r"[;,]", text)):
        match = _SKILL.fullmatch(part)
        if part and match is None:
            raise Unreadable(f"Write each skill with its level from 1 to 5: {part[:30]}: 3.")
        if match:
            found[match[1].lower()] = int(match[2])
    return found


def _level(text: str) -> int:
    """How well a skill is mastered; 0 takes it away."""
    if text not in ("0", "1", "2", "3", "4", "5"):
        raise Unreadable("Give the level from 1 to 5.")
    return int(text)


COLUMNS = (
    Column("number", "Employee number", words(40), ("number", "id", "emp id"), r"number|\bno\b|\bnr\b|#|employee *id|badge", "117"),
    Column("name", "Name", words(), ("name", "employee"), r"(?<!team )(?<!calendar )(?<!job )name|employee(?!.*(id|no|#|number))", "Ann Reyes"),
    Column("email", "E-mail", email, (), r"e ?mail", "ann@company.example"),
    Column("job_title", "Job title", words(), (), r"title|position|job|role", "Nurse coordinator"),
    Column("hire_date", "Hired on", day, (), r"hire|start|joined|since", "01/05/2026"),
    Column("left_on", "Left on", day, (), r"left|termination|leav", ""),
    Column("team", "Team", words(), (), r"team|department|group", ""),
    Column("calendar", "Calendar", words(), (), r"calendar|schedule", ""),
    Column("time_zone", "Time zone", zone, (), r"zone", "Central"),
    Column("daily_hours", "Hours a day", _hours, (), r"hours|capacity", "8"),
    Column("float_pool", "Float pool", yes, (), r"float|pool", "no"),
    Column("skills", "Skills", _skills, ("skills",), "", ""),
)  # fmt: skip
# What an empty cell says where a column holds it. A zone and hours are never nothing: they stay as they were.
_EMPTIED: Mapping[str, Any] = {
    **dict.fromkeys(("email", "job_title", "team", "calendar"), ""),
    **dict.fromkeys(("hire_date", "left_on")),
    "float_pool": False,
    "skills": {},
}


def level_columns(headings: Sequence[str]) -> dict[str, int]:
    """Columns headed `Skill: name`, which hold a level each, by a name of their own."""
    found = ((number, _SKILL_COLUMN.fullmatch(heading)) for number, heading in enumerate(headings))
    return {f"{_OF_SKILL}{match[1].strip()}": number for number, match in found if match}


def read_employees(
    columns: Sequence[Column],
    cells: Sequence[Sequence[str]],
    mapping: Mapping[str, int],
    headings_row: int,
    known: Known,
) -> list[SheetRow]:
    """Every row with its facts and faults. A skill that a row takes away has level 0."""
    levels = level_columns(cells[headings_row - 1])
    held = [*columns, *(Column(name, name, _level) for name in levels)]
    rows = read_rows(held, cells, {**mapping, **levels}, headings_row)
    for row in rows:
        row.facts = {name: empty for name, empty in _EMPTIED.items() if name in mapping} | row.facts
        row.facts = dict.fromkeys(levels, 0) | row.facts
        _hold(row, levels, known)
    fault_once(rows, lambda row: row.facts.get("number"), "number", "number")
    return rows


def skills_said(row: SheetRow) -> dict[str, int]:
    """The levels that a row says, by skill in lower case."""
    apart = {
        name.removeprefix(_OF_SKILL): level for name, level in row.facts.items() if name.startswith(_OF_SKILL)
    }
    return row.facts.get("skills", {}) | {name.lower(): level for name, level in apart.items()}


def _hold(row: SheetRow, levels: Mapping[str, int], known: Known) -> None:
    """Fault what is named and not there."""
    for name, there in (("team", known.teams), ("calendar", known.calendars)):
        named = str(row.facts.get(name) or "").lower()
        if named and named not in there:
            row.fault(name, f"There is no {name} of this name; add it first.")
    named_skills = {name: name.removeprefix(_OF_SKILL) for name in levels}
    for field, skill in [*named_skills.items(), *(("skills", one) for one in row.facts.get("skills", {}))]:
        if skill.lower() not in known.skills:
            row.fault(field, f"There is no skill {skill[:40]}; add it first.")
