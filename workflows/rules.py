"""A simulation of a decision table that is too long to wait for."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.rules.simulating import SimulationProgress, SimulationTask, simulate_portion

# A history of so many portions stays small; a longer run goes on in a new one.
PORTIONS = 400


@workflow.defn
class RuleSimulation:
    """Asks portion by portion until no decision is left or somebody stopped the run."""

    @workflow.run
    async def run(self, task: SimulationTask) -> None:
        for _ in range(PORTIONS):
            progress: SimulationProgress = await workflow.execute_activity(
                simulate_portion,
                task,
                start_to_close_timeout=timedelta(seconds=60),
                retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
            )
            if not progress.left:
                return
        workflow.continue_as_new(task)
