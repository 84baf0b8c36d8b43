"""Skills: what work can ask of a person."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from database.session import Session
from database.workforce import SkillRow
from domain.paging import Page
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults

_ORDER = (SkillRow.name, SkillRow.id)


@dataclass(frozen=True, slots=True)
class SkillFacts:
    """What is typed about a skill."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class SkillView:
    """A skill as shown; `version` is its ETag, `people` counts the employees in use who have it."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    name: str
    description: str
    people: int


@door.query(Permission.WORKFORCE_VIEW)
async def list_skills(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
) -> Page[SkillView]:
    """Skills by name."""
    query = SkillRow.select().where(SkillRow.name.ilike(records.like(checks.clean(text))))
    if active is not None:
        query = query.where(SkillRow.active == active)
    page = await records.page(query, _ORDER, cursor, limit, lambda row: row)
    return Page(await _views(session, page.items), page.next)


@door.query(Permission.WORKFORCE_VIEW, of="skills")
async def get_skill(session: Session, id: UUID) -> SkillView:
    """One skill."""
    return (await _views(session, [await records.one(SkillRow, id)]))[0]


@door.command(Permission.WORKFORCE_MANAGE)
async def add_skill(session: Session, facts: SkillFacts) -> SkillView:
    """Add a skill."""
    return (await _views(session, [await added(session, facts)]))[0]


async def added(session: Session, facts: SkillFacts) -> records.Row:
    """The same inside a transaction that does more; the new row."""
    return await records.insert(session, SkillRow, await _checked(facts, None))


@door.command(Permission.WORKFORCE_MANAGE, of="skills")
async def change_skill(
    session: Session, id: UUID, facts: SkillFacts, expected_version: int | None = None
) -> SkillView:
    """Replace a skill's facts."""
    row = await records.change(SkillRow, id, await _checked(facts, id), expected_version)
    return (await _views(session, [row]))[0]


@door.command(Permission.WORKFORCE_MANAGE, of="skills")
async def deactivate_skill(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> SkillView:
    """Take a skill out of use; whoever has it keeps it."""
    row = await records.switch(SkillRow, id, False, checks.reason_of(reason), expected_version)
    return (await _views(session, [row]))[0]


@door.command(Permission.WORKFORCE_MANAGE, of="skills")
async def reactivate_skill(session: Session, id: UUID, expected_version: int | None = None) -> SkillView:
    """Take a skill back into use."""
    return (await _views(session, [await records.switch(SkillRow, id, True, "", expected_version)]))[0]


async def _checked(facts: SkillFacts, but: UUID | None) -> dict[str, Any]:
    values = {name: checks.clean(text) for name, text in asdict(facts).items()}
    faults = Faults("skill")
    faults.text("name", values["name"], 80, missing="Enter the skill's name.")
    faults.text("description", values["description"], 300)
    if any(mark in values["name"] for mark in ":;=,"):
        faults.add("name", "name.marks", "Leave out : ; , and =, which part skills in a spreadsheet.")
    faults.refuse()
    query = SkillRow.exists().where(SkillRow.name == values["name"])
    if but is not None:
        query = query.where(SkillRow.id != but)
    records.must_be_new(await query, "name", "There is a skill of this name.", "Give it another name.")
    return values


async def _views(session: Session, rows: list[records.Row]) -> list[SkillView]:
    counted = await session.fetch(
        "SELECT s.skill_id, count(*) AS people FROM employee_skills s JOIN employees e ON e.tenant_id = s.tenant_id"
        " AND e.id = s.employee_id AND e.active WHERE s.tenant_id = current_tenant() AND s.skill_id = ANY($1)"
        " GROUP BY s.skill_id",
        [row["id"] for row in rows],
    )
    people = {row["skill_id"]: row["people"] for row in counted}
    return [records.view_of(SkillView, row, people=people.get(row["id"], 0)) for row in rows]
