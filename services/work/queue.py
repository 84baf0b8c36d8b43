"""The queue: what waits for a person, in the order in which it should be done, page by page."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from database.session import Session
from domain.paging import Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Invalid
from domain.work import ASSIGN, PERMISSIONS, Kind
from policies.permissions import Permission
from services import door
from services.tenancy.actors import holders
from services.work.items import LINE, item_view
from services.work.views import AssignablePerson, WorkCounts, WorkLine, WorkView, line_of

Scope = Literal["available", "mine", "all", "snoozed"]
MOST = 99

_PAGE = """
SELECT {line} FROM work_items w LEFT JOIN users u ON u.id = w.owner_id
WHERE w.tenant_id = current_tenant() AND status = 'open' AND {conditions}
ORDER BY w.priority, w.due_at, w.id LIMIT {limit}
"""
_COUNT = """
(SELECT count(*) FROM (SELECT 1 FROM work_items WHERE tenant_id = current_tenant() AND status = 'open'
 AND {conditions} LIMIT {most}) counted)
"""
_AWAKE = "(follow_up_at IS NULL OR follow_up_at <= now())"
# $1 the asker, $2 their permissions, $3 whether they see other people's sleeping items; each scope has its own index.
_SCOPES: dict[str, str] = {
    "available": f"owner_id IS NULL AND {_AWAKE} AND permission = ANY($2)",
    "mine": f"owner_id = $1 AND {_AWAKE}",
    "all": "true",
    "snoozed": "follow_up_at IS NOT NULL AND follow_up_at > now() AND (owner_id = $1 OR $3)",
}
# PostgreSQL wants to know the type of every value given, also of those that a scope does not use.
_ASKER = "WITH asker AS (SELECT $1::uuid, $2::text[], $3::boolean)"


@door.query(Permission.WORK_VIEW)
async def queue(
    session: Session,
    *,
    scope: Scope = "available",
    kinds: Collection[str] = (),
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[WorkLine]:
    """A page of open items, most urgent first: those free to take, one's own, all, or those asleep until a date."""
    if scope not in _SCOPES:
        raise Invalid(
            "work.scope_unknown", "There is no such queue.", f"Choose one of: {', '.join(_SCOPES)}."
        )
    rows = await session.fetch(*_asked(session, scope, _known(kinds), text.strip(), cursor, page_size(limit)))
    lines = [line_of(row) for row in rows[:limit]]
    last = lines[-1] if len(rows) > limit else None
    return Page(lines, encode_cursor(last.priority, last.due_at.isoformat(), last.id) if last else None)


@door.query(Permission.WORK_VIEW)
async def counts(session: Session) -> WorkCounts:
    """How much waits for the asker, each counted up to 99 only: the menu shows it on every page."""
    asked = {
        "mine": _SCOPES["mine"],
        "available": _SCOPES["available"],
        "asleep": _SCOPES["snoozed"],
        "overdue": f"{_SCOPES['mine']} AND due_at < now()",
    }
    figures = ", ".join(
        f"{_COUNT.format(conditions=conditions, most=MOST)} AS {name}" for name, conditions in asked.items()
    )
    return WorkCounts(**dict(await session.row(f"{_ASKER} SELECT {figures}", *_asker(session))), most=MOST)


@door.query(Permission.WORK_VIEW, of="work_items", phi=True)
async def get_item(session: Session, item_id: UUID) -> WorkView:
    """An item with its comments, history, decisions, and what the asker may do with it now."""
    return await item_view(session, item_id)


@door.query(Permission.WORK_ASSIGN, of="work_items")
async def people_for(session: Session, item_id: UUID) -> list[AssignablePerson]:
    """Whom the item can be assigned to: those whose roles let them take it, least loaded first."""
    permission = await session.value("SELECT permission FROM work_items WHERE id = $1", item_id)
    people = await holders(session, {permission, Permission.WORK_TAKE})
    loads = await session.fetch(
        "SELECT p.id, (SELECT count(*) FROM (SELECT 1 FROM work_items WHERE tenant_id = current_tenant()"
        " AND status = 'open' AND owner_id = p.id LIMIT $2) x) AS load FROM unnest($1::uuid[]) AS p (id)",
        list(people),
        MOST,
    )
    found = [AssignablePerson(row["id"], people[row["id"]], row["load"]) for row in loads]
    return sorted(found, key=lambda person: (person.open_items, person.name))


def _asker(session: Session) -> tuple[Any, list[str], bool]:
    actor = session.actor
    return actor.user_id, sorted(actor.permissions & PERMISSIONS), ASSIGN in actor.permissions


def _asked(
    session: Session, scope: str, kinds: list[str], text: str, cursor: str | None, limit: int
) -> tuple[Any, ...]:
    """The statement and its values. What is not asked for is not in it, so that each scope keeps its own plan."""
    values: list[Any] = list(_asker(session))
    conditions = [_SCOPES[scope]]
    if kinds:
        values.append(kinds)
        conditions.append(f"kind = ANY(${len(values)})")
    if text:
        values.append(text.lower())
        conditions.append(f"position(${len(values)} IN lower(title)) > 0")
    if cursor:
        values.extend(_after(cursor))
        last = len(values)
        conditions.append(
            f"(w.priority, w.due_at, w.id) > (${last - 2}::smallint, ${last - 1}, ${last}::uuid)"
        )
    page = _PAGE.format(line=LINE, conditions=" AND ".join(conditions), limit=limit + 1)
    return _ASKER + page, *values


def _after(cursor: str) -> tuple[int, datetime, UUID]:
    priority, due, identifier = decode_cursor(cursor, 3)
    try:
        return int(priority), datetime.fromisoformat(due), UUID(identifier)
    except (TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from error


def _known(kinds: Collection[str]) -> list[str]:
    if unknown := sorted(set(kinds) - set(Kind)):
        raise Invalid(
            "work.kind_unknown",
            f"There is no kind of work called {unknown[0]!r}.",
            f"Kinds: {', '.join(Kind)}.",
        )
    return sorted(set(kinds))
