"""The exchange: batches out to a clearinghouse, and one poller per connection that takes its answers in."""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.claims.messages import Decided
    from activities.edi.applying import apply_file, report_not_applied
    from activities.edi.fetching import take_in_files
    from activities.edi.gathering import gather_batch
    from activities.edi.messages import (
        BatchTask,
        ConnectionInput,
        FileTask,
        Gather,
        Gathered,
        SendFailed,
        WatchInput,
        WatchTask,
    )
    from activities.edi.sending import REFUSED, record_sent, report_send_failure, send_batch
    from activities.edi.watching import learn_answer_times, watch_filing_limits

RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
QUICK: dict[str, Any] = {"start_to_close_timeout": timedelta(seconds=60), "retry_policy": RETRY}
# A killed worker keeps a connection waiting no longer than this.
HEARTBEAT = timedelta(seconds=15)
EXCHANGE: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=10),
    "heartbeat_timeout": HEARTBEAT,
    "retry_policy": RETRY,
}
# Twelve attempts outlast a restart of the database by half an hour.
APPLYING: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=30),
    "heartbeat_timeout": HEARTBEAT,
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5), maximum_attempts=12
    ),
}


# The next scheduled look makes good what this one could not.
WATCHING: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1), maximum_attempts=10
    ),
}


@workflow.defn
class SubmissionBatch:
    """Gathers what is ready on one connection, sends it, records it, and ends when nobody has asked again."""

    @workflow.init
    def __init__(self, connection: ConnectionInput) -> None:
        self._connection = connection
        self._asked = True
        self._send_again = False

    @workflow.run
    async def run(self, connection: ConnectionInput) -> None:
        while self._asked:
            await workflow.sleep(connection.gather_seconds)
            self._asked = False
            task = BatchTask(connection.tenant_id, connection.connection_id, workflow.uuid4())
            gathered: Gathered = await workflow.execute_activity(gather_batch, task, **EXCHANGE)
            if gathered.claims:
                await self._send(task)
                await workflow.execute_activity(record_sent, task, **QUICK)
            self._asked = self._asked or gathered.more
            if self._asked and workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(connection)  # a busy connection never stops being asked
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.signal
    def gather(self, request: Gather) -> None:
        """Claims are ready."""
        self._asked = True

    @workflow.update
    async def decided(self, decision: Decided) -> None:
        """Somebody mended the connection and says: try again."""
        self._send_again = True

    async def _send(self, task: BatchTask) -> None:
        """An outage is waited out. A refusal for good waits for a person; the file stays ready to go."""
        while True:
            try:
                await workflow.execute_activity(send_batch, task, **EXCHANGE)
                return
            except ActivityError as error:
                cause = error.cause
                if not isinstance(cause, ApplicationError) or cause.type != REFUSED:
                    raise
                await self._wait_for_mending(task, cause.message)

    async def _wait_for_mending(self, task: BatchTask, code: str) -> None:
        self._send_again = False
        failure = SendFailed(task.tenant_id, task.connection_id, task.batch_id, code)
        await workflow.execute_activity(report_send_failure, failure, **QUICK)
        await workflow.wait_condition(lambda: self._send_again)


@workflow.defn
class ConnectionPoller:
    """One look into a mailbox, started by the connection's schedule: fetch and store first, then apply file by file."""

    @workflow.run
    async def run(self, connection: ConnectionInput) -> int:
        # An unreachable partner is tried again by the next scheduled look, not by retries that pile up.
        taken = await workflow.execute_activity(
            take_in_files,
            connection,
            start_to_close_timeout=timedelta(minutes=30),
            heartbeat_timeout=HEARTBEAT,
            retry_policy=RetryPolicy(maximum_attempts=3, initial_interval=timedelta(seconds=1)),
        )
        for file_id in taken.file_ids:
            await _apply(FileTask(connection.tenant_id, file_id))
        return len(taken.file_ids)


@workflow.defn
class SubmissionWatch:
    """One look over what was sent: learn how soon partners answer, then act on what nears its filing limit."""

    @workflow.run
    async def run(self, watch: WatchInput) -> int:
        task = WatchTask(watch.tenant_id, workflow.now(), watch.at_once)
        await workflow.execute_activity(learn_answer_times, task, **WATCHING)
        near: int = await workflow.execute_activity(watch_filing_limits, task, **WATCHING)
        return near


@workflow.defn
class FileIntake:
    """Applies one file that a person took in by hand."""

    @workflow.run
    async def run(self, task: FileTask) -> None:
        await _apply(task)


async def _apply(task: FileTask) -> None:
    """One file that cannot be applied must not keep those behind it: it stays stored, somebody is asked to look,
    and the next look at the mailbox tries it again."""
    try:
        await workflow.execute_activity(apply_file, task, **APPLYING)
    except ActivityError:
        await workflow.execute_activity(report_not_applied, task, **QUICK)
