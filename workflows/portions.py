"""Long runs, portion by portion, in histories that stay small."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

PORTIONS = 400  # then the run goes on in a new history


class Progress(Protocol):
    """What a portion answers."""

    @property
    def left(self) -> bool: ...


Task = TypeVar("Task")


async def in_portions(step: Callable[[Task], Awaitable[Progress]], task: Task) -> None:
    """Run an activity until nothing is left. `task` says where the run is kept, never how far it is."""
    for _ in range(PORTIONS):
        progress = await workflow.execute_activity(
            step,
            task,
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
        )
        if not progress.left:
            return
    workflow.continue_as_new(task)
