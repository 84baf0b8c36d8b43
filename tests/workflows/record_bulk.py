"""Records the history that the replay test reads: `python -m pytest tests/workflows/record_bulk.py`."""

import json

from tests.fixtures.tenancy import TenantFixture
from tests.workflows.histories import HISTORIES
from tests.workflows.test_bulk_work import ITEMS, many, worked


async def test_record(north: TenantFixture) -> None:
    """Run once over several portions and keep the history as it is, encrypted with the tests' key."""
    await many(north, ITEMS)
    history = await worked(north, await north.actor("Biller"))
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / "bulk_taken.json").write_text(json.dumps(kept, indent=1) + "\n")
