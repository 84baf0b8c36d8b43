"""Open items under changed rules: first what would change, then the change, portion by portion with its progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from activities.work import moments
from activities.work_clocks import CLOCK, TIMED, differs, timed_of
from database.clocks import Rules, clocks
from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid
from domain.work_clocks import Clock
from policies.permissions import Permission
from services import door
from services.work.clock_rules import ClockFacts, check, drafted

PORTION = 500
MOST_PREVIEWED = 2_000
MOST_COUNTED = 100_000
EXAMPLES = 5

_SCOPE = """
FROM work_items WHERE tenant_id = current_tenant() AND status = 'open' AND ($1 = '' OR kind = $1)
    AND ($2::uuid IS NULL OR client_id = $2) AND ($3 = 0 OR priority = $3)
"""
_ITEM = f"id, title, {TIMED}"
_PORTION = f"""
SELECT {_ITEM} FROM work_items WHERE tenant_id = current_tenant() AND status = 'open' AND ($1::uuid IS NULL OR id > $1)
ORDER BY id LIMIT $2 FOR NO KEY UPDATE
"""
_CHANGE = """
WITH changed AS (
    UPDATE work_items w SET start_by = t.start_by, due_at = t.due_at, start_warn_at = t.start_warn_at,
        due_warn_at = t.due_warn_at, escalate_at = t.escalate_at, alarm_at = t.alarm_at, clock_source = t.source,
        version = w.version + 1
    FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
        $6::timestamptz[], $7::timestamptz[], $8::text[])
        AS t (id, start_by, due_at, start_warn_at, due_warn_at, escalate_at, alarm_at, source)
    WHERE w.tenant_id = current_tenant() AND w.id = t.id RETURNING w.id, w.due_at)
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail)
SELECT current_tenant(), id, $9, 'reclocked', 'due ' || to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
FROM changed
"""
_RUN = (
    "SELECT id, reason, status, looked_at, changed, started_by_name, started_at, finished_at FROM clock_runs"
)


@dataclass(frozen=True, slots=True)
class Redated:
    """An item whose due date would change."""

    item_id: UUID
    title: str
    due_before: datetime
    due_after: datetime


@dataclass(frozen=True, slots=True)
class ClockPreview:
    """What a rule would change: of `looked_at` of the `items` in its scope (counted up to 100,000), `changed` would get
    other dates, and so many of them would be past due at once (`breached`)."""

    items: int
    looked_at: int
    changed: int
    breached: int
    examples: list[Redated]


@dataclass(frozen=True, slots=True)
class ClockRunView:
    """A run over the open items: `status` running or done."""

    id: UUID
    reason: str
    status: str
    looked_at: int
    changed: int
    started_by_name: str
    started_at: datetime
    finished_at: datetime | None


class _Undone(Exception):
    """Ends a preview: what was written to find it out is taken back."""


@door.query(Permission.CLOCKS_MANAGE)
async def preview(session: Session, facts: ClockFacts | None = None) -> ClockPreview:
    """What a rule would change if it held already for everything open, or what the rules in force would. Due dates that
    an opener or a person set stay. Looks at up to 2,000 items, the oldest first."""
    if facts is not None:
        await check(session, facts)
    scope = (facts.kind, facts.client_id, facts.priority) if facts else ("", None, 0)
    count: int = await session.value(
        f"SELECT count(*) FROM (SELECT 1 {_SCOPE} LIMIT {MOST_COUNTED}) x", *scope
    )
    rows = await session.fetch(f"SELECT {_ITEM} {_SCOPE} ORDER BY id LIMIT {MOST_PREVIEWED}", *scope)
    rules = await Rules.read(session, drafted(facts) if facts else None)
    found: list[Clock] = []
    try:
        # A table of clocks keeps what it decides; a preview decides nothing.
        async with session.connection.transaction():
            found = await clocks(session, [timed_of(row) for row in rows], rules)
            raise _Undone
    except _Undone:
        pass  # raised just above, for the savepoint alone
    changed = [(row, one) for row, one in zip(rows, found, strict=True) if differs(row, one)]
    now = datetime.now(UTC)
    breached = sum(one.due_at < now <= row["due_at"] for row, one in changed)
    examples = [
        Redated(row["id"], row["title"], row["due_at"], one.due_at) for row, one in changed[:EXAMPLES]
    ]
    return ClockPreview(count, len(rows), len(changed), breached, examples)


@door.command(Permission.CLOCKS_MANAGE)
async def apply(session: Session, reason: str) -> ClockRunView:
    """Count all open items anew by the rules in force today. The first 500 at once, the rest by the worker."""
    words = reason.strip()
    if not 1 <= len(words) <= 300 or "\0" in words:
        fault = FieldError("reason", "reason.missing", "Say why in up to 300 characters.")
        raise Invalid("clocks.reason_missing", "A reason is needed.", fault.message, fields=(fault,))
    run_id = await session.value(
        "INSERT INTO clock_runs (tenant_id, reason, started_by, started_by_name) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (tenant_id) WHERE status = 'running' DO NOTHING RETURNING id",
        session.tenant_id,
        words,
        session.actor.user_id,
        session.actor.name,
    )
    if run_id is None:
        raise Conflict(
            "clocks.run_running", "Open items are being counted anew already.", "Wait until that is done."
        )
    await run_portion(session)
    return _view(await session.row(f"{_RUN} WHERE id = $1", run_id))


@door.query(Permission.CLOCKS_MANAGE)
async def list_clock_runs(session: Session, *, limit: int = 5) -> list[ClockRunView]:
    """The latest runs over the open items, with their progress."""
    rows = await session.fetch(f"{_RUN} ORDER BY id DESC LIMIT $1", max(1, min(limit, 50)))
    return [_view(row) for row in rows]


async def run_portion(session: Session) -> bool:
    """The next portion of the tenant's run, if one runs; whether it goes on after this."""
    run = await session.row(
        "SELECT id, after_id FROM clock_runs WHERE tenant_id = current_tenant() AND status = 'running'"
        " FOR UPDATE SKIP LOCKED"
    )
    if run is None:
        return False
    rows = await session.fetch(_PORTION, run["after_id"], PORTION)
    found = await clocks(session, [timed_of(row) for row in rows])
    changed = [(row["id"], one) for row, one in zip(rows, found, strict=True) if differs(row, one)]
    await _change(session, changed)
    more = len(rows) == PORTION
    await session.execute(
        "UPDATE clock_runs SET after_id = coalesce($2, after_id), looked_at = looked_at + $3, changed = changed + $4,"
        " status = CASE WHEN $5 THEN 'running' ELSE 'done' END, finished_at = CASE WHEN $5 THEN NULL ELSE now() END"
        " WHERE id = $1",
        run["id"],
        rows[-1]["id"] if rows else None,
        len(rows),
        len(changed),
        more,
    )
    return more


async def _change(session: Session, changed: Sequence[tuple[UUID, Clock]]) -> None:
    if changed:
        now = datetime.now(UTC)
        rows = [(identifier, *moments(one, now)) for identifier, one in changed]
        await session.execute(_CHANGE, *(list(column) for column in zip(*rows, strict=True)), CLOCK)


def _view(row: Any) -> ClockRunView:
    return ClockRunView(*row)
