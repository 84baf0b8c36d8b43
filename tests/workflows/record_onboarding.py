"""Records the histories that the replay test reads: `python -m pytest tests/workflows/record_onboarding.py`."""

import json
from pathlib import Path

import pytest

from activities import ports
from services.tenancy import registration
from tests.fixtures.onboarding import Onboarding
from tests.workflows.test_onboarding import FACTS, HISTORIES, RefusingPayments, _ended


@pytest.mark.parametrize("name", ["onboarding_ready", "onboarding_failed"])
async def test_record(onboarding: Onboarding, name: str) -> None:
    """Run one onboarding and keep its history as it is, encrypted with the tests' key."""
    if name == "onboarding_failed":
        ports.install(ports.Ports(RefusingPayments(onboarding.payments._file)))
    _, handle = await _ended(onboarding, await registration.register(**FACTS))
    history = await handle.fetch_history()
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    Path(HISTORIES / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
