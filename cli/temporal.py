"""The embedded Temporal server: the real one on a SQLite file, with fairness between tenants switched on."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from cli.children import Child, Program
from cli.ports import LOOPBACK, any_free

NAMESPACE = "default"
# One tenant's flood must not starve the others; the key of fairness is the tenant.
DYNAMIC_CONFIG = ("matching.enableFairness=true",)


class TemporalUnavailable(Exception):
    """The embedded Temporal server is not installed."""


class Temporal:
    """One server. `file` keeps its workflows; None keeps them in memory. `headless` leaves out the web UI."""

    def __init__(
        self, run_folder: Path, *, file: Path | None, port: int = 0, ui_port: int = 0, headless: bool = False
    ) -> None:
        self.run_folder = run_folder
        self.file = file
        self.port = port or any_free()
        self.ui_port = 0 if headless else ui_port or any_free()
        self.headless = headless
        self.child: Child | None = None

    @property
    def address(self) -> str:
        """host:port of the frontend."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def ui_url(self) -> str:
        """Address of the web UI; empty when headless."""
        return "" if self.headless else f"http://{LOOPBACK}:{self.ui_port}"

    def prepare(self) -> Program:
        """What to run."""
        return Program(
            name="temporal",
            argv=(str(server_binary()), *self._arguments()),
            ready=self._answers,
            # HOME: the CLI reads a config file there; ours must behave the same on every machine.
            environment={"PATH": os.environ.get("PATH", ""), "HOME": str(self.run_folder), "TZ": "UTC"},
            folder=self.run_folder,
            stop_seconds=10,
        )

    async def start(self) -> None:
        """Start and wait until it answers."""
        self.child = Child(self.prepare(), self.run_folder, self.run_folder / "temporal.log")
        await self.child.start()
        await self.child.until_ready()

    async def stop(self) -> None:
        """End the server."""
        if self.child is not None:
            await self.child.stop()

    def _arguments(self) -> list[str]:
        asked = ["server", "start-dev", "--ip", LOOPBACK, "--port", str(self.port), "--log-level", "warn"]
        asked += ["--namespace", NAMESPACE]
        if self.file is not None:
            asked += ["--db-filename", str(self.file)]
            asked += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
        asked += (
            ["--headless"] if self.headless else ["--ui-port", str(self.ui_port), "--ui-disable-news-fetch"]
        )
        for value in DYNAMIC_CONFIG:
            asked += ["--dynamic-config-value", value]
        return asked

    async def _answers(self) -> bool:
        return await serves(self.address)


def server_binary() -> Path:
    """The `temporal` program of the virtual environment. TemporalUnavailable when it is missing."""
    return _in_environment("temporal")


def time_skipping_binary() -> Path:
    """The time-skipping test server of the virtual environment."""
    return _in_environment("temporal-test-server")


def _in_environment(name: str) -> Path:
    beside = Path(sys.executable).parent / name
    found = beside if beside.exists() else shutil.which(name)
    if found is None:
        raise TemporalUnavailable(f"the program {name} is not installed; run ./caseload once")
    return Path(found)


async def serves(address: str, namespace: str = NAMESPACE) -> bool:
    """Whether the frontend at `address` answers and knows the namespace."""
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
    except OSError:
        return False
    return await _knows(address, namespace)


async def _knows(address: str, namespace: str) -> bool:
    from datetime import timedelta

    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
    from temporalio.client import Client
    from temporalio.service import RPCError

    try:
        client = await Client.connect(address, namespace=namespace)
        asked = DescribeNamespaceRequest(namespace=namespace)
        await client.workflow_service.describe_namespace(asked, timeout=timedelta(seconds=2))
    except (RPCError, RuntimeError):
        return False  # the port is open before the services behind it are
    return True
