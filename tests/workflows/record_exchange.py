"""Records the histories that the replay test reads: `python -m pytest tests/workflows/record_exchange.py`."""

import json

import pytest

from tests.fixtures.lifecycle import Walk
from tests.workflows.histories import HISTORIES, history_of
from tests.workflows.recordings import SCENARIOS


@pytest.mark.parametrize("name", SCENARIOS)
async def test_record(walk: Walk, name: str) -> None:
    """Play one scenario and keep its history as it is, encrypted with the tests' key."""
    process = await SCENARIOS[name](walk)
    kept = {"workflow_id": process.id, "history": await history_of(process)}
    (HISTORIES / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
