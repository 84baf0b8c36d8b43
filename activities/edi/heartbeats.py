"""Beats while an activity works, so that the death of its worker is noticed within seconds, not at the time limit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

BEAT_SECONDS = 4.0  # several fit into the heartbeat timeout, so that one late beat kills nothing


@asynccontextmanager
async def beating() -> AsyncIterator[None]:
    """Heartbeat from here to the end of the block."""
    beats = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beats.cancel()


async def _beat() -> None:
    while activity.in_activity():
        activity.heartbeat()
        await asyncio.sleep(BEAT_SECONDS)
