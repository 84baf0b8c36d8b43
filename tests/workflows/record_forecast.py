"""Records the history that the replay test reads: `python -m pytest tests/workflows/record_forecast.py`."""

import json

from tests.fixtures.exchange import Exchange
from tests.workflows.histories import HISTORIES
from tests.workflows.test_care_forecast import recorded


async def test_record(here: Exchange) -> None:
    """Forecast once and keep the history as it is, encrypted with the tests' key."""
    history = await recorded(here)
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / "care_forecast.json").write_text(json.dumps(kept, indent=1) + "\n")
