"""A simulation, portion by portion: kept decisions asked again of a draft. Nothing is written but the run's own result."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.rules.past import Past, past_of
from database.decision_engine import Broken, Compiled, Met, compiled
from database.session import Session, tenant_session
from domain.rules.catalogue import TABLES
from domain.rules.grid import from_json
from domain.rules.simulation import EXAMPLES, outcome, tally_of
from domain.tenancy import workflow_actor

PORTION = 250
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
    past: Past
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
    asked = await past_of(session, run, kind, PORTION)
    tally, examples, unanswered = tally_of(json.loads(run["outcomes"])), [], 0
    for one in asked:
        answered = _asked_again(draft, one.facts)
        if answered is None:
            unanswered += 1
            continue
        before, after = outcome(kind, one.answers), outcome(kind, answered.values)
        tally.add(before, after)
        if before != after:
            examples.append(_Example(one, before, after, answered.rows))
    await _keep_examples(session, simulation_id, examples, EXAMPLES - min(run["changed"], EXAMPLES))
    left = len(asked) == PORTION
    await session.execute(
        _KEEP,
        simulation_id,
        len(asked),
        len(examples),
        unanswered,
        json.dumps(tally.stored()),
        asked[-1].id if asked else run["position"],
        "running" if left else "done",
    )
    return SimulationProgress(run["done"] + len(asked), left)


def _asked_again(draft: Compiled, facts: Mapping[str, Any]) -> Met | None:
    """What the draft answers; None when it asks for a fact that was not kept then."""
    try:
        return draft.decide(facts)
    except Broken:
        return None


async def _keep_examples(session: Session, simulation_id: UUID, examples: list[_Example], room: int) -> None:
    names = ("tenant_id", "simulation_id", "decided_at", "subject_type", "subject_id", "before", "after")
    await session.copy(
        "rule_simulation_examples",
        (*names, "rows_before", "rows_after"),
        [
            (
                session.tenant_id,
                simulation_id,
                one.past.at,
                one.past.subject_type,
                one.past.subject_id,
                one.before,
                one.after,
                list(one.past.rows),
                list(one.rows_after),
            )
            for one in examples[:room]
        ],
    )
