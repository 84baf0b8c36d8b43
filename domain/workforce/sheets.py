"""A spreadsheet of employees: which column holds what, and each row's facts or its faults at their cells."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import available_timezones

from domain.sheets.columns import Unreadable, checked_mapping, headings_of
from domain.sheets.values import day

# What a column may hold.
FIELDS: dict[str, str] = {
    "number": "Employee number",
    "name": "Name",
    "email": "E-mail",
    "job_title": "Job title",
    "hire_date": "Hired on",
    "left_on": "Left on",
    "team": "Team",
    "calendar": "Calendar",
    "time_zone": "Time zone",
    "daily_hours": "Hours a day",
    "float_pool": "Float pool",
    "skills": "Skills",
}
REQUIRED = ("number", "name")
LONGEST = {"number": 40, "name": 120, "email": 200, "job_title": 120}
_GUESSES = (
    ("number", r"number|\bno\b|\bnr\b|#|employee\s*id|^id$|badge"),
    ("email", r"e-?mail"),
    ("job_title", r"title|position|job|role"),
    ("hire_date", r"hire|start|joined|since"),
    ("left_on", r"left|termination|leav"),
    ("team", r"team|department|group"),
    ("calendar", r"calendar|schedule"),
    ("time_zone", r"zone"),
    ("daily_hours", r"hours|capacity"),
    ("float_pool", r"float|pool"),
    ("skills", r"^skills$"),
    ("name", r"name|employee"),
)
_SKILL_COLUMN = re.compile(r"skill\s*[:\-]\s*(.+)", re.IGNORECASE)
_SKILL = re.compile(r"(.+?)\s*[:=]\s*([1-5])", re.ASCII)
_YES, _NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"", "no", "n", "false", "0"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LEVEL = "Give the level from 1 to 5."


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may name, all in lower case: teams, calendars and skills of the tenant in use."""

    teams: Collection[str]
    calendars: Collection[str]
    skills: Collection[str]


@dataclass(slots=True)
class SheetRow:
    """A row by its number in the sheet. `facts` holds only what the columns say; `skills` None: no column says them.

    A level of 0 takes a skill away. `faults` names fields; with any, the row cannot be taken in.
    """

    number: int
    facts: dict[str, object] = field(default_factory=dict)
    skills: dict[str, int] = field(default_factory=dict)
    all_skills: bool = False
    faults: dict[str, str] = field(default_factory=dict)


def guessed(headings: Sequence[str]) -> dict[str, int]:
    """The likeliest column (from 0) for each field, by the words of the headings."""
    mapping: dict[str, int] = {}
    for name, pattern in _GUESSES:
        for number, heading in enumerate(headings):
            taken = number in mapping.values() or _SKILL_COLUMN.fullmatch(heading)
            if not taken and re.search(pattern, heading, re.IGNORECASE):
                mapping[name] = number
                break
    return mapping


def skill_columns(headings: Sequence[str]) -> dict[int, str]:
    """Columns headed `Skill: name`, which hold a level each."""
    found = ((number, _SKILL_COLUMN.fullmatch(heading)) for number, heading in enumerate(headings))
    return {number: match[1].strip() for number, match in found if match}


def read_rows(rows: Sequence[Sequence[str]], mapping: Mapping[str, int], known: Known) -> list[SheetRow]:
    """Every row below the headings that holds anything, with its facts and faults."""
    headings = headings_of(rows)
    columns, levels = checked_mapping(FIELDS, REQUIRED, mapping, len(headings)), skill_columns(headings)
    first = next(number for number, row in enumerate(rows) if any(row)) + 1
    read: list[SheetRow] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows[first:], first + 1):
        if not any(cells):
            continue
        row = SheetRow(number)
        for name, column in columns.items():
            _READERS[name](row, name, _cell(cells, column), known)
        for column, skill in levels.items():
            _level(row, skill, _cell(cells, column), known)
        badge = str(row.facts.get("number", ""))
        if badge and seen.setdefault(badge, number) != number:
            row.faults["number"] = f"Row {seen[badge]} has this number already."
        read.append(row)
    return read


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _words(row: SheetRow, name: str, text: str, known: Known) -> None:
    if not text and name in REQUIRED:
        row.faults[name] = f"Enter the {FIELDS[name].lower()}."
    elif len(text) > LONGEST[name] or not text.isprintable():
        row.faults[name] = f"Use at most {LONGEST[name]} characters, without control characters."
    elif name == "email" and text and not _EMAIL.fullmatch(text):
        row.faults[name] = "Enter an e-mail address, or leave it empty."
    row.facts[name] = text.lower() if name == "email" else text


def _day(row: SheetRow, name: str, text: str, known: Known) -> None:
    row.facts[name] = None
    try:
        row.facts[name] = day(text) if text else None
    except Unreadable as wrong:
        row.faults[name] = str(wrong)


def _named(row: SheetRow, name: str, text: str, known: Known) -> None:
    """A team or a calendar by its name."""
    names = known.teams if name == "team" else known.calendars
    if text and text.lower() not in names:
        row.faults[name] = f"There is no {name} of this name; add it first."
    row.facts[name] = text.lower()


def _zone(row: SheetRow, name: str, text: str, known: Known) -> None:
    if not text:
        return
    if text not in available_timezones():
        row.faults[name] = "Enter a time zone such as America/Chicago."
    row.facts[name] = text


def _hours(row: SheetRow, name: str, text: str, known: Known) -> None:
    """Hours of an open day, as `7.5`; kept in whole seconds."""
    if not text:
        return
    try:
        seconds = Decimal(text) * 3600
    except ArithmeticError:
        seconds = Decimal(-1)
    if not (seconds.is_finite() and 0 <= seconds <= 86_400):
        row.faults[name] = "Enter hours from 0 to 24, such as 7.5."
        return
    row.facts["daily_seconds"] = int(seconds)


def _flag(row: SheetRow, name: str, text: str, known: Known) -> None:
    if text.lower() not in _YES | _NO:
        row.faults[name] = "Enter yes or no."
    row.facts[name] = text.lower() in _YES


def _skills(row: SheetRow, name: str, text: str, known: Known) -> None:
    """`Denials: 4; Coding: 2`: all the person can do."""
    row.all_skills = True
    for part in (one.strip() for one in re.split(r"[;\n,]", text)):
        if not part:
            continue
        match = _SKILL.fullmatch(part)
        if match is None:
            row.faults[name] = f"Write each skill with its level from 1 to 5: {part[:30]}: 3."
        elif match[1].lower() not in known.skills:
            row.faults[name] = f"There is no skill {match[1][:40]}; add it first."
        else:
            row.skills[match[1].lower()] = int(match[2])


def _level(row: SheetRow, skill: str, text: str, known: Known) -> None:
    where = f"skill: {skill}"
    if skill.lower() not in known.skills:
        row.faults[where] = f"There is no skill {skill[:40]}; add it first."
    elif text not in ("", "0", "1", "2", "3", "4", "5"):
        row.faults[where] = _LEVEL
    else:
        row.skills[skill.lower()] = int(text or 0)


_READERS = {
    **dict.fromkeys(("number", "name", "email", "job_title"), _words),
    **dict.fromkeys(("hire_date", "left_on"), _day),
    **dict.fromkeys(("team", "calendar"), _named),
    "time_zone": _zone,
    "daily_hours": _hours,
    "float_pool": _flag,
    "skills": _skills,
}
