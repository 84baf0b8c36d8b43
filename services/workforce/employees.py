"""Employees: who works here, what they can do, and as whom they sign in."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session
from database.workforce import EmployeeRow
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size, uuid_in
from domain.rules.custom_fields import Subject
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.rules.custom_values import one_with_custom, set_custom, with_custom
from services.workforce.checks import must_be_member, zone

MOST_SKILLS = 60
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_VIEWS = """
SELECT e.*, t.name AS team_name, c.name AS calendar_name, coalesce(u.name, '') AS user_name,
    ARRAY(SELECT s.skill_id FROM employee_skills s JOIN skills k ON k.tenant_id = s.tenant_id AND k.id = s.skill_id
        WHERE s.tenant_id = e.tenant_id AND s.employee_id = e.id ORDER BY k.name) AS skill_ids,
    ARRAY(SELECT k.name FROM employee_skills s JOIN skills k ON k.tenant_id = s.tenant_id AND k.id = s.skill_id
        WHERE s.tenant_id = e.tenant_id AND s.employee_id = e.id ORDER BY k.name) AS skill_names,
    ARRAY(SELECT s.level FROM employee_skills s JOIN skills k ON k.tenant_id = s.tenant_id AND k.id = s.skill_id
        WHERE s.tenant_id = e.tenant_id AND s.employee_id = e.id ORDER BY k.name) AS levels
FROM employees e LEFT JOIN teams t ON t.tenant_id = e.tenant_id AND t.id = e.team_id
LEFT JOIN calendars c ON c.tenant_id = e.tenant_id AND c.id = e.calendar_id
LEFT JOIN users u ON u.id = e.user_id WHERE e.tenant_id = current_tenant()
"""
_LIST = f"""
{_VIEWS} AND ($1::boolean IS NULL OR e.active = $1)
    AND ($2 = '' OR e.name ILIKE $3 OR e.number = $2 OR e.email ILIKE $3)
    AND ($4::uuid IS NULL OR e.team_id = $4) AND ($5::uuid IS NULL OR EXISTS (SELECT 1 FROM employee_skills s
        WHERE s.tenant_id = e.tenant_id AND s.employee_id = e.id AND s.skill_id = $5))
    AND ($6::uuid IS NULL OR (e.name, e.id) > ($7, $6)) ORDER BY e.name, e.id LIMIT $8
"""


@dataclass(frozen=True, slots=True)
class SkillLevel:
    """A skill and how well it is mastered: 1 (learning) to 5 (teaches others)."""

    skill_id: UUID
    level: int


@dataclass(frozen=True, slots=True)
class EmployeeFacts:
    """What is typed about an employee. `daily_seconds` is the working time of an open day; `skills` are all there are.
    `custom` are values of the tenant's own fields by code; None leaves them as they are."""

    number: str
    name: str
    email: str = ""
    job_title: str = ""
    hire_date: date | None = None
    left_on: date | None = None
    time_zone: str = "America/New_York"
    calendar_id: UUID | None = None
    team_id: UUID | None = None
    user_id: UUID | None = None
    daily_seconds: int = 28_800
    float_pool: bool = False
    skills: list[SkillLevel] = field(default_factory=list)
    custom: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class KnownSkill:
    """A skill that somebody has, with its level from 1 to 5."""

    skill_id: UUID
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class EmployeeView:
    """An employee as shown; `version` is its ETag. Who signs in as the employee is `user_id`, if anybody does."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    number: str
    name: str
    email: str
    job_title: str
    hire_date: date | None
    left_on: date | None
    time_zone: str
    calendar_id: UUID | None
    calendar_name: str
    team_id: UUID | None
    team_name: str
    user_id: UUID | None
    user_name: str
    daily_seconds: int
    float_pool: bool
    skills: list[KnownSkill]
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who can sign in and stands behind no employee yet. `id` is the user's."""

    id: UUID
    name: str
    email: str


@door.query(Permission.WORKFORCE_VIEW)
async def list_employees(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
    active: bool | None = None,
    team_id: UUID | None = None,
    skill_id: UUID | None = None,
) -> Page[EmployeeView]:
    """Employees by name. `text` finds part of a name or e-mail, or a number."""
    size = page_size(limit)
    name, last = decode_cursor(cursor, 2) if cursor else ("", None)
    rows = await session.fetch(
        _LIST,
        active,
        checks.clean(text),
        records.like(checks.clean(text)),
        team_id,
        skill_id,
        uuid_in(encode_cursor(last)) if cursor else None,
        str(name),
        size + 1,
    )
    page = records.page_of(rows, size, ("name", "id"), _view)
    return Page(await with_custom(session, Subject.EMPLOYEE, page.items), page.next)


@door.query(Permission.WORKFORCE_VIEW, of="employees")
async def get_employee(session: Session, id: UUID) -> EmployeeView:
    """One employee with their skills."""
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE)
async def add_employee(session: Session, facts: EmployeeFacts) -> EmployeeView:
    """Add an employee."""
    return await _one(session, await added(session, facts))


async def added(session: Session, facts: EmployeeFacts) -> UUID:
    """The same inside a transaction that does more; the new employee's id."""
    values = await _checked(session, facts, None)
    identifier: UUID = (await records.insert(session, EmployeeRow, values))["id"]
    await _set_skills(session, identifier, facts.skills)
    await set_custom(session, Subject.EMPLOYEE, identifier, facts.custom)
    return identifier


@door.command(Permission.WORKFORCE_MANAGE, of="employees")
async def change_employee(
    session: Session, id: UUID, facts: EmployeeFacts, expected_version: int | None = None
) -> EmployeeView:
    """Replace an employee's facts and skills."""
    await changed(session, id, facts, expected_version)
    return await _one(session, id)


