"""How a process listens: requests that are carried out in turn, and a wait that a clock can end."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from temporalio import workflow

Asked = TypeVar("Asked")


class Requests(Generic[Asked]):
    """What was asked of a process and is not done yet: one at a time, in the order it came.

    `ended` says that the process is over, so that nothing more is carried out.
    """

    def __init__(self, ended: Callable[[], bool]) -> None:
        self._waiting: list[Asked] = []
        self._ended = ended

    def __bool__(self) -> bool:
        return bool(self._waiting)

    async def carry_out_next(self, step: Callable[[Asked], Awaitable[None]]) -> None:
        """Do the oldest. It leaves the list when it is done, for whoever asked waits for that."""
        await step(self._waiting[0])
        self._waiting.pop(0)

    async def done(self, request: Asked) -> bool:
        """Have a request carried out in its turn; False when the process ended before it: it changes nothing."""
        self._waiting.append(request)
        await workflow.wait_condition(lambda: request not in self._waiting or self._ended())
        if request not in self._waiting:
            return True
        self._waiting.remove(request)
        return False


async def something_happens(ready: Callable[[], object], until: datetime | None) -> bool:
    """Wait until `ready` is true; False when `until` comes first. Without a moment: for as long as it takes."""
    wait = None if until is None else max(until - workflow.now(), timedelta(0))
    try:
        await workflow.wait_condition(lambda: bool(ready()), timeout=wait)
    except TimeoutError:
        return False
    return True
