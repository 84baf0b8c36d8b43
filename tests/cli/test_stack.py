"""The supervisor: what dies is started again, what it leaves behind is found, and nothing that was stored is lost."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import psutil
import pytest

from cli.children import Child, ChildFailed, Program
from cli.lock import FolderInUse
from cli.programs import python
from cli.stack import Stack

SERVERS_ONLY: frozenset[str] = frozenset()

SUPERVISOR = """
import asyncio, pathlib, sys
from cli.stack import Stack

async def main():
    async with Stack(pathlib.Path(sys.argv[1]), roles=frozenset()) as stack:
        print(stack.pid("postgres"), stack.pid("temporal"), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_killed_server_serves_again_with_its_data(tmp_path: Path) -> None:
    async with Stack(tmp_path, roles=SERVERS_ONLY) as stack:
        await _write(stack, "kept")
        killed = stack.kill("postgres")
        await stack.serving("postgres")
        assert stack.pid("postgres") != killed
        assert await _read(stack) == "kept"


async def test_a_second_supervisor_in_the_same_folder_is_refused_by_name(tmp_path: Path) -> None:
    async with Stack(tmp_path, roles=SERVERS_ONLY):
        with pytest.raises(FolderInUse, match=f"process {os.getpid()}"):
            async with Stack(tmp_path, roles=SERVERS_ONLY):
                pass


async def test_servers_die_with_a_killed_supervisor_and_the_next_start_has_the_data(tmp_path: Path) -> None:
    async with Stack(tmp_path, roles=SERVERS_ONLY) as stack:
        await _write(stack, "kept")
        environment = stack.variables()
    servers = await asyncio.to_thread(_kill_a_supervisor, tmp_path, environment)
    _, alive = await asyncio.to_thread(psutil.wait_procs, servers, 15)
    assert alive == []
    async with Stack(tmp_path, roles=SERVERS_ONLY) as stack:
        assert await _read(stack) == "kept"


async def test_a_stopped_stack_leaves_no_process_and_no_pid_file(tmp_path: Path) -> None:
    async with Stack(tmp_path, roles=SERVERS_ONLY) as stack:
        pids = [stack.pid("postgres"), stack.pid("temporal")]
    assert [pid for pid in pids if pid and psutil.pid_exists(pid)] == []
    assert list((tmp_path / "run").glob("*.pid")) == []


async def test_a_child_that_survived_its_supervisor_is_ended_before_a_new_one_starts(tmp_path: Path) -> None:
    sleeper = Program("sleeper", (sys.executable, "-c", "import time; time.sleep(60)"), _at_once)
    first = Child(sleeper, tmp_path, tmp_path / "log")
    await first.start()
    survivor = first.pid
    second = Child(sleeper, tmp_path, tmp_path / "log")
    await second.start()
    try:
        await first.wait()
        assert survivor is not None and survivor != second.pid
        assert not psutil.pid_exists(survivor)
    finally:
        await second.stop()


async def test_a_child_that_ends_at_once_is_reported_with_its_last_words(tmp_path: Path) -> None:
    failing = Program("failing", python("no_such_module_here"), _never)
    child = Child(failing, tmp_path, tmp_path / "log")
    await child.start()
    with pytest.raises(ChildFailed, match="No module named no_such_module_here"):
        await child.until_ready()


def _kill_a_supervisor(folder: Path, environment: dict[str, str]) -> list[psutil.Process]:
    """Start a supervisor in a process of its own, SIGKILL it, and answer the servers it had started."""
    command = [sys.executable, "-P", "-c", SUPERVISOR, str(folder)]
    supervisor = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    servers = [psutil.Process(int(pid)) for pid in supervisor.stdout.readline().split()]
    supervisor.kill()
    supervisor.wait()
    return servers


async def _write(stack: Stack, text: str) -> None:
    connection = await asyncpg.connect(stack.owner_database_url)
    await connection.execute("CREATE TABLE survivor (text text)")
    await connection.execute("INSERT INTO survivor VALUES ($1)", text)
    await connection.close()


async def _read(stack: Stack) -> str:
    connection = await asyncpg.connect(stack.owner_database_url)
    text = await connection.fetchval("SELECT text FROM survivor")
    await connection.close()
    return str(text)


async def _at_once() -> bool:
    return True


async def _never() -> bool:
    return False
