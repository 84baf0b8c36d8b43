"""Holds the rows of a sheet against the employees who are there: new, changed or the same; and writes them at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.identity import time_ordered_id
from database.session import Session
from domain.rules.custom_fields import Subject
from domain.sheets.columns import SheetRow
from domain.sheets.kinds import Kind
from domain.workforce.sheets import Known, skills_said
from services.rules.custom_values import set_custom_of
from services.sheets.custom import Custom, custom_of

_FRESH: dict[str, Any] = {
    "email": "",
    "job_title": "",
    "hire_date": None,
    "left_on": None,
    "time_zone": "America/New_York",
    "calendar_id": None,
    "team_id": None,
    "daily_seconds": 28_800,
    "float_pool": False,
}
COLUMNS = ("number", "name", *_FRESH)
_WRITE = f"""
INSERT INTO employees (tenant_id, id, {", ".join(COLUMNS)})
SELECT $1, r.id, {", ".join(f"r.{name}" for name in COLUMNS)} FROM jsonb_to_recordset($2::jsonb) AS r(id uuid,
    number text, name text, email text, job_title text, hire_date date, left_on date, time_zone text,
    calendar_id uuid, team_id uuid, daily_seconds integer, float_pool boolean)
ON CONFLICT (tenant_id, number) DO UPDATE SET version = employees.version + 1,
    {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])}
"""


@dataclass(slots=True)
class Planned:
    """What a row comes to: the employee's values and skills as they will stand, what changes of the tenant's own fields,
    and its outcome."""

    row: SheetRow
    id: UUID
    values: dict[str, Any]
    skills: dict[UUID, int]
    custom: dict[str, Any]
    outcome: str


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by name in lower case."""

    teams: dict[str, UUID]
    calendars: dict[str, UUID]
    skills: dict[str, UUID]

    @property
    def known(self) -> Known:
        """What rows may name."""
        return Known(set(self.teams), set(self.calendars), set(self.skills))


async def names_in_use(session: Session) -> Names:
    """Teams, calendars and skills of the tenant."""
    found: list[dict[str, UUID]] = []
    for table in ("teams", "calendars", "skills"):
        rows = await session.fetch(
            f"SELECT id, name FROM {table} WHERE tenant_id = current_tenant() AND active"
        )
        found.append({row["name"].lower(): row["id"] for row in rows})
    return Names(*found)


async def planned(
    session: Session, rows: Sequence[SheetRow], names: Names, *, lock: bool = False
) -> list[Planned]:
    """What each row without faults comes to. With `lock` the employees stay as they are until the end."""
    numbers = [str(row.facts["number"]) for row in rows if not row.faults]
    # Locked in one order, so that two imports wait for one another instead of both.
    found = await session.fetch(
        "SELECT * FROM employees WHERE tenant_id = current_tenant() AND number = ANY($1) ORDER BY id"
        + (" FOR UPDATE" if lock else ""),
        numbers,
    )
    there = {row["number"]: dict(row) for row in found}
    levels: dict[UUID, dict[UUID, int]] = {}
    ids = [row["id"] for row in there.values()]
    for row in await session.fetch("SELECT * FROM employee_skills WHERE employee_id = ANY($1)", ids):
        levels.setdefault(row["employee_id"], {})[row["skill_id"]] = row["level"]
    own = await custom_of(session, Kind.EMPLOYEES, rows, ids)
    plans = [_plan(row, there, levels, names, own) for row in rows if not row.faults]
    return [one for one in plans if not one.row.faults]


def _plan(
    row: SheetRow,
    there: dict[str, dict[str, Any]],
    levels: dict[UUID, dict[UUID, int]],
    names: Names,
    own: Custom,
) -> Planned:
    now = there.get(str(row.facts["number"]))
    before = levels.get(now["id"], {}) if now else {}
    values = {name: (now or _FRESH).get(name) for name in COLUMNS} | _values(row, names)
    skills = {} if "skills" in row.facts else dict(before)
    skills.update({names.skills[name]: level for name, level in skills_said(row).items()})
    skills = {skill: level for skill, level in skills.items() if level}
    custom = own.changes(row, now["id"] if now else None)
    if now is None:
        return Planned(row, time_ordered_id(), values, skills, custom, "new")
    same = not custom and skills == before and all(now[name] == values[name] for name in COLUMNS)
    return Planned(row, now["id"], values, skills, custom, "same" if same else "changed")


def _values(row: SheetRow, names: Names) -> dict[str, Any]:
    """What a row says, as it is stored."""
    said = {name: value for name, value in row.facts.items() if name in COLUMNS}
    for field, ids in (("team", names.teams), ("calendar", names.calendars)):
        if field in row.facts:
            said[f"{field}_id"] = ids.get(str(row.facts[field]).lower())
    if "daily_hours" in row.facts:
        said["daily_seconds"] = row.facts["daily_hours"]
    return said


async def write(session: Session, plans: Sequence[Planned]) -> None:
    """Write everything that is new or changed: two thousand rows are three statements."""
    told = [one for one in plans if one.outcome != "same"]
    body = [{"id": str(one.id), **one.values} for one in told]
    await session.execute(_WRITE, session.tenant_id, json.dumps(body, default=_plain))
    await session.execute("DELETE FROM employee_skills WHERE employee_id = ANY($1)", [one.id for one in told])
    rows = [(one.id, skill, level) for one in told for skill, level in one.skills.items()]
    await session.execute(
        "INSERT INTO employee_skills (tenant_id, employee_id, skill_id, level)"
        " SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::smallint[])",
        session.tenant_id,
        *([row[place] for row in rows] for place in range(3)),
    )
    await set_custom_of(session, Subject.EMPLOYEE, {one.id: one.custom for one in told if one.custom})


def _plain(value: UUID | date) -> str:
    return str(value)
