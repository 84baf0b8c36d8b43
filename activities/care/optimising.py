"""Rosters reckoned anew: read, weighed and solved off the event loop, and kept sealed until somebody wants it."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.denials.classifying import today_of
from database.care_profiles import coordinators_to_assign, patients_to_assign
from database.decision_tables import decide
from database.session import Session, tenant_session
from domain.care.assignment import FIT, WEIGHTS, Coordinator, Patient, checked_weights
from domain.care.assignment_words import parts_of
from domain.care.rostering import Problem, Solution, compare, moves_of, obstacles, problem_of
from domain.tenancy import workflow_actor
from integrations.highs import solve

WORKFLOW = "RosterOptimisation"
FOUND = "care_optimisations.found"
TABLE = "care_assignment_weights"
_KEEP = """
UPDATE care_optimisations SET status = $2, phase = '', patients = $3, coordinators = $4, moves = $5, milliseconds = $6,
    found = $7, finished_at = clock_timestamp() WHERE id = $1 AND status = 'running'
"""


@dataclass(frozen=True, slots=True)
class OptimisationTask:
    """Which reckoning of which tenant."""

    tenant_id: UUID
    optimisation_id: UUID


@dataclass(frozen=True, slots=True)
class _Given:
    patients: list[Patient]
    coordinators: list[Coordinator]
    weights: Mapping[str, float]
    weights_from: str
    wishes: Mapping[str, Any]


def workflow_id(tenant_id: UUID, optimisation_id: UUID) -> str:
    """The id of a reckoning's process."""
    return f"{tenant_id}/care_optimisation/{optimisation_id}"


@activity.defn
async def optimise_rosters(task: OptimisationTask) -> str:
    """Reckon the rosters and keep what was found; how it ended. Another attempt after that changes nothing."""
    begun = time.perf_counter()
    given = await _read(task)
    if given is None:
        return "ended"
    await _enter(task, "weighing")
    problem = await asyncio.to_thread(_problem, given)
    await _enter(task, "solving")
    found = await asyncio.to_thread(solve, problem)
    await _enter(task, "telling")
    body = await asyncio.to_thread(_told, given, problem, found)
    return await _keep(task, given, problem, found, body, int((time.perf_counter() - begun) * 1000))


@activity.defn
async def give_up_optimising(task: OptimisationTask) -> None:
    """Say that the reckoning failed; the incident tells what kept failing."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        await session.execute(
            "UPDATE care_optimisations SET status = 'failed', phase = '', finished_at = clock_timestamp()"
            " WHERE id = $1 AND status = 'running'",
            task.optimisation_id,
        )


async def _read(task: OptimisationTask) -> _Given | None:
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await session.row(
            "UPDATE care_optimisations SET phase = 'reading' WHERE id = $1 AND status = 'running' RETURNING wishes",
            task.optimisation_id,
        )
        if row is None:
            return None
        weights, source = await weights_for_rosters(session)
        patients = await patients_to_assign(session)
        coordinators = await coordinators_to_assign(session, await today_of(session))
        return _Given(patients, coordinators, weights, source, json.loads(row["wishes"]))


async def weights_for_rosters(session: Session) -> tuple[dict[str, float], str]:
    """The weights in force for whole rosters, and where they are written; empty for the usual."""
    facts = {"client_npi": None, "programme": None, "target": "rosters"}
    made = await decide(session, TABLE, facts, default=dict(WEIGHTS))
    return checked_weights(made.value), f"version {made.version}, row {made.row}" if made.row else ""


async def _enter(task: OptimisationTask, phase: str) -> None:
    activity.heartbeat(phase)
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        await session.execute(
            "UPDATE care_optimisations SET phase = $2 WHERE id = $1 AND status = 'running'",
            task.optimisation_id,
            phase,
        )


def _problem(given: _Given) -> Problem:
    return problem_of(
        given.patients,
        given.coordinators,
        given.weights,
        most_moves=given.wishes.get("most_moves"),
        only_unassigned=bool(given.wishes.get("only_unassigned")),
    )


def _told(given: _Given, problem: Problem, found: Solution) -> dict[str, Any]:
    """What was found as it is kept: the rows that change with their reasons, the rosters, and what is in the way."""
    compared = compare(given.patients, given.coordinators, problem, found.chosen)
    return {
        "rows": _rows(given, found.chosen),
        "rosters": [asdict(one) | {"coordinator_id": str(one.coordinator_id)} for one in compared.rosters],
        "languages": [compared.languages_needed, compared.languages_before, compared.languages_after],
        "costs": [round(compared.cost_before), round(compared.cost_after), round(found.bound)],
        "obstacles": [asdict(one) for one in obstacles(given.patients, given.coordinators, problem, found)],
        "weights_from": given.weights_from,
    }


def _rows(given: _Given, chosen: Sequence[int | None]) -> list[dict[str, Any]]:
    people = {one.id: one for one in given.coordinators}
    rows = []
    for patient, to in zip(given.patients, chosen, strict=True):
        if to is None or given.coordinators[to].id == patient.coordinator_id:
            continue
        new, old = (
            given.coordinators[to],
            people.get(patient.coordinator_id) if patient.coordinator_id else None,
        )
        rows.append(
            {
                "enrolment_id": str(patient.id),
                "from": str(patient.coordinator_id) if patient.coordinator_id else None,
                "to": str(new.id),
                "why": _gains(patient, old, new, given.weights),
            }
        )
    return rows


def _gains(
    patient: Patient, old: Coordinator | None, new: Coordinator, weights: Mapping[str, float]
) -> list[str]:
    """What is better there, the weightiest first; where nothing is, the loads are."""
    before = {one.code: one.cost for one in parts_of(patient, old, weights)} if old else {}
    parts = [one for one in parts_of(patient, new, weights) if one.code in FIT]
    better = [one for one in parts if (before.get(one.code, 0.0) > one.cost if old else one.favours)]
    better.sort(key=lambda one: one.cost - before.get(one.code, one.weight * 100))
    words = [one.words for one in better[:3]]
    if old and _filled(new) < _filled(old):
        words.append(f"{old.name} carries {_filled(old)} % of what they can, {new.name} {_filled(new)} %")
    return words


def _filled(one: Coordinator) -> int:
    """How much of what somebody can carry they carry, by risk, in per cent."""
    return 100 * one.load // one.capacity if one.capacity else 100


async def _keep(
    task: OptimisationTask,
    given: _Given,
    problem: Problem,
    found: Solution,
    body: Mapping[str, Any],
    milliseconds: int,
) -> str:
    status = "impossible" if body["obstacles"] else "done"
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        await session.execute(
            _KEEP,
            task.optimisation_id,
            status,
            len(given.patients),
            sum(not one.blocked for one in given.coordinators),
            moves_of(problem, found.chosen),
            milliseconds,
            (await session.key()).seal_json(FOUND, dict(body)),
        )
    return status
