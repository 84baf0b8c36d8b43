"""The queue: what waits for a person, in the order in which it should be done, page by page."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from activities.candidates import candidate
from database.session import Session
from domain.paging import Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Invalid
from domain.work_views import ORDERS, WorkFilter
from policies.permissions import Permission
from services import door
from services.tenancy.actors import holders
from services.work.asking import ASKER, OPEN, Asker, asker, conditions, count
from services.work.counting import MOST
from services.work.groups import part_of
from services.work.items import LINE, item_view
from services.work.views import AssignablePerson, CandidateTeam, WorkCounts, WorkLine, WorkView, line_of

Scope = Literal["available", "mine", "float", "covering", "watched", "snoozed", "all"]
_PAGE = """
SELECT {line} FROM work_items w LEFT JOIN users u ON u.id = w.owner_id
WHERE {open} AND {conditions} ORDER BY {order} LIMIT {limit}
"""
# The order and what comes after a row ($a its priority, $b its due date, $c its id).
_ORDERS: dict[str, tuple[str, str]] = {
    "urgency": (
        "w.priority, w.due_at, w.id",
        "(w.priority, w.due_at, w.id) > (${a}::smallint, ${b}::timestamptz, ${c}::uuid)",
    ),
    "due": (
        "w.due_at, w.id",
        "(w.due_at, w.id) > (${b}::timestamptz, ${c}::uuid) AND ${a}::smallint IS NOT NULL",
    ),
    "newest": (
        "w.id DESC",
        "w.id < ${c}::uuid AND ${a}::smallint IS NOT NULL AND ${b}::timestamptz IS NOT NULL",
    ),
}


@door.query(Permission.WORK_VIEW)
async def queue(
    session: Session,
    *,
    scope: Scope = "available",
    kinds: Collection[str] = (),
    text: str = "",
    due: str = "",
    priority: int = 0,
    client: str = "",
    owner: str = "",
    team: str = "",
    order: str = "urgency",
    group: str = "",
    group_key: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[WorkLine]:
    """A page of open items: those free to take, one's own, of those one stands in for, watched, asleep, or all.

    `due` is overdue, at_risk, today, day, week, unstarted, or an hour of today such as h09; `priority` means this one
    and more urgent; `client` and `owner` are ids, or none and free; `team` is an id; `order` urgency, due or newest.
    `group` and `group_key` ask for the rows of one of the `groups`.
    """
    asked = WorkFilter(scope, tuple(kinds), text, due, priority, client, owner, team).checked()
    if order not in ORDERS:
        raise Invalid("work.order_unknown", "There is no such order.", f"Choose one of: {', '.join(ORDERS)}.")
    values = await asker(session, scope)
    part = [part_of(group, group_key, values)] if group else []
    sql = _page(asked, order, values, cursor, page_size(limit), part)
    rows = await session.fetch(sql, *values)
    lines = [line_of(row) for row in rows[:limit]]
    last = lines[-1] if len(rows) > limit else None
    return Page(lines, encode_cursor(last.priority, last.due_at.isoformat(), last.id) if last else None)


@door.query(Permission.WORK_VIEW)
async def counts(session: Session) -> WorkCounts:
    """How much waits for the asker, each counted up to 99 only: the menu shows it on every page."""
    asked = {
        "mine": WorkFilter("mine"),
        "available": WorkFilter("available"),
        "asleep": WorkFilter("snoozed"),
        "overdue": WorkFilter("mine", due="overdue"),
        "covering": WorkFilter("covering"),
        "floating": WorkFilter("float"),
        "watched": WorkFilter("watched"),
    }
    values = await asker(session, "covering", "float")
    figures = ", ".join(f"{count(one, values, MOST)} AS {name}" for name, one in asked.items())
    return WorkCounts(**dict(await session.row(f"{ASKER} SELECT {figures}", *values)), most=MOST)


@door.query(Permission.WORK_VIEW, of="work_items", phi=True)
async def get_item(session: Session, item_id: UUID) -> WorkView:
    """An item with its comments, history, decisions, and what the asker may do with it now."""
    return await item_view(session, item_id)


@door.query(Permission.WORK_ASSIGN)
async def teams_for(session: Session) -> list[CandidateTeam]:
    """The teams that work can be left to, by name."""
    rows = await session.fetch(
        "SELECT id, name FROM teams WHERE tenant_id = current_tenant() AND active ORDER BY name LIMIT 500"
    )
    return [CandidateTeam(*row) for row in rows]


@door.query(Permission.WORK_TAKE, of="work_items")
async def people_for(session: Session, item_id: UUID) -> list[AssignablePerson]:
    """Whom the item can be given to: those whose roles let them take it and who are candidates now, least loaded first."""
    permission = await session.value("SELECT permission FROM work_items WHERE id = $1", item_id)
    people = await holders(session, {permission, Permission.WORK_TAKE})
    loads = await session.fetch(
        "SELECT p.id, (SELECT count(*) FROM (SELECT 1 FROM work_items WHERE tenant_id = current_tenant()"
        " AND status = 'open' AND owner_id = p.id LIMIT $2) x) AS load FROM unnest($1::uuid[]) AS p (id)"
        f" JOIN work_items w ON w.id = $3 AND {candidate('p.id')}",
        list(people),
        MOST,
        item_id,
    )
    found = [AssignablePerson(row["id"], people[row["id"]], row["load"]) for row in loads]
    return sorted(found, key=lambda person: (person.open_items, person.name))


def _page(
    asked: WorkFilter, order: str, values: Asker, cursor: str | None, limit: int, part: list[str]
) -> str:
    """The statement, whose values are added to those of the asker, so that each scope keeps its own plan."""
    where = conditions(asked, values) + part
    by, after = _ORDERS[order]
    if cursor:
        values.extend(_after(cursor))
        last = len(values)
        where.append(after.format(a=last - 2, b=last - 1, c=last))
    page = _PAGE.format(line=LINE, open=OPEN, conditions=" AND ".join(where), order=by, limit=limit + 1)
    return ASKER + page


def _after(cursor: str) -> tuple[int, datetime, UUID]:
    priority, due, identifier = decode_cursor(cursor, 3)
    try:
        return int(priority), datetime.fromisoformat(due), UUID(identifier)
    except (TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from error
