"""A small tenant's process behind ten thousand waiting ones of a big tenant, on a real Temporal server.

The server is the embedded one, on a file as in production; processes are started as the courier starts them, and the
worker is made as the product's own. A place is a task of the big tenant that the server hands out between the moment at
which the small tenant's task is there and the moment at which that is handed out, by the server's own clock: first the
workflow's task, then its activity's. Beside it the big tenant's own next process shows what waiting in line means.
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.courier import fairness
from cli.temporal import Temporal
from settings import Settings

WAITING = 10_000
AT_ONCE = 100
SMALL = 25
WARM = 500
MOST_PLACES = 5
QUEUE = "core"
WORK_SECONDS = 0.02


@dataclass
class Order:
    """When the server had each task, and when it handed it out: of workflows and of activities, by workflow id."""

    workflows: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    activities: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)


_order = Order()


@workflow.defn(sandboxed=False)
class OneStep:
    """One activity, as most processes of the product have one after another."""

    @workflow.run
    async def run(self) -> None:
        """Note the time, then have the work done."""
        info = workflow.info()
        name = info.workflow_id
        _order.workflows.setdefault(name, (info.start_time, workflow.now()))
        await workflow.execute_activity(work, name, start_to_close_timeout=timedelta(minutes=5))


@activity.defn
async def work(name: str) -> None:
    """Some work."""
    info = activity.info()
    _order.activities[name] = (info.current_attempt_scheduled_time, info.started_time)
    await asyncio.sleep(WORK_SECONDS)


@dataclass
class Places:
    """How many of the big tenant's tasks went ahead of one process of the small one, and how long it took."""

    workflow_task: int
    activity_task: int
    seconds: float


@dataclass
class Measured:
    """The places of small processes; how many were handed out meanwhile, and whether the big tenant's own next process,
    started before all of them, still waits."""

    places: list[Places]
    handed_out: int
    in_line: bool


def run() -> dict[str, Any]:
    """Fill the queue, then start small tenants' processes one after another while it is worked off."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        found = asyncio.run(_measure(Path(folder)))
    fair = found.places
    worst = max(max(one.workflow_task, one.activity_task) for one in fair)
    return {
        "bench": "fairness",
        "figures": {
            "waiting": WAITING,
            "small_processes": len(fair),
            "places_most": worst,
            "places_workflow_task_median": median(one.workflow_task for one in fair),
            "places_workflow_task_most": max(one.workflow_task for one in fair),
            "places_activity_median": median(one.activity_task for one in fair),
            "places_activity_most": max(one.activity_task for one in fair),
            "small_done_ms_median": round(median(one.seconds for one in fair) * 1e3, 1),
            "small_done_ms_most": round(max(one.seconds for one in fair) * 1e3, 1),
            "handed_out_meanwhile": found.handed_out,
        },
        "holds": {
            f"places_at_most_{MOST_PLACES}": worst <= MOST_PLACES,
            "the_big_tenants_next_waits_in_line": found.in_line,
        },
    }


async def _measure(folder: Path) -> Measured:
    server = Temporal(folder, file=folder / "temporal.db", headless=True)
    await server.start()
    try:
        client = await Client.connect(server.address)
        big = uuid4()
        await _fill(client, big)
        async with _worker(client):
            await _until(WARM)
            last, handed_out = await _start(client, big), len(_order.workflows)
            found = [await _small(client) for _ in range(SMALL)]
            in_line = last.id not in _order.workflows
        return Measured(found, len(_order.workflows) - handed_out, in_line)
    finally:
        await server.stop()


def _worker(client: Client) -> Worker:
    """Made as `cli.worker` makes the product's."""
    settings = Settings()
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[OneStep],
        activities=[work],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_concurrent_activities=settings.worker_activities,
    )


async def _fill(client: Client, tenant_id: UUID) -> None:
    """The big tenant's processes, all of them waiting for a worker."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with room:
            await _start(client, tenant_id)

    await asyncio.gather(*(one() for _ in range(WAITING)))


async def _start(client: Client, tenant_id: UUID) -> Any:
    return await client.start_workflow(
        OneStep.run,
        id=f"{tenant_id}/step/{uuid4()}",
        task_queue=QUEUE,
        priority=fairness(tenant_id, "starter"),
    )


async def _small(client: Client) -> Places:
    """One process of a tenant that has nothing else waiting."""
    began = time.perf_counter()
    handle = await _start(client, uuid4())
    await handle.result()
    seconds = time.perf_counter() - began
    await asyncio.sleep(0.2)  # what was handed out before it may be noted after it
    return Places(_ahead(_order.workflows, handle.id), _ahead(_order.activities, handle.id), seconds)


def _ahead(handed_out: dict[str, tuple[datetime, datetime]], name: str) -> int:
    there, begun = handed_out[name]
    return sum(there < other <= begun for key, (_, other) in handed_out.items() if key != name)


async def _until(count: int) -> None:
    while len(_order.activities) < count:
        await asyncio.sleep(0.05)
