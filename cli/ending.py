"""How a role ends that works until it is told to stop: in order, and in any case."""

import asyncio
import logging
import os
import threading
import traceback
from asyncio import Future
from collections.abc import Mapping
from typing import Any

log = logging.getLogger("caseload")


async def until_told(stop: asyncio.Event, working: Future[None], loops: Mapping[str, Future[None]]) -> None:
    """Return once `stop` is set or a part has ended; then it is set in any case."""
    stopping = asyncio.create_task(stop.wait())
    parts: list[Future[Any]] = [stopping, working, *loops.values()]
    await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    stop.set()


async def end_in_order(working: Future[None], loops: Mapping[str, Future[None]]) -> bool:
    """Have the work finish, which has been told to, then end the loops. Whether a part fell by an error.

    What fell is told before anything is waited for.
    """
    fell = [name for name, one in loops.items() if _fell(name, one)]
    # Cancelling what runs Temporal's workers takes away what they end with: they would wait for it for ever.
    await asyncio.wait([working])
    left = {name: one for name, one in loops.items() if name not in fell}
    for one in left.values():
        one.cancel()
    await asyncio.gather(*left.values(), return_exceptions=True)
    fell += [name for name, one in {"the work": working, **left}.items() if _fell(name, one)]
    return bool(fell)


def end_by_force(after: float) -> None:
    """End the process so many seconds from now if it is still there, whatever it waits for. It is as if it were killed:
    whoever watches over it starts it again, and what ran is taken up where it was."""

    def end() -> None:
        log.critical("still there after %.0f s; ended by force", after)
        os._exit(1)

    timer = threading.Timer(after, end)
    timer.daemon = True
    timer.start()


def _fell(name: str, part: Future[None]) -> bool:
    if not part.done() or part.cancelled():
        return False
    error = part.exception()
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is not None:  # its text may quote what somebody typed
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.critical("%s ended: %s\n%s", name, type(error).__name__, frames)
    return error is not None
