"""Records the history that the replay test reads: `python -m pytest tests/workflows/record_simulation.py`."""

import json

from tests.fixtures.tenancy import TenantFixture
from tests.workflows.histories import HISTORIES
from tests.workflows.test_rule_simulation import simulated


async def test_record(north: TenantFixture) -> None:
    """Run once over several portions and keep the history as it is, encrypted with the tests' key."""
    history = await simulated(north)
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / "rules_simulated.json").write_text(json.dumps(kept, indent=1) + "\n")
