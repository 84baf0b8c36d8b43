"""A run of patients' statements."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.balances.messages import Portion, PortionTask, RunInput
    from activities.balances.printing import count_owing, finish_run, print_portion

OPTIONS: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=60),  # twenty sheets take a second or two
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
}


@workflow.defn
class StatementRun:
    """Counts who owes, prints the statements of those who are due portion by portion, and closes the run."""

    @workflow.run
    async def run(self, run: RunInput) -> int:
        made = run.made
        left = run.after is not None
        if not left:
            left = await workflow.execute_activity(count_owing, run, **OPTIONS) > 0
        if left:
            task: PortionTask | None = PortionTask(run.tenant_id, run.run_id, run.after)
            while task is not None:
                portion: Portion = await workflow.execute_activity(print_portion, task, **OPTIONS)
                made += portion.made
                task = PortionTask(run.tenant_id, run.run_id, portion.after) if portion.after else None
                suggested = task is not None and workflow.info().is_continue_as_new_suggested()
                if suggested and workflow.patched("statements-as-new"):
                    workflow.continue_as_new(replace(run, after=portion.after, made=made))
        await workflow.execute_activity(finish_run, run, **OPTIONS)
        return made
