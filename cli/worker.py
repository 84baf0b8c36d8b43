"""The worker: all task queues, the dispatcher of the outbox, the sealing of audit chains, the pollers' schedules and the
clocks of work items."""

import asyncio
import signal
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities import courier
from activities.incidents.noticing import NoticeFailures
from activities.incidents.scanning import scan_forever
from activities.registry import ACTIVITIES
from cli.house import opened, start_logging
from services.edi.schedules import keep_schedules_forever
from services.tenancy.audit_trail import seal_forever
from services.work.escalating import watch_clocks_forever
from services.workforce.float_proposals import watch_queues_forever
from settings import Settings
from workflows.registry import WORKFLOWS

GRACE = timedelta(seconds=15)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what is running within the grace period."""
    start_logging(settings)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with opened(settings, works=True) as client:
        loops = [
            asyncio.ensure_future(one)
            for one in (
                courier.dispatch_forever(),
                seal_forever(settings.audit_anchor_file),
                keep_schedules_forever(client, settings.poll_seconds),
                scan_forever(client),
                watch_clocks_forever(),
                watch_queues_forever(),
            )
        ]
        working = asyncio.create_task(_work(client, settings, stop))
        await asyncio.wait([working, *loops], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await asyncio.gather(working, _ended(loops))


async def _ended(loops: list[asyncio.Task[None]]) -> None:
    """End the loops. One that ended by itself ended by an error, which stops the worker and is told."""
    for one in loops:
        one.cancel()
    for outcome in await asyncio.gather(*loops, return_exceptions=True):
        if outcome is not None and not isinstance(outcome, asyncio.CancelledError):
            raise outcome


async def _work(client: Client, settings: Settings, stop: asyncio.Event) -> None:
    workers = [_worker(client, queue, settings) for queue in WORKFLOWS]
    running = [asyncio.create_task(worker.run()) for worker in workers]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    for worker in workers:
        if worker.is_running:
            await worker.shutdown()
    stopping.cancel()
    await asyncio.gather(*running)


def _worker(client: Client, queue: str, settings: Settings) -> Worker:
    """Every activity is a coroutine; what blocks (paramiko, encoding) brings its own threads. The SDK's sandbox, which
    finds clocks and chance in workflows by importing them anew for each one, is left to the tests: they run in it."""
    return Worker(
        client,
        task_queue=queue,
        workflows=WORKFLOWS[queue],
        activities=ACTIVITIES[queue],
        interceptors=[NoticeFailures()],
        workflow_runner=UnsandboxedWorkflowRunner(),
        # The SDK would hold beats back for most of the heartbeat's limit, and one late beat would kill an activity.
        max_heartbeat_throttle_interval=timedelta(seconds=3),
        max_concurrent_activities=settings.worker_activities,
        graceful_shutdown_timeout=GRACE,
    )
