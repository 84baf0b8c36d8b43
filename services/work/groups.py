"""The queue in groups: each with its count, and its rows read when it is opened."""

from dataclasses import dataclass
from uuid import UUID

from database.session import Session
from domain.refusals import Invalid
from domain.work import KINDS, Kind
from domain.work_views import FREE, GROUPS, WorkFilter
from policies.permissions import Permission
from services import door
from services.work.asking import ASKER, Asker, asker
from services.work.counting import Count, counted, counting

MOST_IN_A_GROUP = 999
"""Where the count of a group stops."""
_PRIORITIES = {1: "first", 2: "high", 3: "usual", 4: "low", 5: "last"}
# What belongs to the group whose key is g.key.
_PARTS = {
    "kind": "w.kind = g.key",
    "priority": "w.priority = g.key::smallint",
    "with": "w.owner_id = g.key::uuid",
}


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """A group of the queue. `key` asks for its rows; `count` of that many, or with `more` at least so many."""

    key: str
    label: str
    count: int
    more: bool


@door.query(Permission.WORK_VIEW)
async def groups(session: Session, asked: WorkFilter, by: str) -> list[WorkGroup]:
    """The groups that hold anything, by kind, by priority, or by who has it (with what is free first)."""
    if by not in _PARTS:
        known = ", ".join(filter(None, GROUPS))
        raise Invalid("work.group_unknown", "There is no such grouping.", f"Choose one of: {known}.")
    checked = asked.checked()
    labels = await _labels(session, by)
    found = await _counted(session, checked, by, list(labels))
    if by == "with" and (free := await _free(session, checked)).number:
        labels, found = {FREE: "Free", **labels}, {FREE: free, **found}
    return [WorkGroup(key, labels[key], one.number, one.more) for key, one in found.items() if one.number]


def part_of(by: str, key: str, values: Asker) -> str:
    """The condition of one group's rows; its key is added to `values`."""
    refusal = Invalid("work.group_unknown", "There is no such group.", "Open one that the list shows.")
    if by == "with" and key == FREE:
        return "w.owner_id IS NULL"
    try:
        value = {"kind": Kind, "priority": int, "with": UUID}[by](key)
    except (KeyError, ValueError):
        raise refusal from None
    if by == "priority" and value not in _PRIORITIES:
        raise refusal
    values.append(str(value) if by == "kind" else value)
    column = {"kind": "kind", "priority": "priority", "with": "owner_id"}[by]
    return f"w.{column} = ${len(values)}"


async def _counted(session: Session, asked: WorkFilter, by: str, keys: list[str]) -> dict[str, Count]:
    values = await asker(session, asked.scope)
    figure = counting(asked, values, MOST_IN_A_GROUP, [_PARTS[by]])
    values.append(keys)
    rows = await session.fetch(
        f"{ASKER} SELECT g.key, {figure} AS figure FROM unnest(${len(values)}::text[]) WITH ORDINALITY AS g (key, place)"
        " ORDER BY g.place",
        *values,
    )
    return {row["key"]: counted(asked, MOST_IN_A_GROUP, row["figure"]) for row in rows}


async def _free(session: Session, asked: WorkFilter) -> Count:
    values = await asker(session, asked.scope)
    figure = counting(asked, values, MOST_IN_A_GROUP, ["w.owner_id IS NULL"])
    return counted(asked, MOST_IN_A_GROUP, await session.value(f"{ASKER} SELECT {figure}", *values))


async def _labels(session: Session, by: str) -> dict[str, str]:
    """What every possible group is called, in the order in which they are shown."""
    if by == "kind":
        return {str(kind): KINDS[kind].label for kind in Kind}
    if by == "priority":
        return {str(value): f"Priority {value}: {words}" for value, words in _PRIORITIES.items()}
    # Everybody who was ever a member: work may still be in the hands of who has left.
    rows = await session.fetch(
        "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id"
        " WHERE m.tenant_id = current_tenant() ORDER BY u.name, u.id"
    )
    return {str(row["id"]): row["name"] for row in rows}
