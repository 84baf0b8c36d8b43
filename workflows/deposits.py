"""The watch over a tenant's deposits and remittances: matches what comes, and notices what does not."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.deposits.messages import Looked, LookTask, WatchInput
    from activities.deposits.watching import look_at_deposits

RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))


@workflow.defn
class DepositWatch:
    """Looks whenever something was deposited or posted and whenever something has waited too long; ends when nothing waits."""

    @workflow.init
    def __init__(self, watch: WatchInput) -> None:
        self._watch = watch
        self._asked = True

    @workflow.run
    async def run(self, watch: WatchInput) -> None:
        next_look = await self._look()
        while self._asked or next_look:
            await self._asked_or(next_look)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(watch)  # begins with a look: what was asked meanwhile is seen
            next_look = await self._look()

    @workflow.signal
    def look_again(self, watch: WatchInput) -> None:
        """Something came in on either side."""
        self._asked = True

    async def _look(self) -> timedelta | None:
        """One look; how long until the next one is due."""
        self._asked = False
        now = workflow.now()
        looked: Looked = await workflow.execute_activity(
            look_at_deposits,
            LookTask(self._watch.tenant_id, now),
            start_to_close_timeout=timedelta(minutes=2),
            retry_policy=RETRY,
        )
        return None if looked.next_at is None else max(looked.next_at - now, timedelta(seconds=1))

    async def _asked_or(self, wait: timedelta | None) -> None:
        try:
            await workflow.wait_condition(lambda: self._asked, timeout=wait)
        except TimeoutError:
            self._asked = True
