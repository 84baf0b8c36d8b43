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
from cli.ending import end_by_force, end_in_order, until_told
from cli.house import opened, start_logging
from services.edi.schedules import keep_schedules_forever
from services.tenancy.audit_trail import seal_forever
from services.work.escalating import watch_clocks_forever
from services.workforce.float_proposals import watch_queues_forever
from settings import Settings
from workflows.registry import WORKFLOWS

GRACE = timedelta(seconds=15)
# Gone before whoever stops it loses patience.
LIMIT = GRACE + timedelta(seconds=4)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what is running within the grace period. A part that ends by itself
    ends the whole: exit code 1, and somebody starts it again."""
    start_logging(settings)
    if asyncio.run(_run(settings)):
        raise SystemExit(1)


async def _run(settings: Settings) -> bool:
    async with opened(settings, works=True) as client:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        loops = {
            "the dispatcher": courier.dispatch_forever(),
            "sealing": seal_forever(settings.audit_anchor_file),
            "keeping schedules": keep_schedules_forever(client, settings.poll_seconds),
            "the scan for incidents": scan_forever(client),
            "watching clocks": watch_clocks_forever(),
            "watching queues": watch_queues_forever(),
        }
        begun = {name: asyncio.ensure_future(one) for name, one in loops.items()}
        working = asyncio.create_task(_work(client, settings, stop))
        await until_told(stop, working, begun)
        end_by_force(LIMIT.total_seconds())
        return await end_in_order(working, begun)


async def _work(client: Client, settings: Settings, stop: asyncio.Event) -> None:
    workers = [_worker(client, queue, settings) for queue in WORKFLOWS]
    running = [asyncio.create_task(worker.run()) for worker in workers]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    # Side by side, within one grace period; also those that have not begun yet.
    await asyncio.gather(*(worker.shutdown() for worker in workers))
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
