"""Child processes that live and die with us: started, probed until ready, stopped in order, found again after a crash."""

import asyncio
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

LOG_LIMIT = 10_000_000
PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec nothing may take the loader's lock.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class ChildFailed(Exception):
    """A child ended, or did not become ready in time; the text holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how to tell that it serves. `user` is (uid, gid) to become, when we are root.

    `before_start` runs before every start, so that `ready` cannot be answered by traces of an earlier run.
    """

    name: str
    argv: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    user: tuple[int, int] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    ready_seconds: float = 60.0
    before_start: Callable[[], None] | None = None


class Child:
    """One running program. `run_folder` takes its pid file, `log` what it prints."""

    def __init__(self, program: Program, run_folder: Path, log: Path) -> None:
        self.program = program
        self.log = log
        self._pid_file = run_folder / f"{program.name}.pid"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process and alive else None

    @property
    def exit_code(self) -> int | None:
        """How the last run ended; None while it runs or before it ran."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Start the program, after ending one that survived an earlier supervisor."""
        await asyncio.to_thread(end_survivor, self._pid_file, self.program.stop_signal)
        _turn_over(self.log)
        if self.program.before_start is not None:
            await asyncio.to_thread(self.program.before_start)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.program.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.program.folder,
                env=dict(self.program.environment),
                start_new_session=True,  # Ctrl-C reaches only the supervisor, which stops children in order
                **_identity(self.program),
            )
        _remember(self._pid_file, self._process.pid)

    async def until_ready(self) -> None:
        """Return once the probe holds. ChildFailed when the program ends first or the time is over."""
        limit = time.monotonic() + self.program.ready_seconds
        pause = 0.02
        while not await self.program.ready():
            if self.pid is None:
                raise ChildFailed(
                    f"{self.program.name} ended with code {self.exit_code}: {self.last_words()}"
                )
            if time.monotonic() > limit:
                raise ChildFailed(
                    f"{self.program.name} did not answer within {self.program.ready_seconds:.0f} s: {self.last_words()}"
                )
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.25)

    async def wait(self) -> int:
        """Wait for the end; answers the exit code."""
        if self._process is None:
            raise ChildFailed(f"{self.program.name} was never started")
        return await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, and insist when it takes too long."""
        if self._process is not None and self.pid is not None:
            self._send(self.program.stop_signal)
            try:
                await asyncio.wait_for(self._process.wait(), self.program.stop_seconds)
            except TimeoutError:
                self._send(signal.SIGKILL)
                await self._process.wait()
        self._pid_file.unlink(missing_ok=True)

    def kill(self) -> int:
        """SIGKILL, as a crash would; answers the pid that was killed. ChildFailed when nothing runs."""
        pid = self.pid
        if pid is None:
            raise ChildFailed(f"{self.program.name} is not running")
        self._send(signal.SIGKILL)
        return pid

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 8_000))
                tail = log.read().decode("utf-8", "replace").splitlines()[-lines:]
        except OSError as error:
            return f"no log ({error.strerror})"
        return "\n".join([f"see {self.log}", *tail])

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)


def end_survivor(pid_file: Path, stop_signal: signal.Signals = signal.SIGTERM) -> None:
    """End the process that `pid_file` names, if it is still the one we started: same pid, same start time."""
    survivor = _remembered(pid_file)
    if survivor is not None:
        try:
            survivor.send_signal(stop_signal)
            survivor.wait(timeout=5)
        except psutil.TimeoutExpired:
            survivor.kill()
            survivor.wait(timeout=5)
        except psutil.NoSuchProcess:
            pass  # it ended by itself in between
    pid_file.unlink(missing_ok=True)


def _remembered(pid_file: Path) -> psutil.Process | None:
    try:
        noted = json.loads(pid_file.read_text(encoding="ascii"))
        process = psutil.Process(int(noted["pid"]))
        same = abs(process.create_time() - float(noted["started"])) < 1.0
        alive = process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, KeyError, psutil.NoSuchProcess):
        return None
    return process if same and alive else None


def _remember(pid_file: Path, pid: int) -> None:
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return  # it ended at once; the probe reports that
    pid_file.write_text(json.dumps({"pid": pid, "started": started}), encoding="ascii")


def _turn_over(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def _identity(program: Program) -> dict[str, Any]:
    """Popen arguments: whom to become, and the signal the kernel sends when we die without a goodbye."""
    stop = int(program.stop_signal)

    def follow_parent() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, stop, 0, 0, 0)

    asked: dict[str, Any] = {"preexec_fn": follow_parent}
    if program.user is not None:
        uid, gid = program.user
        asked |= {"user": uid, "group": gid, "extra_groups": []}
    return asked


def root_user() -> bool:
    """Whether we run as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
