"""One stack for all crashes: what dies is started again by its supervisor, as on somebody's machine."""

import logging
import random
import tempfile
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
async def platform() -> AsyncIterator[Platform]:
    """Durable servers, a partner that acknowledges at once and never pays by itself, two tenants.

    Not in pytest's folder: every other run of pytest closes that again to the system user of PostgreSQL.
    """
    logging.getLogger("tests.crash").warning("the moments of the kills come from seed %s", SEED)
    pace = {"BATCH_SECONDS": "0", "POLL_SECONDS": "1"}
    delays = Delays(remittance_835=3_600.0)
    with tempfile.TemporaryDirectory(prefix="caseload-crash-", ignore_cleanup_errors=True) as folder:
        async with Stack(Path(folder), environment=pace, delays=delays) as stack, _calling(stack) as http:
            houses = [await furnished(http, stack.web_port, name) for name in ("alder", "birch")]
            yield Platform(stack, *houses, stack.owner_database_url, random.Random(SEED))


def _calling(stack: Stack) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{stack.web_port}", timeout=30, trust_env=False)
