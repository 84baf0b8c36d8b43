"""Two tenants with patients, without Temporal: what is told to a process waits in the outbox."""

import pytest_asyncio
import time_machine

from tests.fixtures.care import CareDesk, at
from tests.fixtures.exchange import Exchange, here, installed, there

__all__ = ["at", "desk", "here", "installed", "neighbour", "there"]


@pytest_asyncio.fixture
async def desk(at: time_machine.Traveller, here: Exchange) -> CareDesk:
    """A patient in care, on a coordinator's roster; it is Wednesday."""
    desk = await CareDesk(here).open()
    await desk.in_care()
    return desk


@pytest_asyncio.fixture
async def neighbour(at: time_machine.Traveller, there: Exchange) -> CareDesk:
    """The same in the other tenant."""
    desk = await CareDesk(there).open()
    await desk.in_care()
    return desk
