"""Every workflow is a declared process: recorded, drawn as its code goes, and with its clocks tried on leaping time."""

import ast
import inspect
import json
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest

from activities.registry import ACTIVITIES
from domain.process_model import Process, draw
from domain.processes import PROCESSES, parts_of
from ui.work.history import PRODUCT, who_did
from workflows.registry import WORKFLOWS

ROOT = Path(__file__).parent.parent
HISTORIES = ROOT / "data" / "histories"
ALL = sorted((one for queue in WORKFLOWS.values() for one in queue), key=lambda one: one.__name__)
NAMES = frozenset(one.__name__ for queue in ACTIVITIES.values() for one in queue)
# Kinds that run a workflow under a second name.
ALSO = {"look": "poll"}
_TIMER = re.compile(r"(?<![a-z_])(?:sleep\(|timeout=)")


@cache
def recorded() -> dict[str, set[str]]:
    """The kinds of the recorded workflow ids by the workflow's name."""
    kinds: dict[str, set[str]] = {}
    for file in HISTORIES.glob("*.json"):
        kept = json.loads(file.read_text())
        began = kept["history"]["events"][0]["workflowExecutionStartedEventAttributes"]
        kinds.setdefault(began["workflowType"]["name"], set()).add(parts_of(kept["workflow_id"])[1])
    return kinds


def processes_of(workflow: type) -> list[Process]:
    return [PROCESSES[kind] for kind in sorted(recorded().get(workflow.__name__, set())) if kind in PROCESSES]


@pytest.mark.parametrize("workflow", ALL, ids=lambda one: one.__name__)
def test_a_workflow_has_a_recorded_history_and_is_a_declared_process(workflow: type) -> None:
    kinds = recorded().get(workflow.__name__)
    assert kinds, (
        f"{workflow.__name__}: record its history in tests/data/histories (tests/workflows/record_*.py)"
    )
    undeclared = kinds - set(PROCESSES)
    assert not undeclared, f"{workflow.__name__}: declare {undeclared} in domain/processes.py"


def test_what_a_process_did_is_told_as_the_products() -> None:
    assert {who_did(one.__name__) for one in ALL} == {PRODUCT}


def test_every_declared_process_is_one_that_runs() -> None:
    kinds = {kind for found in recorded().values() for kind in found}
    assert {ALSO.get(kind, kind) for kind in PROCESSES} - {ALSO.get(kind, kind) for kind in kinds} == set()


@pytest.mark.parametrize("process", PROCESSES.values(), ids=lambda one: one.kind)
def test_a_diagram_has_every_step_once_and_a_way_to_it(process: Process) -> None:
    codes = [one.code for one in process.steps]
    assert len(codes) == len(set(codes))
    for named in (process.failures, process.ends, process.side, {c for way in process.arrows for c in way}):
        assert named <= set(codes), f"{process.kind}: {named - set(codes)} is no step"
    assert set(process.words) <= set(process.arrows)
    reached, ends = {process.steps[0].code}, {start for start, _ in process.arrows}
    for _ in codes:
        reached |= {end for start, end in process.arrows if start in reached}
    # A way out of every step is drawn only from where it was taken.
    assert set(codes) - reached <= process.ends, f"{process.kind}: no way leads to {set(codes) - reached}"
    assert set(codes) - ends - process.ends == set(), (
        f"{process.kind}: no way leads out of a step that is no end"
    )
    for code in codes:
        assert f'{code}["' in draw(process, code, codes)


@pytest.mark.parametrize("process", PROCESSES.values(), ids=lambda one: one.kind)
def test_a_process_is_tied_to_its_code_by_a_column_or_by_its_activities(process: Process) -> None:
    loose = [one.code for one in process.steps if one.waits_for == "machine" and not one.activities]
    tied = bool(process.states) or set(loose) <= process.ends
    assert tied, f"{process.kind}: name the column of its steps (states=), or the activities of {loose}"


@pytest.mark.parametrize(
    "process", [one for one in PROCESSES.values() if one.states], ids=lambda one: one.kind
)
async def test_the_states_that_the_database_takes_are_the_steps_of_the_diagram(
    house: asyncpg.Connection, process: Process
) -> None:
    table, _, column = process.states.partition(".")
    rows = await house.fetch(
        "SELECT pg_get_constraintdef(oid) AS words FROM pg_constraint WHERE contype = 'c' AND conrelid = $1::text::regclass",
        table,
    )
    listed = [
        set(re.findall(r"'([a-z0-9_]+)'::text", row["words"]))
        for row in rows
        if re.match(rf"CHECK \(\({column} = ANY", row["words"])
    ]
    assert listed == [{one.code for one in process.steps}], (
        f"{process.states} takes other states than are drawn"
    )


@pytest.mark.parametrize("workflow", ALL, ids=lambda one: one.__name__)
def test_what_a_process_runs_is_what_its_steps_name(workflow: type) -> None:
    for process in processes_of(workflow):
        named = {activity for one in process.steps for activity in one.activities}
        if named:
            assert named == _activities(workflow), (
                f"{process.kind}: its steps name other activities than it runs"
            )


@pytest.mark.parametrize("workflow", ALL, ids=lambda one: one.__name__)
def test_a_workflow_that_waits_by_the_clock_is_tried_on_time_that_leaps(workflow: type) -> None:
    if not _TIMER.search(inspect.getsource(workflow)):
        return
    leaping = [
        file.name for file in (ROOT / "workflows").glob("test_*.py") if _leaps(_with_fixtures(file), workflow)
    ]
    assert leaping, f"{workflow.__name__}: no test in tests/workflows lets its time leap"


def _with_fixtures(file: Path) -> str:
    """A test file and the fixtures that it imports."""
    text = file.read_text()
    named = sorted(set(re.findall(r"^from tests\.fixtures\.(\w+) import", text, re.MULTILINE)))
    return "\n".join([text, *((ROOT / "fixtures" / f"{name}.py").read_text() for name in named)])


def _leaps(text: str, workflow: type) -> bool:
    """Whether a test starts the server whose clock is ours, moves it, and speaks of the workflow."""
    return "leaping_server()" in text and ".sleep(" in text and workflow.__name__.lower() in text.lower()


def _activities(workflow: type) -> set[str]:
    """The activities that a workflow refers to, also through functions of its module."""
    module = inspect.getmodule(workflow)
    assert isinstance(module, ModuleType)
    functions = {
        node.name: node
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
    }
    tree = ast.parse(inspect.getsource(workflow))
    found = _names(tree)
    for name in found & set(functions):
        found |= _names(functions[name])
    return found & NAMES


def _names(tree: Any) -> set[str]:
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    }
