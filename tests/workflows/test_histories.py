"""Recorded histories replay, and the order of commands is the recorded one: a new order is an event that needs a patch."""

import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from integrations.temporal import data_converter
from tests.fixtures.lifecycle import Walk
from tests.fixtures.tenancy import MASTER_KEY
from tests.workflows.histories import HISTORIES, commands, history_of
from tests.workflows.recordings import SCENARIOS, TIMED_BY_OTHERS
from workflows.registry import WORKFLOWS

pytestmark = pytest.mark.slow

ALL = [one for queue in WORKFLOWS.values() for one in queue]
FILES = sorted(HISTORIES.glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_a_recorded_history_replays(file: Path) -> None:
    recorded = json.loads(file.read_text())
    history = WorkflowHistory.from_json(recorded["workflow_id"], recorded["history"])
    await Replayer(workflows=ALL, data_converter=data_converter(MASTER_KEY)).replay_workflow(history)


def test_every_workflow_has_a_recorded_history() -> None:
    started = [json.loads(file.read_text())["history"]["events"][0] for file in FILES]
    kinds = {one["workflowExecutionStartedEventAttributes"]["workflowType"]["name"] for one in started}
    assert kinds == {one.__name__ for one in ALL}


def test_every_scenario_is_recorded() -> None:
    assert set(SCENARIOS) <= {file.stem for file in FILES}


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - TIMED_BY_OTHERS))
async def test_the_order_of_commands_is_the_recorded_one(walk: Walk, other_walk: Walk, name: str) -> None:
    recorded = json.loads((HISTORIES / f"{name}.json").read_text())["history"]
    assert commands(await history_of(await SCENARIOS[name](walk))) == commands(recorded)
