"""Keeps one child running: started again when it ends unasked, with growing pauses and a limit."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from cli.children import Child, ChildFailed, Program

QUICK_DEATHS = 6
# A program that served this long did start: its next end is a new matter. One that cannot start never serves at all.
CALM_SECONDS = 5.0
LONGEST_PAUSE = 10.0


class Supervised:
    """One program kept alive. `tell` hears, in sentences, when it ended and was started again."""

    def __init__(
        self, program: Program, folder: Path, *, tell: Callable[[str], None], failed: asyncio.Future[str]
    ) -> None:
        self.child = Child(program, folder / "run", folder / "logs" / f"{program.name}.log")
        self._tell = tell
        self._failed = failed
        self._serving = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._deaths = 0

    @property
    def name(self) -> str:
        """Name of the program."""
        return self.child.program.name

    async def start(self) -> None:
        """Start it, wait until it serves, and watch over it from then on."""
        await self.child.start()
        await self.child.until_ready()
        self._serving.set()
        self._watch = asyncio.create_task(self._keep_alive())

    async def serving(self) -> None:
        """Return once it serves, again after a crash too."""
        await self._serving.wait()

    def kill(self) -> int:
        """SIGKILL as a crash would; the watch starts it again. Answers the pid that was killed."""
        self._serving.clear()
        return self.child.kill()

    def abandon(self) -> None:
        """SIGKILL it and do not start it again."""
        if self._watch is not None:
            self._watch.cancel()
        if self.child.pid is not None:
            self.child.kill()

    async def stop(self) -> None:
        """Stop watching, then stop the program."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self.child.stop()

    async def _keep_alive(self) -> None:
        while True:
            since = time.monotonic()
            code = await self.child.wait()
            self._serving.clear()
            self._deaths = 1 if time.monotonic() - since > CALM_SECONDS else self._deaths + 1
            if self._deaths > QUICK_DEATHS:
                return self._give_up(f"{self.name} ends again and again; {self.child.last_words()}")
            self._tell(f"{self.name} ended ({_how(code)}); starting it again")
            await asyncio.sleep(min(0.1 * 2 ** (self._deaths - 1), LONGEST_PAUSE))
            await self._again()

    async def _again(self) -> None:
        try:
            await self.child.start()
            await self.child.until_ready()
        except (ChildFailed, OSError) as error:
            self._tell(str(error).split("\n", 1)[0])
            await self.child.stop()  # hung rather than ended: the next round starts afresh
        else:
            self._serving.set()
            self._tell(f"{self.name} serves again")

    def _give_up(self, why: str) -> None:
        if not self._failed.done():
            self._failed.set_result(why)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
