"""The rules of clocks: rows with a day from which they hold. A row is never changed; a later one takes its place."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from database.clocks import RULE, rule_of
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.work_clocks import ClockRule, in_force, own
from domain.work_kinds import KINDS, Kind
from policies.permissions import Permission
from services import door
from services.clientele.checks import Faults

LONGEST = 10_000 * 3_600
_LIST = f"""
SELECT r.{RULE.replace(", ", ", r.")}, coalesce(c.name, '') AS client_name, coalesce(k.name, '') AS calendar_name,
    r.reason, r.created_by_name, r.created_at
FROM clock_rules r LEFT JOIN clients c ON c.tenant_id = r.tenant_id AND c.id = r.client_id
LEFT JOIN calendars k ON k.tenant_id = r.tenant_id AND k.id = r.calendar_id
WHERE r.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A rule. Empty `kind`, no `client_id` and `priority` 0 mean any; seconds are of the calendar's open time.

    `start_seconds` None: nobody has to have begun by any time. `warn_percent` of each time is gone when it is warned;
    the manager is told `escalate_seconds` past due. Without `calendar_id` the standard calendar counts. With `ends` the
    rule of this scope ends with that day and less specific ones count again.
    """

    due_seconds: int
    effective_from: date
    reason: str
    kind: str = ""
    client_id: UUID | None = None
    priority: int = 0
    start_seconds: int | None = None
    warn_percent: int = 75
    escalate_seconds: int = 28_800
    calendar_id: UUID | None = None
    ends: bool = False


@dataclass(frozen=True, slots=True)
class ClockRuleView:
    """A rule as it was entered. `state` is in_force, ahead or past."""

    id: UUID
    kind: str
    kind_label: str
    client_id: UUID | None
    client_name: str
    priority: int
    start_seconds: int | None
    due_seconds: int
    warn_percent: int
    escalate_seconds: int
    calendar_name: str
    ends: bool
    effective_from: date
    state: str
    reason: str
    created_by_name: str


@dataclass(frozen=True, slots=True)
class KindClock:
    """What counts for a kind where no rule does, in seconds by day and night."""

    kind: str
    label: str
    start_seconds: int | None
    due_seconds: int


@door.query(Permission.CLOCKS_MANAGE)
async def list_rules(
    session: Session, *, cursor: str | None = None, limit: int = PAGE
) -> Page[ClockRuleView]:
    """Every rule ever entered, the newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_LIST} AND ($1::uuid IS NULL OR r.id < $1) ORDER BY r.id DESC LIMIT $2",
        uuid_in(cursor) if cursor else None,
        size + 1,
    )
    states = await _states(session)
    items = [_view(row, states) for row in rows[:size]]
    return Page(items, encode_cursor(str(items[-1].id)) if len(rows) > size else None)


@door.query(Permission.CLOCKS_MANAGE)
async def own_clocks(session: Session) -> list[KindClock]:
    """What each kind says of itself: it counts where no rule does."""
    return [
        KindClock(str(kind), KINDS[kind].label, own(kind).start_seconds, own(kind).due_seconds)
        for kind in KINDS
    ]


@door.command(Permission.CLOCKS_MANAGE)
async def add_rule(session: Session, facts: ClockFacts) -> ClockRuleView:
    """Enter a rule that holds for new items from its day on; open items keep their dates until they are counted anew."""
    await check(session, facts)
    identifier: UUID = await session.value(
        "INSERT INTO clock_rules (kind, client_id, priority, start_seconds, due_seconds, warn_percent, escalate_seconds,"
        " calendar_id, ends, effective_from, reason, created_by, created_by_name)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        facts.kind,
        facts.client_id,
        facts.priority,
        facts.start_seconds,
        facts.due_seconds,
        facts.warn_percent,
        facts.escalate_seconds,
        facts.calendar_id,
        facts.ends,
        facts.effective_from,
        facts.reason.strip(),
        session.actor.user_id,
        session.actor.name,
    )
    row = await session.row(f"{_LIST} AND r.id = $1", identifier)
    return _view(row, await _states(session))


