"""One stack for all crashes: what dies is started again by its supervisor, as on somebody's machine."""

import logging
import random
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from cli.programs import Delays
from cli.stack import Stack
from tests.crash.platform import Platform, furnished

# Logged, and shown when a test fails, so that the same moments can be tried again.
SEED = random.SystemRandom().randrange(10_000)


@pytest_asyncio.fixture(scope="module")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """Durable servers, a partner that acknowledges at once and never pays by itself, two tenants."""
    logging.getLogger("tests.crash").warning("the moments of the kills come from seed %s", SEED)
    pace = {"BATCH_SECONDS": "0", "POLL_SECONDS": "1"}
    delays = Delays(remittance_835=3_600.0)
    async with Stack(tmp_path_factory.mktemp("crash"), environment=pace, delays=delays) as stack:
        address = f"http://127.0.0.1:{stack.web_port}"
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as http:
            houses = [await furnished(http, stack.web_port, name) for name in ("alder", "birch")]
            yield Platform(stack, *houses, stack.owner_database_url, random.Random(SEED))
