"""Rosters reckoned anew for a whole tenant: one step that may take a while and can be left."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.care.optimising import OptimisationTask, give_up_optimising, optimise_rosters
    from workflows.options import QUICK


@workflow.defn
class RosterOptimisation:
    """Reckons once; what keeps failing ends it, and whoever asked can ask again."""

    @workflow.run
    async def run(self, task: OptimisationTask) -> str:
        try:
            return await workflow.execute_activity(
                optimise_rosters,
                task,
                start_to_close_timeout=timedelta(minutes=5),
                heartbeat_timeout=timedelta(minutes=2),
                retry_policy=RetryPolicy(maximum_attempts=3),
            )
        except ActivityError:
            await workflow.execute_activity(give_up_optimising, task, **QUICK)
            return "failed"