async def check(session: Session, facts: ClockFacts) -> None:
    """Refuse what cannot be a rule, every fault at its field."""
    faults = Faults("clock_rule")
    if facts.kind and facts.kind not in set(Kind):
        faults.add("kind", "kind.unknown", f"Choose one of: {', '.join(Kind)}.")
    if not 0 <= facts.priority <= 5:
        faults.add("priority", "priority.out_of_range", "Choose 1 (first) to 5 (last), or 0 for any.")
    if not 1 <= facts.due_seconds <= LONGEST:
        faults.add("due_seconds", "due_seconds.out_of_range", "Give a time of up to 10,000 open hours.")
    if facts.start_seconds is not None and not 1 <= facts.start_seconds <= facts.due_seconds:
        faults.add("start_seconds", "start_seconds.out_of_range", "Give a time within that for finishing.")
    if not 1 <= facts.warn_percent <= 99:
        faults.add("warn_percent", "warn_percent.out_of_range", "Give 1 to 99 percent.")
    if not 0 <= facts.escalate_seconds <= LONGEST:
        faults.add(
            "escalate_seconds", "escalate_seconds.out_of_range", "Give a time of up to 10,000 open hours."
        )
    if not 1 <= len(facts.reason.strip()) <= 300 or "\0" in facts.reason:
        faults.add("reason", "reason.missing", "Say why in up to 300 characters, without naming a patient.")
    if facts.effective_from < await _today(session):
        faults.add(
            "effective_from", "effective_from.past", "Choose today or a later day: what was due stays so."
        )
    await _refer(session, faults, facts)
    faults.refuse()


async def _refer(session: Session, faults: Faults, facts: ClockFacts) -> None:
    if facts.client_id and not await session.value("SELECT 1 FROM clients WHERE id = $1", facts.client_id):
        faults.add("client_id", "client_id.unknown", "Choose one of your clients.")
    asked = "SELECT 1 FROM calendars WHERE id = $1 AND active"
    if facts.calendar_id and not await session.value(asked, facts.calendar_id):
        faults.add("calendar_id", "calendar_id.unknown", "Choose one of your calendars.")


def drafted(facts: ClockFacts) -> ClockRule:
    """The rule that the facts would make."""
    return ClockRule(
        uuid4(),
        facts.kind,
        facts.client_id,
        facts.priority,
        facts.start_seconds,
        facts.due_seconds,
        facts.warn_percent,
        facts.escalate_seconds,
        facts.calendar_id,
        facts.ends,
        facts.effective_from,
    )


async def _today(session: Session) -> date:
    day: date = await session.value(
        "SELECT (now() AT TIME ZONE time_zone)::date FROM tenants WHERE id = current_tenant()"
    )
    return day


async def _states(session: Session) -> dict[UUID, str]:
    """Which rules hold today and which begin later; all others are past."""
    rows = await session.fetch(
        f"SELECT {RULE} FROM clock_rules WHERE tenant_id = current_tenant() ORDER BY effective_from, id"
    )
    today, rules = await _today(session), [rule_of(row) for row in rows]
    ahead = {rule.id: "ahead" for rule in rules if rule.effective_from > today}
    return ahead | {rule.id: "in_force" for rule in in_force(rules, today)}


def _view(row: Any, states: dict[UUID, str]) -> ClockRuleView:
    label = KINDS[Kind(row["kind"])].label if row["kind"] in set(Kind) else "Any kind"
    return ClockRuleView(
        row["id"],
        row["kind"],
        label,
        row["client_id"],
        row["client_name"],
        row["priority"],
        row["start_seconds"],
        row["due_seconds"],
        row["warn_percent"],
        row["escalate_seconds"],
        row["calendar_name"],
        row["ends"],
        row["effective_from"],
        states.get(row["id"], "past"),
        row["reason"],
        row["created_by_name"],
    )
