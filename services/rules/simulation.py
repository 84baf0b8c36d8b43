"""Simulations: what a draft would have decided on the last days. Nothing is written to what was decided about."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from activities.rules.past import FROM_CLAIMS
from activities.rules.simulating import work_portion
from database.decision_engine import Broken, compiled
from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid
from domain.rules.catalogue import TableKind
from domain.rules.grid import as_json
from domain.rules.simulation import AT_ONCE, MOST_DAYS
from policies.permissions import Permission
from services import door
from services.rules.drafts import draft_view, table_kind
from services.rules.table_views import grid_of

_SELECT = "SELECT * FROM rule_simulations WHERE tenant_id = current_tenant()"


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many decisions came to one outcome then and would come to another with the draft."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class SimulationExample:
    """One decision that would have been another: about what, and the rows that were and would be met."""

    decided_at: datetime
    subject_type: str
    subject_id: UUID | None
    reference: str
    before: str
    after: str
    rows_before: list[int]
    rows_after: list[int]


@dataclass(frozen=True, slots=True)
class SimulationView:
    """A run and where it stands. `unanswered`: the draft asks for facts that were not kept with those decisions;
    `draft_version` is the draft's ETag when it began; `source` claims: nothing was decided in those days, so that the facts
    were rebuilt from claims captured then."""

    id: UUID
    table: str
    status: str
    days: int
    since: datetime
    until: datetime
    draft_version: int
    source: str
    total: int
    done: int
    changed: int
    unanswered: int
    outcomes: list[OutcomeCount]
    examples: list[SimulationExample]
    started_by_name: str
    started_at: datetime
    finished_at: datetime | None


async def _shown(session: Session, simulation_id: UUID) -> SimulationView:
    """The run as it stands, with its examples."""
    row = await session.row(f"{_SELECT} AND id = $1", simulation_id)
    examples = await session.fetch(
        "SELECT e.*, coalesce(c.reference, w.title, '') AS reference FROM rule_simulation_examples e"
        " LEFT JOIN claims c ON e.subject_type = 'claim' AND c.tenant_id = e.tenant_id AND c.id = e.subject_id"
        " LEFT JOIN work_items w ON e.subject_type = 'work_item' AND w.tenant_id = e.tenant_id AND w.id = e.subject_id"
        " WHERE e.tenant_id = current_tenant() AND e.simulation_id = $1 ORDER BY e.id",
        simulation_id,
    )
    return _view(row, examples)


@door.answering(Permission.RULES_VIEW, _shown)
async def simulate(session: Session, code: str, days: int = 30) -> UUID:
    """Ask the draft what was decided on the last days: at once when that is little, else as a process that can be left."""
    kind = table_kind(code)
    if not kind.inputs:
        raise Conflict(
            "simulation.nothing_asked",
            "This table is read whole: it decides nothing that could be asked again.",
            "Compare its versions instead.",
        )
    if not 1 <= days <= MOST_DAYS:
        fault = FieldError("days", "days.out_of_range", f"Choose 1 to {MOST_DAYS} days.")
        raise Invalid(
            "simulation.days", "Decisions of so long ago are not asked.", fault.message, fields=(fault,)
        )
    until = datetime.now(UTC)
    since = until - timedelta(days=days)
    content, version = await _content(session, kind)
    source, total = await _source(session, kind, since, until)
    simulation_id: UUID = await session.value(
        "INSERT INTO rule_simulations (tenant_id, table_code, content, draft_version, days, since, until, source, total,"
        " started_by, started_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        session.tenant_id,
        kind.code,
        content,
        version,
        days,
        since,
        until,
        source,
        total,
        session.actor.user_id,
        session.actor.name,
    )
    await _begin(session, simulation_id, total)
    return simulation_id


async def _source(session: Session, kind: TableKind, since: datetime, until: datetime) -> tuple[str, int]:
    """From where the facts come, and how many questions there are: kept decisions, else what can be rebuilt."""
    decisions: int = await session.value(
        "SELECT count(*) FROM rule_decisions WHERE tenant_id = current_tenant() AND table_code = $1 AND at >= $2 AND at < $3",
        kind.code,
        since,
        until,
    )
    if decisions or kind.code not in FROM_CLAIMS:
        return "decisions", decisions
    claims: int = await session.value(
        "SELECT count(*) FROM claims WHERE tenant_id = current_tenant() AND created_at >= $1 AND created_at < $2",
        since,
        until,
    )
    return "claims", claims


async def _begin(session: Session, simulation_id: UUID, total: int) -> None:
    if total <= AT_ONCE:
        while (await work_portion(session, simulation_id)).left:
            pass
        return
    await session.tell(
        "start",
        f"{session.tenant_id}/simulation/{simulation_id}",
        "",
        {"tenant_id": session.tenant_id, "simulation_id": simulation_id},
        workflow="RuleSimulation",
    )


@door.query(Permission.RULES_VIEW)
async def list_simulations(session: Session, code: str, *, limit: int = 5) -> list[SimulationView]:
    """The latest runs of a table, the newest first, without their examples."""
    rows = await session.fetch(
        f"{_SELECT} AND table_code = $1 ORDER BY id DESC LIMIT $2",
        table_kind(code).code,
        max(1, min(limit, 50)),
    )
    return [_view(row, []) for row in rows]


@door.query(Permission.RULES_VIEW, of="rule_simulations")
async def get_simulation(session: Session, simulation_id: UUID) -> SimulationView:
    """One run with its counts and up to 50 examples."""
    return await _shown(session, simulation_id)


@door.command(Permission.RULES_VIEW, of="rule_simulations")
async def stop_simulation(session: Session, simulation_id: UUID) -> SimulationView:
    """End a run; what was counted so far stays."""
    stopped = await session.execute(
        "UPDATE rule_simulations SET status = 'stopped', finished_at = clock_timestamp()"
        " WHERE id = $1 AND status = 'running'",
        simulation_id,
    )
    if not stopped:
        raise Conflict("simulation.ended", "This run has ended already.", "Start another one.")
    return await _shown(session, simulation_id)


async def _content(session: Session, kind: TableKind) -> tuple[str, int]:
    """The draft's grid as it stands; refused while it cannot decide, naming the cell."""
    draft = await draft_view(session, kind)
    grid = grid_of(kind, draft.grid)
    try:
        compiled(kind, grid)
    except Broken as broken:
        fault = FieldError("grid", f"table.{broken.code}", f"{broken.place}: {broken.message}")
        raise Invalid(
            "simulation.broken", "The draft cannot decide.", fault.message, fields=(fault,)
        ) from None
    return json.dumps(as_json(grid)), draft.version


def _view(row: Any, examples: list[Any]) -> SimulationView:
    names = (
        "id", "status", "days", "since", "until", "draft_version", "source", "total", "done", "changed", "unanswered",
        "started_by_name", "started_at", "finished_at",
    )  # fmt: skip
    return SimulationView(
        **{name: row[name] for name in names},
        table=row["table_code"],
        outcomes=[OutcomeCount(**one) for one in json.loads(row["outcomes"])],
        examples=[
            SimulationExample(
                one["decided_at"], one["subject_type"], one["subject_id"], one["reference"], one["before"],
                one["after"], list(one["rows_before"]), list(one["rows_after"]),
            )
            for one in examples
        ],
    )  # fmt: skip
