"""Learning from what payers decided, soon after they decided it."""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.insight import LearningTask, learn_denials

# Remittances of a morning come together: learning once for all of them is enough.
GATHERING = timedelta(minutes=1)


@workflow.defn
class DenialLearning:
    """Wait a little for more remittances, learn once, and end when nothing came meanwhile."""

    @workflow.init
    def __init__(self, task: LearningTask) -> None:
        self._remitted = True

    @workflow.run
    async def run(self, task: LearningTask) -> None:
        while self._remitted:
            await asyncio.sleep(GATHERING.total_seconds())
            self._remitted = False
            await workflow.execute_activity(
                learn_denials,
                task,
                start_to_close_timeout=timedelta(minutes=10),
                retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
            )
            # Where something is posted every minute it never ends; begun anew it knows that more was posted.
            suggested = self._remitted and workflow.info().is_continue_as_new_suggested()
            if suggested and workflow.patched("learning-as-new"):
                workflow.continue_as_new(task)

    @workflow.signal
    def remitted(self, task: LearningTask) -> None:
        """More was posted."""
        self._remitted = True
