"""One stack for all crashes: what dies is started again by its supervisor, as on somebody's machine."""

import logging
import random
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from cli.programs import Delays
from cli.stack import Stack
from tests.crash.platform import Platform, furnished

# Logged, and shown when a test fails, so that the same moments can be tried again.
SEED = random.SystemRandom().randrange(10_000)


@pytest_asyncio.fixture(scope="module")
async def platform(stack_folder: Path) -> AsyncIterator[Platform]:
    """Durable servers, a partner that acknowledges at once and never pays by itself, two tenants."""
    logging.getLogger("tests.crash").warning("the moments of the kills come from seed %s", SEED)
    pace = {"BATCH_SECONDS": "0", "POLL_SECONDS": "1"}
    delays = Delays(remittance_835=3_600.0)
    async with Stack(stack_folder, environment=pace, delays=delays) as stack, _calling(stack) as http:
        houses = [await furnished(http, stack.web_port, name) for name in ("alder", "birch")]
        yield Platform(stack, *houses, stack.owner_database_url, random.Random(SEED))


def _calling(stack: Stack) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{stack.web_port}", timeout=30, trust_env=False)
