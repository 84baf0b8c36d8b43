"""Records the history that the replay test reads: `python -m pytest tests/workflows/record_float.py`."""

import json
from datetime import timedelta

from services.workforce import float_answers
from tests.fixtures.floating import leaping, pool, process_of, the_worker, until
from tests.fixtures.tenancy import TenantFixture
from tests.workflows.histories import HISTORIES


async def test_record(north: TenantFixture, south: TenantFixture) -> None:
    """An assignment that was accepted, begun, extended and ended by itself, encrypted with the tests' key."""
    desk = await pool(north)
    async with leaping() as environment, the_worker(environment):
        begun = await desk.begun(environment)
        later = begun.line.ends_at + timedelta(days=1)
        await float_answers.extend_float(desk.lead, begun.id, later)
        await until(environment, later)
        process = process_of(environment, north, begun.id)
        await process.result()
        history = await process.fetch_history()
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / "float_extended_ended.json").write_text(json.dumps(kept, indent=1) + "\n")
