"""The clocks of work items as they are to be set: the rules and calendars in force are read once for many items.

`sql/82_clocks.sql` holds the schema; a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.decision_tables import Asked, Decision, decide_all
from database.decision_tables import in_force as in_force_tables
from database.session import Session
from database.workforce_reads import calendar_of
from domain.business_time import BusinessCalendar
from domain.work_clocks import Clock, ClockRule, Durations, clock, in_force, most_specific, own
from domain.work_kinds import Kind

TABLE = "clocks"
RULE = (
    "id, kind, client_id, priority, start_seconds, due_seconds, warn_percent, escalate_seconds, calendar_id, ends,"
    " effective_from"
)
_RULES = f"""
SELECT {RULE}, (SELECT time_zone FROM tenants WHERE id = current_tenant()) AS zone FROM clock_rules
WHERE tenant_id = current_tenant() ORDER BY effective_from, id
"""
_OF_REMITTANCE = """(SELECT c.client_id FROM remittance_claims r
    JOIN claims c ON c.tenant_id = r.tenant_id AND c.id = r.claim_id
    WHERE r.tenant_id = current_tenant() AND r.id = t.id)"""


def _column(table: str) -> str:
    return f"(SELECT o.client_id FROM {table} o WHERE o.tenant_id = current_tenant() AND o.id = t.id)"


# Whose work an item about such a thing is.
_CLIENT_OF: Mapping[str, str] = {
    "client": "t.id",
    "claim": _column("claims"),
    "patient": _column("patients"),
    "enrolment": _column("enrolments"),
    "care_enrolment": _column("care_enrolments"),
    "care_patient_month": _column("care_patient_months"),
    "appeal": """(SELECT c.client_id FROM appeals a JOIN claims c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
        WHERE a.tenant_id = current_tenant() AND a.id = t.id)""",
    "remittance_claim": _OF_REMITTANCE,
    "remittance_lines": _OF_REMITTANCE,
}
_CLIENTS = (
    "SELECT t.type, t.id, CASE t.type "
    + " ".join(f"WHEN '{subject}' THEN {client}" for subject, client in _CLIENT_OF.items())
    + " END AS client_id FROM unnest($1::text[], $2::uuid[]) AS t (type, id)"
)

Subject = tuple[str, UUID]
"""The type and the id of what an item is about."""


@dataclass(frozen=True, slots=True)
class Timed:
    """An item whose clocks are asked for. `due_at` is given where its opener or a person set it."""

    kind: Kind
    client_id: UUID | None
    priority: int
    opened_at: datetime
    due_at: datetime | None = None


async def due_dates(
    session: Session, kind: Kind | str, client_id: UUID | None, priority: int, opened_at: datetime
) -> tuple[datetime | None, datetime]:
    """By when (aware) an item opened at that moment is to be begun, None when it has no such clock, and finished."""
    found = (await clocks(session, [Timed(Kind(kind), client_id, priority, opened_at)]))[0]
    return found.start_by, found.due_at


async def clocks(session: Session, items: Sequence[Timed], rules: "Rules | None" = None) -> list[Clock]:
    """The clocks of many items, in their order, by the rules in force. What they share is read and reckoned once."""
    rules = rules or await Rules.read(session)
    made = await _by_table(session, items)
    known: dict[tuple[Durations, datetime, datetime | None], Clock] = {}
    found = []
    for item, decision in zip(items, made, strict=True):
        durations = await rules.durations(session, item.kind, item.client_id, item.priority)
        if decision is not None and decision.row is not None:
            durations = decided(durations, decision, await rules.calendar(session, None))
        key = (durations, item.opened_at, item.due_at)
        known[key] = known.get(key) or clock(*key)
        found.append(known[key])
    return found


async def _by_table(session: Session, items: Sequence[Timed]) -> Sequence[Decision | None]:
    """What a published table of clocks says of each; it stands before the rules."""
    if not await in_force_tables(session, TABLE):
        return [None] * len(items)
    rows = await session.fetch(
        "SELECT id, npi FROM clients WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[])",
        list({item.client_id for item in items if item.client_id}),
    )
    numbers = {row["id"]: row["npi"] for row in rows}
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()")
    asked = [
        Asked(
            {
                "kind": str(item.kind),
                "client_npi": numbers.get(item.client_id),
                "priority": item.priority,
                "opened_on": item.opened_at.astimezone(ZoneInfo(zone)).date().isoformat(),
            },
            {},
        )
        for item in items
    ]
    return await decide_all(session, TABLE, asked)


def decided(durations: Durations, decision: Decision, standard: BusinessCalendar) -> Durations:
    """The durations with what a row of the table says instead: hours of the calendar of the rule, else the standard one."""
    due, start, warn = (
        None if decision.value.get(name) is None else round(float(decision.value[name]) * 3600)
        for name in ("complete_hours", "start_hours", "warning_hours")
    )
    # A kind's own days are counted by day and night; hours for the whole of the work are open hours.
    calendar = durations.calendar if durations.source or due is None else standard
    due_seconds = max(due, 1) if due is not None else durations.due_seconds
    share = durations.warn_share if warn is None else max(due_seconds - warn, 0) / due_seconds
    return replace(
        durations,
        start_seconds=durations.start_seconds if start is None else start or None,
        due_seconds=due_seconds,
        warn_share=share,
        calendar=calendar,
        source=f"table:{decision.origin}:{decision.version}:{decision.row}",
    )


async def clients_of(session: Session, subjects: Sequence[Subject]) -> dict[Subject, UUID | None]:
    """Whose work each subject is, in one query; those that belong to no client are left out."""
    asked = sorted({one for one in subjects if one[0] in _CLIENT_OF})
    if not asked:
        return {}
    kinds, identifiers = [one[0] for one in asked], [one[1] for one in asked]
    rows = await session.fetch(_CLIENTS, kinds, identifiers)
    return {(row["type"], row["id"]): row["client_id"] for row in rows}


class Rules:
    """The rules in force, and the calendars that they name, each read once."""

    def __init__(self, rules: list[ClockRule]) -> None:
        self.rules = rules
        self._calendars: dict[UUID | None, BusinessCalendar] = {}
        self._durations: dict[tuple[Kind, UUID | None, int], Durations] = {}

    @classmethod
    async def read(cls, session: Session, draft: ClockRule | None = None) -> "Rules":
        """Those that hold today where the tenant is, and `draft` as if it held already."""
        rows = await session.fetch(_RULES)
        if not rows:
            return cls([draft] if draft and not draft.ends else [])
        today = datetime.now(UTC).astimezone(ZoneInfo(rows[0]["zone"])).date()
        rules = in_force([rule_of(row) for row in rows], today)
        if draft:
            rules = [one for one in rules if one.scope != draft.scope] + ([] if draft.ends else [draft])
        return cls(rules)

    async def durations(
        self, session: Session, kind: Kind, client_id: UUID | None, priority: int
    ) -> Durations:
        """What holds for items of that kind, client and priority."""
        key = (kind, client_id, priority)
        if key not in self._durations:
            rule = most_specific(self.rules, kind, client_id, priority)
            self._durations[key] = own(kind) if rule is None else await self._of(session, rule)
        return self._durations[key]

    async def calendar(self, session: Session, calendar_id: UUID | None) -> BusinessCalendar:
        """The calendar, None the standard one, read once."""
        if calendar_id not in self._calendars:
            self._calendars[calendar_id] = await calendar_of(session, calendar_id)
        return self._calendars[calendar_id]

    async def _of(self, session: Session, rule: ClockRule) -> Durations:
        return Durations(
            rule.start_seconds,
            rule.due_seconds,
            rule.warn_percent / 100,
            rule.escalate_seconds,
            await self.calendar(session, rule.calendar_id),
            f"rule:{rule.id}",
        )


def rule_of(row: Any) -> ClockRule:
    """A row of `clock_rules` with the columns of RULE first."""
    return ClockRule(*row[: len(ClockRule.__slots__)])
