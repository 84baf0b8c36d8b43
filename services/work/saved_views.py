"""Saved views of the queue: a person's own, or their team's, each with a count that stops at a bound."""

import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from database.session import Session
from database.workforce_reads import employee_of
from domain.refusals import Conflict, FieldError, Invalid, NotAllowed
from domain.work_views import ViewFacts, WorkFilter, checked_view
from policies.permissions import Permission
from services import door
from services.work.asking import ASKER, asker
from services.work.counting import MOST, Count, counted, counting

MOST_VIEWS = 20

_VIEW = """
SELECT v.*, u.name AS owner_name, coalesce(t.name, '') AS team_name FROM work_views v JOIN users u ON u.id = v.owner_id
LEFT JOIN teams t ON t.tenant_id = v.tenant_id AND t.id = v.team_id
WHERE v.tenant_id = current_tenant() AND (v.team_id IS NULL AND v.owner_id = $1 OR v.team_id = (
    SELECT e.team_id FROM employees e WHERE e.tenant_id = current_tenant() AND e.user_id = $1))
"""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view as its reader sees it. `count` is of what they see in it, and with `more` at least so many; None in the answer
    to a change. `mine`: they may change it."""

    id: UUID
    name: str
    filter: WorkFilter
    columns: list[str]
    ordering: str
    grouping: str
    team_id: UUID | None
    team_name: str
    owner_name: str
    mine: bool
    version: int
    count: int | None
    more: bool


@door.query(Permission.WORK_VIEW)
async def list_views(session: Session) -> list[SavedView]:
    """The asker's own views and those of their team, with counts; at most 20."""
    rows = await session.fetch(
        f"{_VIEW} ORDER BY v.team_id IS NULL, v.name, v.id LIMIT {MOST_VIEWS}", session.actor.user_id
    )
    filters = [WorkFilter.from_stored(json.loads(row["filter"])) for row in rows]
    if not filters:
        return []
    values = await asker(session, *(one.scope for one in filters))
    figures = ", ".join(f"{counting(one, values, MOST)} AS c{number}" for number, one in enumerate(filters))
    answer = await session.row(f"{ASKER} SELECT {figures}", *values)
    found = [counted(one, MOST, answer[f"c{number}"]) for number, one in enumerate(filters)]
    return [_view(session, row, filters[n], found[n]) for n, row in enumerate(rows)]


@door.query(Permission.WORK_VIEW, of="work_views")
async def get_view(session: Session, view_id: UUID) -> SavedView:
    """One view; somebody else's own is refused."""
    row = await session.row(f"{_VIEW} AND v.id = $2", session.actor.user_id, view_id)
    if row is None:
        raise NotAllowed("view.not_yours", "This view belongs to somebody else.", "Ask them to share it.")
    return _view(session, row, WorkFilter.from_stored(json.loads(row["filter"])), None)


@door.command(Permission.WORK_VIEW)
async def save_view(session: Session, facts: ViewFacts) -> SavedView:
    """Keep a view under a name; with `team` everybody of the asker's own team sees it."""
    kept = checked_view(facts)
    view_id: UUID = await session.value(
        "INSERT INTO work_views (tenant_id, name, owner_id, team_id, filter, columns, ordering, grouping)"
        " SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) FROM work_views WHERE tenant_id = $1"
        f" AND owner_id = $3) < {MOST_VIEWS} RETURNING id",
        session.tenant_id,
        kept.name,
        session.actor.user_id,
        await _team(session) if kept.team else None,
        json.dumps(asdict(kept.filter)),
        list(kept.columns),
        kept.ordering,
        kept.grouping,
    )
    if view_id is None:
        raise Conflict("view.too_many", f"There are {MOST_VIEWS} views of yours.", "Remove one first.")
    return await _seen(session, view_id)


@door.command(Permission.WORK_VIEW, of="work_views")
async def change_view(session: Session, view_id: UUID, facts: ViewFacts, version: int) -> SavedView:
    """Change a view; one that changed meanwhile is refused."""
    await _must_be_mine(session, view_id)
    kept = checked_view(facts)
    changed = await session.execute(
        "UPDATE work_views SET name = $3, team_id = $4, filter = $5, columns = $6, ordering = $7, grouping = $8,"
        " version = version + 1 WHERE id = $1 AND version = $2",
        view_id,
        version,
        kept.name,
        await _team(session) if kept.team else None,
        json.dumps(asdict(kept.filter)),
        list(kept.columns),
        kept.ordering,
        kept.grouping,
    )
    if not changed:
        raise Conflict("view.changed", "This view changed meanwhile.", "Reload and try again.")
    return await _seen(session, view_id)


@door.command(Permission.WORK_VIEW, of="work_views")
async def remove_view(session: Session, view_id: UUID) -> None:
    """Remove a view; the work in it stays where it is."""
    await _must_be_mine(session, view_id)
    await session.execute("DELETE FROM work_views WHERE id = $1", view_id)


async def _seen(session: Session, view_id: UUID) -> SavedView:
    row = await session.row(f"{_VIEW} AND v.id = $2", session.actor.user_id, view_id)
    return _view(session, row, WorkFilter.from_stored(json.loads(row["filter"])), None)


async def _must_be_mine(session: Session, view_id: UUID) -> None:
    row = await session.row("SELECT owner_id, team_id FROM work_views WHERE id = $1", view_id)
    if row["owner_id"] == session.actor.user_id:
        return
    if row["team_id"] is None or not session.actor.may(Permission.VIEWS_SHARE):
        raise NotAllowed("view.not_yours", "This view belongs to somebody else.", "Save one of your own.")


async def _team(session: Session) -> UUID:
    """The asker's team, with which a view is shared; that asks for a right of its own."""
    door.also(session, Permission.VIEWS_SHARE)
    assert session.actor.user_id is not None  # only people and their tokens hold permissions
    employee = await employee_of(session, session.actor.user_id)
    if employee is None or employee["team_id"] is None:
        fault = FieldError("team", "view.no_team", "You are in no team; keep the view for yourself.")
        raise Invalid("view.no_team", "There is no team to share it with.", fault.message, fields=(fault,))
    team_id: UUID = employee["team_id"]
    return team_id


def _view(session: Session, row: Any, asked: WorkFilter, figure: Count | None) -> SavedView:
    mine = row["owner_id"] == session.actor.user_id
    return SavedView(
        row["id"],
        row["name"],
        asked,
        list(row["columns"]),
        row["ordering"],
        row["grouping"],
        row["team_id"],
        row["team_name"],
        row["owner_name"],
        mine or (row["team_id"] is not None and session.actor.may(Permission.VIEWS_SHARE)),
        row["version"],
        figure.number if figure else None,
        bool(figure and figure.more),
    )
