"""Teams: who leads whom, without circles."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from database.session import Session
from database.workforce import TeamRow
from domain.paging import Page, decode_cursor, encode_cursor, page_size, uuid_in
from domain.workforce.circles import team_circle
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.workforce.checks import lock_workforce, refused

_VIEWS = """
SELECT t.*, p.name AS parent_name, l.name AS lead_name, (SELECT count(*) FROM employees e
    WHERE e.tenant_id = t.tenant_id AND e.team_id = t.id AND e.active) AS people
FROM teams t LEFT JOIN teams p ON p.tenant_id = t.tenant_id AND p.id = t.parent_id
LEFT JOIN employees l ON l.tenant_id = t.tenant_id AND l.id = t.lead_id WHERE t.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What is typed about a team; the lead is an employee, of this team or another."""

    name: str
    parent_id: UUID | None = None
    lead_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team as shown; `version` is its ETag, `people` counts the employees in use."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    name: str
    parent_id: UUID | None
    parent_name: str
    lead_id: UUID | None
    lead_name: str
    people: int


@door.query(Permission.WORKFORCE_VIEW)
async def list_teams(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
) -> Page[TeamView]:
    """Teams by name."""
    size = page_size(limit)
    name, last = decode_cursor(cursor, 2) if cursor else ("", None)
    rows = await session.fetch(
        f"{_VIEWS} AND ($1::boolean IS NULL OR t.active = $1) AND t.name ILIKE $2"
        " AND ($3::uuid IS NULL OR (t.name, t.id) > ($4, $3)) ORDER BY t.name, t.id LIMIT $5",
        active,
        records.like(checks.clean(text)),
        uuid_in(encode_cursor(last)) if cursor else None,
        str(name),
        size + 1,
    )
    return records.page_of(rows, size, ("name", "id"), _view)


@door.query(Permission.WORKFORCE_VIEW, of="teams")
async def get_team(session: Session, id: UUID) -> TeamView:
    """One team."""
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE)
async def add_team(session: Session, facts: TeamFacts) -> TeamView:
    """Add a team."""
    values = await _checked(session, facts, None)
    return await _one(session, (await records.insert(session, TeamRow, values))["id"])


@door.command(Permission.WORKFORCE_MANAGE, of="teams")
async def change_team(
    session: Session, id: UUID, facts: TeamFacts, expected_version: int | None = None
) -> TeamView:
    """Replace a team's facts; a team can stand neither above nor below itself."""
    values = await _checked(session, facts, await _one(session, id))
    await records.change(TeamRow, id, values, expected_version)
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE, of="teams")
async def deactivate_team(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> TeamView:
    """Take a team out of use; its people move first."""
    if (await _one(session, id)).people:
        words = "Move its people to another team first."
        raise refused("reason", "team.peopled", "This team has people.", words)
    await records.switch(TeamRow, id, False, checks.reason_of(reason), expected_version)
    return await _one(session, id)


@door.command(Permission.WORKFORCE_MANAGE, of="teams")
async def reactivate_team(session: Session, id: UUID, expected_version: int | None = None) -> TeamView:
    """Take a team back into use."""
    await records.switch(TeamRow, id, True, "", expected_version)
    return await _one(session, id)


async def _checked(session: Session, facts: TeamFacts, now: TeamView | None) -> dict[str, Any]:
    values = {**asdict(facts), "name": checks.clean(facts.name)}
    faults = Faults("team")
    faults.text("name", values["name"], 120, missing="Enter the team's name.")
    faults.refuse()
    await lock_workforce(session)
    if facts.parent_id and (now is None or facts.parent_id != now.parent_id):
        await records.must_be_active(session, "teams", facts.parent_id, "parent_id", "team")
    if facts.lead_id and (now is None or facts.lead_id != now.lead_id):
        await records.must_be_active(session, "employees", facts.lead_id, "lead_id", "employee")
    if now is not None:
        parents = await session.fetch("SELECT id, parent_id FROM teams WHERE tenant_id = current_tenant()")
        if team_circle({row["id"]: row["parent_id"] for row in parents}, now.id, facts.parent_id):
            words = "Choose a team that does not stand below this one."
            raise refused("parent_id", "team.circle", "A team cannot stand above itself.", words)
    taken = await session.value(
        "SELECT 1 FROM teams WHERE tenant_id = current_tenant() AND name = $1 AND id IS DISTINCT FROM $2",
        values["name"],
        now.id if now else None,
    )
    records.must_be_new(taken, "name", "There is a team of this name.", "Give it another name.")
    return values


async def _one(session: Session, id: UUID) -> TeamView:
    return _view(await session.row(f"{_VIEWS} AND t.id = $1", id))


def _view(row: Any) -> TeamView:
    names = {name: row[name] or "" for name in ("parent_name", "lead_name")}
    return records.view_of(TeamView, row, **names)
