"""One act on a whole filter of work items."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.work_runs import RunTask, act_on_portion
    from workflows.portions import in_portions


@workflow.defn
class BulkWork:
    """Acts portion by portion until no row is left or the run was stopped."""

    @workflow.run
    async def run(self, task: RunTask) -> None:
        await in_portions(act_on_portion, task)
