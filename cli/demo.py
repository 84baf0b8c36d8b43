"""`caseload demo`: the whole story in a stack of its own, one line a step with what proves it."""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import httpx
from rich.console import Console

from cli.children import ChildFailed
from cli.house import master_key
from cli.stack import Stack
from cli.story import alongside, opening, walk
from cli.story.opening import Scene
from cli.story.telling import NotHeld, Step, Teller
from database import session
from settings import Settings

# Answers at once and quick looks: the story shall fit into a minute and a half.
PACE = {"POLL_SECONDS": "1", "BATCH_SECONDS": "0.5"}


def demo(as_json: bool) -> int:
    """Tell the story. 0 only if every step held; with `as_json` one document for programs instead of lines."""
    console = Console(highlight=False, emoji=False, stderr=as_json)
    began = time.monotonic()
    hear = _Printer(console).hear if not as_json else lambda step: None
    steps, failure = asyncio.run(_tell(hear))
    held = not failure and all(step.held for step in steps)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        said = {
            "held": held,
            "seconds": seconds,
            "failure": failure,
            "steps": [asdict(step) for step in steps],
        }
        print(json.dumps(said, indent=2))
    else:
        ending = (
            "[bold green]Every step held[/]" if held else f"[bold red]The story ended early:[/] {failure}"
        )
        console.print(f"{ending} ({len(steps)} steps, {seconds:.0f} s)")
    return 0 if held else 1


async def _tell(hear: Callable[[Step], None]) -> tuple[list[Step], str]:
    """All steps and, when one did not hold or the stack failed, why."""
    teller = Teller(hear)
    with tempfile.TemporaryDirectory(prefix="caseload-demo-") as folder:
        stack = Stack(Path(folder), environment=PACE)
        try:
            await _story(teller, stack)
        except NotHeld as failure:
            return teller.steps, str(failure)
        except ChildFailed as failure:
            return teller.steps, f"the stack failed: {failure}"
    return teller.steps, ""


async def _story(teller: Teller, stack: Stack) -> None:
    async def start() -> str:
        await stack.__aenter__()
        return (
            f"pages and API on {stack.web_port}, SFTP on {stack.sftp_port}, Temporal on {stack.temporal_port}"
        )

    await teller.tell("Stack", "Database, Temporal, clearinghouse, worker and web serve", start)
    settings = Settings.from_environment(stack.variables())
    await session.start(stack.database_url, master_key(settings))
    try:
        # Our own address by number: not every resolver knows that *.localhost is here.
        base = f"http://127.0.0.1:{stack.web_port}"
        async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as http:
            await _chapters(teller, stack, Scene(http, stack.web_port))
    finally:
        await session.stop()
        await stack.__aexit__(None, None, None)


async def _chapters(teller: Teller, stack: Stack, scene: Scene) -> None:
    await opening.tell(teller, scene)
    claim = walk.Walk(scene)
    await walk.tell(teller, claim)
    await alongside.rejected(teller, scene)
    await alongside.delivered_twice(teller, scene, claim, stack.sandbox_control_url)
    await alongside.killed(teller, scene, stack)


class _Printer:
    """Prints each step as it is over, under the name of its part."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._part = ""

    def hear(self, step: Step) -> None:
        """One line: whether it held, what it is, how long it took, and its proof below."""
        if step.part != self._part:
            self._part = step.part
            self._console.print(f"\n[bold]{step.part}[/]")
        mark = "[green]✓[/]" if step.held else "[red]✗[/]"
        self._console.print(f" {mark} {step.title} [dim]({step.seconds:.1f} s)[/]")
        self._console.print(
            f"   {step.proof}", style="dim" if step.held else "red", markup=False, emoji=False
        )
