"""A simulation, portion by portion: kept decisions asked again of a draft. Nothing is written but the run's own result."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from temporalio import activity

from database.decision_engine import Broken, Compiled, Met, compiled
from database.session import Session, tenant_session
from domain.rules.catalogue import TABLES, TableKind
from domain.rules.columns import CellFault
from domain.rules.grid import from_json
from domain.rules.simulation import EXAMPLES, outcome, tally_of
from domain.tenancy import workflow_actor

PORTION = 250
_DECISIONS = """
SELECT id, origin, version, met, facts, value, subject_type, subject_id, at FROM rule_decisions
WHERE tenant_id = current_tenant() AND table_code = $1 AND at >= $2 AND at < $3
    AND ($4::uuid IS NULL OR (at, id) > ($2, $4)) ORDER BY at, id LIMIT $5
"""
_VERSIONS = """
SELECT 'own' AS origin, version, content FROM rule_versions WHERE tenant_id = current_tenant() AND table_code = $1
    AND version = ANY($2::integer[])
UNION ALL SELECT 'global', version, content FROM global_rule_versions WHERE table_code = $1 AND version = ANY($2::integer[])
"""
_KEEP = """
UPDATE rule_simulations SET done = done + $2, changed = changed + $3, unanswered = unanswered + $4, outcomes = $5,
    position = $6, status = $7, finished_at = CASE WHEN $7 = 'done' THEN clock_timestamp() END WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class SimulationTask:
    """Which run of which tenant."""

    tenant_id: UUID
    simulation_id: UUID


@dataclass(frozen=True, slots=True)
class SimulationProgress:
    """Where a run stands after a portion."""

    done: int
    left: bool


@dataclass(frozen=True, slots=True)
class _Example:
    row: Any
    before: str
    after: str
    rows_after: tuple[int, ...]


@activity.defn
async def simulate_portion(task: SimulationTask) -> SimulationProgress:
    """Ask the next decisions again in one transaction with their count, so that another attempt counts none twice."""
    async with tenant_session(workflow_actor(task.tenant_id, "RuleSimulation")) as session:
        return await work_portion(session, task.simulation_id)


async def work_portion(session: Session, simulation_id: UUID) -> SimulationProgress:
    """The next portion inside an open session; does nothing when the run has ended."""
    run = await session.row("SELECT * FROM rule_simulations WHERE id = $1 FOR UPDATE", simulation_id)
    if run["status"] != "running":
        return SimulationProgress(run["done"], False)
    kind = TABLES[run["table_code"]]
    draft = compiled(kind, from_json(json.loads(run["content"])))
    last = await session.value("SELECT at FROM rule_decisions WHERE id = $1", run["position"])
    since = last or run["since"]
    rows = await session.fetch(_DECISIONS, run["table_code"], since, run["until"], run["position"], PORTION)
    versions = await _versions(session, kind, {row["version"] for row in rows} - {None})
    tally, examples, unanswered = tally_of(json.loads(run["outcomes"])), [], 0
    for row in rows:
        answered = _asked_again(draft, json.loads(row["facts"]))
        if answered is None:
            unanswered += 1
            continue
        before, after = outcome(kind, _before(row, versions)), outcome(kind, answered.values)
        tally.add(before, after)
        if before != after:
            examples.append(_Example(row, before, after, answered.rows))
    await _keep_examples(session, simulation_id, examples, EXAMPLES - min(run["changed"], EXAMPLES))
    left = len(rows) == PORTION
    await session.execute(
        _KEEP,
        simulation_id,
        len(rows),
        len(examples),
        unanswered,
        json.dumps(tally.stored()),
        rows[-1]["id"] if rows else run["position"],
        "running" if left else "done",
    )
    return SimulationProgress(run["done"] + len(rows), left)


def _asked_again(draft: Compiled, facts: Mapping[str, Any]) -> Met | None:
    """What the draft answers; None when it asks for a fact that was not kept then."""
    try:
        return draft.decide(facts)
    except Broken:
        return None


def _before(row: Any, versions: Mapping[tuple[str, int], Compiled]) -> list[Mapping[str, Any]]:
    """What the rows that were met then answered; the kept answer where that version can no longer be read."""
    if not row["met"]:
        return []
    then = versions.get((row["origin"], row["version"]))
    if then is not None and max(row["met"]) <= len(then.rules):
        return [then.rules[number - 1].answers for number in row["met"]]
    kept = json.loads(row["value"])
    return kept if isinstance(kept, list) else [kept]


async def _versions(session: Session, kind: TableKind, numbers: set[int]) -> dict[tuple[str, int], Compiled]:
    found = {}
    for row in await session.fetch(_VERSIONS, kind.code, sorted(numbers)):
        try:
            found[(row["origin"], row["version"])] = compiled(kind, from_json(json.loads(row["content"])))
        except (Broken, CellFault):
            continue  # what it answered then was kept with the decision
    return found


async def _keep_examples(session: Session, simulation_id: UUID, examples: list[_Example], room: int) -> None:
    names = ("tenant_id", "simulation_id", "decided_at", "subject_type", "subject_id", "before", "after")
    await session.copy(
        "rule_simulation_examples",
        (*names, "rows_before", "rows_after"),
        [
            (
                session.tenant_id,
                simulation_id,
                one.row["at"],
                one.row["subject_type"],
                one.row["subject_id"],
                one.before,
                one.after,
                list(one.row["met"]),
                list(one.rows_after),
            )
            for one in examples[:room]
        ],
    )
