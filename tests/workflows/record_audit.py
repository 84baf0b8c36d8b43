"""Records the history that the replay test reads: `python -m pytest tests/workflows/record_audit.py`."""

import json

from services.quality import results
from tests.fixtures.audits import leaping, office, process_of
from tests.fixtures.exchange import Exchange
from tests.workflows.histories import HISTORIES


async def test_record(here: Exchange) -> None:
    """An audit from its plan to the decision of a third person, kept as it is, encrypted with the tests' key."""
    desk = await office(here)
    async with leaping() as environment:
        told = await desk.completed()
        await results.dispute(desk.biller, told.id, "The note says two units.")
        await results.decide(desk.lead, told.id, "The finding stands.")
        process = process_of(environment, here, told.id)
        await process.result()
        history = await process.fetch_history()
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / "audit_disputed.json").write_text(json.dumps(kept, indent=1) + "\n")
