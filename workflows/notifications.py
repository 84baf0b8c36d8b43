"""One person's e-mail of one day."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.notifications import (
        DigestInput,
        DigestPosition,
        DigestTask,
        GivenUp,
        gather_digest,
        give_up_digest,
        send_digest,
    )
    from domain.digests import DigestState

RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
# A mail server that is down for longer makes it yesterday's news: what it holds goes into the next one.
SEND_WITHIN = timedelta(hours=12)
SEND_AGAIN = RetryPolicy(initial_interval=timedelta(seconds=10), maximum_interval=timedelta(minutes=15))


@workflow.defn
class DailyDigest:
    """Waits for the hour that its person chose, puts together what is unread, and sends it once."""

    @workflow.init
    def __init__(self, digest: DigestInput) -> None:
        self._digest = digest
        self._moved = False

    @workflow.run
    async def run(self, digest: DigestInput) -> DigestState:
        position = await self._gather()
        while position.state is DigestState.WAITING:
            await self._due_or_moved(position.due_at)
            position = await self._gather()
        if position.state is DigestState.GATHERED:
            return await self._send()
        return position.state

    @workflow.signal
    def moved(self, digest: DigestInput) -> None:
        """The person chose another hour."""
        self._moved = True

    async def _gather(self) -> DigestPosition:
        self._moved = False
        return await workflow.execute_activity(
            gather_digest, self._task(), start_to_close_timeout=timedelta(seconds=30), retry_policy=RETRY
        )

    async def _due_or_moved(self, due_at: datetime) -> None:
        wait = max(due_at - workflow.now(), timedelta(seconds=1))
        try:
            await workflow.wait_condition(lambda: self._moved, timeout=wait)
        except TimeoutError:
            return  # the hour has come

    async def _send(self) -> DigestState:
        try:
            await workflow.execute_activity(
                send_digest,
                self._task(),
                start_to_close_timeout=timedelta(minutes=2),
                schedule_to_close_timeout=SEND_WITHIN,
                retry_policy=SEND_AGAIN,
            )
        except ActivityError as error:
            await self._give_up(error)
            return DigestState.FAILED
        return DigestState.SENT

    async def _give_up(self, error: ActivityError) -> None:
        code = error.cause.type if isinstance(error.cause, ApplicationError) else ""
        await workflow.execute_activity(
            give_up_digest,
            GivenUp(self._digest.tenant_id, self._digest.digest_id, code or "mail.unavailable"),
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=RETRY,
        )

    def _task(self) -> DigestTask:
        return DigestTask(self._digest.tenant_id, self._digest.digest_id, workflow.now())
