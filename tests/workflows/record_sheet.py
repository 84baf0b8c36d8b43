"""Records the history that the replay test reads: `python -m pytest tests/workflows/record_sheet.py`."""

import json
from collections.abc import Iterator

import pytest

from activities import ports
from services.sheets.taking import take_portion
from tests.fixtures.tenancy import TenantFixture
from tests.workflows.histories import HISTORIES
from tests.workflows.test_sheet_import import staged, worked


@pytest.fixture
def taking() -> Iterator[None]:
    """What takes portions in."""
    ports.install(ports.Ports(payments=None, take_sheet_portion=take_portion))  # type: ignore[arg-type]
    yield
    ports.install(None)


async def test_record(north: TenantFixture, taking: None) -> None:
    """Take a sheet in over two portions and keep the history as it is, encrypted with the tests' key."""
    history = await worked(north, (await staged(north.admin)).id)
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / "sheet_taken.json").write_text(json.dumps(kept, indent=1) + "\n")
