"""Records the history that the replay test reads: `python -m pytest tests/workflows/record_learning.py`."""

import json

from tests.fixtures.exchange import Exchange
from tests.workflows.histories import HISTORIES
from tests.workflows.test_denial_learning import learned


async def test_record(here: Exchange) -> None:
    """Learn once and keep the history as it is, encrypted with the tests' key."""
    history = await learned(here)
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / "denial_learning.json").write_text(json.dumps(kept, indent=1) + "\n")
