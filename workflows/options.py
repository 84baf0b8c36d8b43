"""How steps are run: their time limits, and how they are tried again."""

from datetime import timedelta
from typing import Any

from temporalio.common import RetryPolicy

# A short transaction, run by the worker that holds the workflow: it costs one event. Only an outage of the database
# makes it wait; a longer one waits on durable timers.
LOCAL: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
    "local_retry_threshold": timedelta(seconds=10),
}
RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
# A short transaction of a process that lives for months.
QUICK: dict[str, Any] = {"start_to_close_timeout": timedelta(seconds=30), "retry_policy": RETRY}
