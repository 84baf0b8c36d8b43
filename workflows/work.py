"""One act on a whole filter of work items."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.work_runs import Progress, RunTask, act_on_portion

# A history of so many portions stays small; a longer run goes on in a new one.
PORTIONS = 400


@workflow.defn
class BulkWork:
    """Acts portion by portion until no row is left or the run was stopped."""

    @workflow.run
    async def run(self, task: RunTask) -> None:
        for _ in range(PORTIONS):
            progress: Progress = await workflow.execute_activity(
                act_on_portion,
                task,
                start_to_close_timeout=timedelta(seconds=60),
                retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
            )
            if not progress.left:
                return
        workflow.continue_as_new(task)
