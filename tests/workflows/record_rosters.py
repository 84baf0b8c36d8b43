"""Records the histories that the replay test reads: `python -m pytest tests/workflows/record_rosters.py`."""

import json
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from services.care import optimising
from services.care.optimising import OptimisationFacts
from tests.fixtures.approving import leaping
from tests.fixtures.denied import today
from tests.fixtures.exchange import Exchange
from tests.fixtures.rosters import rosters_of
from tests.workflows.histories import HISTORIES


async def _keep(environment: WorkflowEnvironment, identifier: str, name: str) -> None:
    process: WorkflowHandle[Any, Any] = environment.client.get_workflow_handle(identifier)
    await process.result()
    history = await process.fetch_history()
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")


async def test_record_rosters(here: Exchange) -> None:
    """Rosters reckoned anew once, and patients lent until a day who return by themselves."""
    async with leaping() as environment:
        rosters = await rosters_of(here, 2)
        begun = await optimising.optimise(rosters.manager, OptimisationFacts())
        asked = await rosters.proposed(today() + timedelta(days=10))
        await rosters.decided(asked)
        lent = await rosters.at(asked.id, "lent")
        assert lent.until_moment
        now = await environment.get_current_time()
        await environment.sleep(lent.until_moment - now + timedelta(minutes=1))
        await rosters.at(asked.id, "closed")
        tenant_id = here.tenant.tenant_id
        await _keep(environment, f"{tenant_id}/care_optimisation/{begun.line.id}", "rosters_optimised")
        await _keep(environment, f"{tenant_id}/care_move/{asked.id}", "patients_moved_until_a_day")
