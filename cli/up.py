"""`caseload up`: the stack in the foreground, with its addresses, until Ctrl-C or SIGTERM."""

import asyncio
import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from cli.children import ChildFailed
from cli.demonstration import cast
from cli.demonstration.juniper import company
from cli.lock import FolderInUse
from cli.ownership import PostgresUnavailable
from cli.ports import NoFreePort
from cli.programs import Delays
from cli.stack import Stack
from cli.temporal import TemporalUnavailable
from settings import Settings

# Quick enough to watch a claim travel, slow enough to see it wait.
DEMO_DELAYS = Delays(acknowledgement_999=2, acknowledgement_277=4, remittance_835=8)
DEMO_PACE = {"POLL_SECONDS": "3", "BATCH_SECONDS": "3"}
NAMED_FAILURES = (ChildFailed, FolderInUse, NoFreePort, PostgresUnavailable, TemporalUnavailable)


def run(settings: Settings, port: int, data: Path | None, *, seed: bool) -> int:
    """Bring everything up and stay until asked to stop. Answers the exit code."""
    console = Console(highlight=False)
    try:
        return asyncio.run(_Session(console, settings, port, data or settings.data, seed=seed).run())
    except NAMED_FAILURES as error:
        console.print(f"caseload: {error}", style="red", markup=False, soft_wrap=True)
        return 1


class _Session:
    """One `up`, from the first line to the last."""

    def __init__(self, console: Console, settings: Settings, port: int, data: Path, *, seed: bool) -> None:
        self._console = console
        self._began = time.monotonic()
        self._stop = asyncio.Event()
        self._seeds = seed
        pace = {name: value for name, value in DEMO_PACE.items() if f"CASELOAD_{name}" not in os.environ}
        self._stack = Stack(
            data,
            port=port,
            host=settings.host,
            any_ports=False,
            temporal_headless=False,
            seed=seed,
            delays=DEMO_DELAYS,
            environment=pace,
            tell=self._tell,
        )

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._asked_to_stop)
        self._console.print(f"Caseload starts in {self._stack.data}", markup=False)
        starting = asyncio.create_task(self._stack.__aenter__())
        try:
            await _first_of(starting, asyncio.create_task(self._stop.wait()))
            return await self._serve() if not self._stop.is_set() else 0
        finally:
            await self._wind_up(starting)

    async def _serve(self) -> int:
        self._console.print(f"[bold green]Ready[/] in {time.monotonic() - self._began:.1f} s")
        self._console.print(addresses(self._stack), markup=False, soft_wrap=True)
        if self._seeds:
            self._console.print(demo_sign_ins(self._stack), markup=False, soft_wrap=True)
        self._console.print("Ctrl-C stops everything; the data stays.")
        following = asyncio.create_task(self._follow_seeding())
        await _first_of(asyncio.create_task(self._stop.wait()), self._stack.failed)
        following.cancel()
        if self._stack.failed.done():
            self._console.print(
                f"caseload: {self._stack.failed.result()}", style="red", markup=False, soft_wrap=True
            )
            return 1
        return 0

    async def _follow_seeding(self) -> None:
        """Pass on what the process that fills the demo tenants says about its progress."""
        seeding = self._stack.seeding
        if seeding is None:
            return
        with seeding.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._stack.seeding_from)
            while True:
                for line in log:
                    self._tell(f"demo tenants: {line.rstrip()}")
                if seeding.pid is None:
                    return
                await asyncio.sleep(0.5)

    async def _wind_up(self, starting: "asyncio.Task[Stack]") -> None:
        """Stop the children, also those of a start that is still under way."""
        if not starting.done():
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await starting
        elif starting.exception() is None:
            await self._stack.__aexit__(None, None, None)
        self._console.print("Stopped.")

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            self._stack.kill_everything()
            return
        self._stop.set()
        self._console.print("Stopping …")

    def _tell(self, sentence: str) -> None:
        since = time.monotonic() - self._began
        self._console.print(f"  {since:5.1f} s  {sentence}", markup=False, soft_wrap=True)


def addresses(stack: Stack) -> str:
    """Where everything answers."""
    rows = {
        "Pages": stack.web_url,
        "API document": f"{stack.web_url}/api/schema",
        "Temporal": stack.temporal_ui_url,
        "Practice SFTP": f"sftp://127.0.0.1:{stack.sftp_port}",
        "PostgreSQL": f"127.0.0.1:{stack.postgres_port} (passwords in {stack.data / 'secrets'})",
        "Logs": str(stack.logs),
    }
    return "\n".join(f"  {name:<15}{address}" for name, address in rows.items())


def demo_sign_ins(stack: Stack) -> str:
    """Who may sign in to the demo tenants, and where; they appear within seconds of the first start."""
    rows = [
        f"  {role:<29}{email:<35}{stack.tenant_url(subdomain)}"
        for role, email, subdomain in (*cast.sign_ins(), *company.sign_ins())
    ]
    return "\n".join((f"Demo sign-ins, all with the password: {cast.PASSWORD}", *rows))


async def _first_of(*waiting: "asyncio.Future[Any]") -> None:
    """Return when one is done; raises what a failed one raised."""
    done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for one in done:
        one.result()