async def changed(
    session: Session, id: UUID, facts: EmployeeFacts, expected_version: int | None = None
) -> None:
    """The same inside a transaction that does more."""
    values = await _checked(session, facts, await _one(session, id))
    await records.change(EmployeeRow, id, values, expected_version)
    await _set_skills(session, id, facts.skills)
    await set_custom(session, Subject.EMPLOYEE, id, facts.custom)


@door.command(Permission.WORKFORCE_MANAGE, of="employees")
async def deactivate_employee(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> EmployeeView:
    """Take an employee out of use: they lead nobody's approvals and stand in for nobody any more."""
    await records.switch(EmployeeRow, id, False, checks.reason_of(reason), expected_version)
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE, of="employees")
async def reactivate_employee(
    session: Session, id: UUID, expected_version: int | None = None
) -> EmployeeView:
    """Take an employee back into use."""
    await records.switch(EmployeeRow, id, True, "", expected_version)
    return await _one(session, id)


@door.query(Permission.WORKFORCE_MANAGE)
async def free_members(session: Session) -> list[Member]:
    """People of this company who can sign in and stand behind no employee, by name."""
    rows = await session.fetch(
        "SELECT u.id, u.name, u.email FROM memberships m JOIN users u ON u.id = m.user_id"
        " WHERE m.tenant_id = current_tenant() AND m.status <> 'ended' AND NOT EXISTS (SELECT 1 FROM employees e"
        " WHERE e.tenant_id = m.tenant_id AND e.user_id = m.user_id) ORDER BY u.name, u.id LIMIT 500"
    )
    return [records.view_of(Member, row) for row in rows]


async def _checked(session: Session, facts: EmployeeFacts, now: EmployeeView | None) -> dict[str, Any]:
    """The facts as they are stored. What was chosen before may have gone out of use since, and stays."""
    values = _cleaned(facts)
    _faults_of(values, facts.skills).refuse()
    if facts.team_id and (now is None or facts.team_id != now.team_id):
        await records.must_be_active(session, "teams", facts.team_id, "team_id", "team")
    if facts.calendar_id and (now is None or facts.calendar_id != now.calendar_id):
        await records.must_be_active(session, "calendars", facts.calendar_id, "calendar_id", "calendar")
    for skill in facts.skills:
        if now is None or skill.skill_id not in {one.skill_id for one in now.skills}:
            await records.must_be_active(session, "skills", skill.skill_id, "skills", "skill")
    if facts.user_id:
        await must_be_member(session, facts.user_id, now.id if now else None)
    taken = await session.value(
        "SELECT 1 FROM employees WHERE tenant_id = current_tenant() AND number = $1 AND id IS DISTINCT FROM $2",
        values["number"],
        now.id if now else None,
    )
    words = "Open that employee instead, or give another number."
    records.must_be_new(taken, "number", "Another employee has this number.", words)
    return values


def _cleaned(facts: EmployeeFacts) -> dict[str, Any]:
    texts = ("number", "name", "job_title", "time_zone")
    kept = ("hire_date", "left_on", "calendar_id", "team_id", "user_id", "daily_seconds", "float_pool")
    return {
        **{name: checks.clean(getattr(facts, name)) for name in texts},
        **{name: getattr(facts, name) for name in kept},
        "email": checks.clean(facts.email).lower(),
    }


def _faults_of(values: dict[str, Any], skills: list[SkillLevel]) -> Faults:
    faults = Faults("employee")
    faults.text("number", values["number"], 40, missing="Enter the employee's number.")
    faults.text("name", values["name"], 120, missing="Enter the employee's name.")
    faults.text("email", values["email"], 200)
    faults.text("job_title", values["job_title"], 120)
    if values["email"] and not _EMAIL.fullmatch(values["email"]):
        faults.add("email", "email.invalid", "Enter an e-mail address, or leave it empty.")
    zone(faults, "time_zone", values["time_zone"])
    if not 0 <= values["daily_seconds"] <= 86_400:
        faults.add("daily_seconds", "daily_seconds.range", "Give 0 to 24 hours a day.")
    hired, left = values["hire_date"], values["left_on"]
    if hired and left and left < hired:
        faults.add("left_on", "left_on.before", "Nobody leaves before they were hired.")
    if any(not 1 <= one.level <= 5 for one in skills):
        faults.add("skills", "skills.level", "Give each skill a level from 1 to 5.")
    if len({one.skill_id for one in skills}) < len(skills) or len(skills) > MOST_SKILLS:
        faults.add("skills", "skills.twice", f"Name each skill once, and at most {MOST_SKILLS}.")
    return faults


async def _set_skills(session: Session, employee_id: UUID, skills: list[SkillLevel]) -> None:
    await session.execute("DELETE FROM employee_skills WHERE employee_id = $1", employee_id)
    await session.execute(
        "INSERT INTO employee_skills (tenant_id, employee_id, skill_id, level)"
        " SELECT $1, $2, * FROM unnest($3::uuid[], $4::smallint[])",
        session.tenant_id,
        employee_id,
        [one.skill_id for one in skills],
        [one.level for one in skills],
    )


async def _one(session: Session, id: UUID) -> EmployeeView:
    view = _view(await session.row(f"{_VIEWS} AND e.id = $1", id))
    return await one_with_custom(session, Subject.EMPLOYEE, view)


def _view(row: Any) -> EmployeeView:
    known = zip(row["skill_ids"], row["skill_names"], row["levels"], strict=True)
    names = {name: row[name] or "" for name in ("team_name", "calendar_name")}
    return records.view_of(EmployeeView, row, skills=[KnownSkill(*one) for one in known], custom={}, **names)
