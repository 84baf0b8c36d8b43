"""What the clocks do with items: stages that are reached, and moments that people change. One transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from database.clocks import Timed, clocks
from database.session import Session
from domain.work_clocks import BREACHES, GIVEN, Clock, Stage
from domain.work_kinds import Kind

CLOCK = "Clock"
"""The name under which the clocks stand in an item's history."""
TIMED = "kind, client_id, priority, created_at, start_by, due_at, due_warn_at, escalate_at, clock_source"
"""The columns that reckoning an item's clocks anew needs."""
_SAME = timedelta(minutes=1)

_RINGING = """
SELECT id, kind, title, permission, client_id, owner_id, priority, taken_at, start_by, due_at, start_warn_at, due_warn_at,
    escalate_at
FROM work_items WHERE tenant_id = current_tenant() AND status = 'open' AND alarm_at <= $1
ORDER BY alarm_at, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
"""
_REACHED = """
INSERT INTO work_escalations (tenant_id, work_item_id, stage, clock_at, at)
SELECT $1, t.id, t.stage, t.clock_at, $5 FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS t (id, stage, clock_at)
ON CONFLICT DO NOTHING RETURNING work_item_id, stage, clock_at
"""
_RESET = """
UPDATE work_items w SET alarm_at = t.alarm_at, priority = greatest(1, w.priority - t.raised),
    version = w.version + least(t.raised, 1)
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS t (id, alarm_at, raised)
WHERE w.tenant_id = current_tenant() AND w.id = t.id
"""
_REMEMBER = """
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail)
SELECT $1, t.id, $2, t.kind, t.detail FROM unnest($3::uuid[], $4::text[], $5::text[]) AS t (id, kind, detail)
"""


@dataclass(frozen=True, slots=True)
class Ringing:
    """An open item whose alarm has rung."""

    id: UUID
    kind: str
    title: str
    permission: str
    client_id: UUID | None
    owner_id: UUID | None
    priority: int
    started: bool
    clock: Clock


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage that an item has just reached for the first time."""

    item: Ringing
    stage: Stage
    clock_at: datetime


async def ring(session: Session, now: datetime, limit: int) -> tuple[list[Reached], int]:
    """Note the stages that have been reached by `now` and set each item's next alarm; raise the priority of what is
    past its time. The stages that are new, and how many items were looked at. Items that somebody holds just now are
    left to the next look."""
    items = {row["id"]: _ringing(row) for row in await session.fetch(_RINGING, now, limit)}
    found = [
        (item.id, str(stage), clock_at)
        for item in items.values()
        for stage, clock_at in item.clock.reached(now, started=item.started)
    ]
    new: list[Reached] = []
    if found:
        columns = [list(column) for column in zip(*found, strict=True)]
        stored = {
            (row["work_item_id"], row["stage"], row["clock_at"])
            for row in await session.fetch(_REACHED, session.tenant_id, *columns, now)
        }
        new = [Reached(items[one[0]], Stage(one[1]), one[2]) for one in found if one in stored]
    await _reset(session, list(items.values()), new, now)
    return new, len(items)


async def _reset(session: Session, items: Sequence[Ringing], new: Sequence[Reached], now: datetime) -> None:
    """One alarm and, for each breach, one step of priority; and what happened, for the item's history."""
    raised: dict[UUID, int] = {}
    for one in new:
        raised[one.item.id] = raised.get(one.item.id, 0) + (one.stage in BREACHES)
    await session.execute(
        _RESET,
        [item.id for item in items],
        [item.clock.next_alarm(now) for item in items],
        [raised.get(item.id, 0) for item in items],
    )
    if new:
        details = [f"priority {max(1, one.item.priority - raised[one.item.id])}" for one in new]
        await session.execute(
            _REMEMBER,
            session.tenant_id,
            CLOCK,
            [one.item.id for one in new],
            [str(one.stage) for one in new],
            [words if one.stage in BREACHES else "" for one, words in zip(new, details, strict=True)],
        )


def _ringing(row: Any) -> Ringing:
    found = Clock(
        row["start_by"],
        row["due_at"],
        row["start_warn_at"],
        row["due_warn_at"] or row["due_at"],
        row["escalate_at"] or row["due_at"],
    )
    names = ("id", "kind", "title", "permission", "client_id", "owner_id", "priority")
    return Ringing(**{name: row[name] for name in names}, started=row["taken_at"] is not None, clock=found)


async def at_priority(session: Session, item_id: UUID, priority: int) -> Clock | None:
    """The clocks that the rules in force give an item with this priority; None where they stay as they are. Nobody else
    changes the item while this transaction lasts."""
    row = await session.row(f"SELECT {TIMED} FROM work_items WHERE id = $1 FOR NO KEY UPDATE", item_id)
    found = (await clocks(session, [timed_of(row, priority)]))[0]
    return found if differs(row, found) else None


def timed_of(row: Any, priority: int = 0) -> Timed:
    """A row of TIMED as its clocks are asked for, with another priority if one is given. A due date that its opener or a
    person set is kept."""
    due_at = row["due_at"] if row["clock_source"].startswith(GIVEN) else None
    return Timed(Kind(row["kind"]), row["client_id"], priority or row["priority"], row["created_at"], due_at)


def differs(row: Any, found: Clock) -> bool:
    """Whether clocks are others than those of a row, by a minute or more: the moment of opening is kept a little later
    than it was taken."""
    pairs = (
        (row["start_by"], found.start_by),
        (row["due_at"], found.due_at),
        (row["due_warn_at"], found.due_warn_at),
        (row["escalate_at"], found.escalate_at),
    )
    return any(_apart(before, after) for before, after in pairs)


def _apart(before: datetime | None, after: datetime | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) >= _SAME
