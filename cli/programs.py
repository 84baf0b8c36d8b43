"""Our own roles as child programs, and how each is asked whether it serves."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cli.children import Program
from cli.ports import LOOPBACK

ROOT = Path(__file__).resolve().parent.parent
CORE_QUEUE = "core"


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds after which the practice clearinghouse answers a file with each acknowledgement."""

    acknowledgement_999: float = 0.0
    acknowledgement_277: float = 0.0
    remittance_835: float = 0.0


def python(*arguments: str) -> tuple[str, ...]:
    """A command line that runs one of our modules whatever folder the user stands in."""
    return (sys.executable, "-P", "-m", *arguments)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours, with `settings` (without the prefix) on top and the rooms importable."""
    named = {f"CASELOAD_{name}": value for name, value in settings.items()}
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **named}


def sandbox(
    folder: Path, sftp_port: int, control_port: int, delays: Delays, variables: dict[str, str]
) -> Program:
    """The practice clearinghouse with its mailboxes in `folder`."""
    ready_file = folder / "ready.json"
    arguments = [
        "serve",
        "--data",
        str(folder),
        "--sftp-port",
        str(sftp_port),
        "--control-port",
        str(control_port),
    ]
    arguments += [
        "--delay-999",
        str(delays.acknowledgement_999),
        "--delay-277",
        str(delays.acknowledgement_277),
    ]
    arguments += ["--delay-835", str(delays.remittance_835), "--ready-file", str(ready_file)]

    async def ready() -> bool:
        return ready_file.exists() and await listens(control_port)

    def forget() -> None:
        ready_file.unlink(missing_ok=True)

    return Program(
        "sandbox", python("sandbox", *arguments), ready, variables, ROOT, stop_seconds=5, before_start=forget
    )


def worker(temporal_address: str, namespace: str, variables: dict[str, str]) -> Program:
    """Runs workflows and activities; serves once Temporal sees it poll."""
    since = 0.0

    def note_start() -> None:
        nonlocal since
        since = time.time()

    async def ready() -> bool:
        return await polled_after(temporal_address, namespace, since)

    return Program(
        "worker", python("cli", "worker"), ready, variables, ROOT, stop_seconds=20, before_start=note_start
    )


def web(port: int, variables: dict[str, str]) -> Program:
    """Pages, API and Piccolo Admin."""

    async def ready() -> bool:
        return await answers_http(port)

    return Program("web", python("cli", "web"), ready, variables, ROOT, stop_seconds=10)


def seed(variables: dict[str, str]) -> Program:
    """Fills the demo tenants, then ends."""
    return Program("seed", python("cli", "seed"), _at_once, variables, ROOT, stop_seconds=5)


async def run_to_end(log: Path, variables: dict[str, str], *arguments: str) -> int:
    """Run one of our commands to its end with its output in `log`; answers the exit code."""
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *python("cli", *arguments), cwd=ROOT, env=variables, stdout=out, stderr=asyncio.subprocess.STDOUT
        )
        return await process.wait()


async def listens(port: int) -> bool:
    """Whether something accepts connections on a local port."""
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True


async def answers_http(port: int) -> bool:
    """Whether a local web server answers with anything but a server error."""
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            writer.write(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            status = (await reader.readline()).split()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return len(status) > 1 and status[1].isdigit() and int(status[1]) < 500


async def polled_after(address: str, namespace: str, since: float) -> bool:
    """Whether a worker has asked the core task queue for work after `since` (seconds of the epoch)."""
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
    from temporalio.client import Client
    from temporalio.service import RPCError

    asked = DescribeTaskQueueRequest(
        namespace=namespace,
        task_queue=TaskQueue(name=CORE_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    try:
        client = await Client.connect(address, namespace=namespace)
        answer = await client.workflow_service.describe_task_queue(asked, timeout=timedelta(seconds=2))
    except (RPCError, RuntimeError):
        return False  # the server may itself be starting again
    return any(poller.last_access_time.ToMicroseconds() / 1e6 >= since for poller in answer.pollers)


async def _at_once() -> bool:
    return True
