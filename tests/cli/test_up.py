"""`caseload up` from outside: a port in use moves, the pages answer, SIGTERM ends everything."""

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.slow
def test_up_moves_from_a_busy_port_serves_and_leaves_nothing_behind(
    tmp_path: Path, root: Path, busy_port: int
) -> None:
    command = [str(root / "caseload"), "up", "--data", str(tmp_path), "--port", str(busy_port), "--no-seed"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = _until_ready(running)
        address = re.search(r"Pages +(http://localhost:(\d+))", said)
        assert address is not None, said
        assert int(address[2]) > busy_port
        assert httpx.get(address[1], follow_redirects=True, timeout=20).status_code == 200
        children = psutil.Process(running.pid).children(recursive=True)
        running.terminate()
        rest, _ = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 0, said + rest
    assert "Stopped." in rest
    # A server's own children end a moment after it, and whoever inherits them reaps them when it likes.
    _, left = psutil.wait_procs(children, timeout=5)
    assert [one for one in left if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []


def _until_ready(running: "subprocess.Popen[str]") -> str:
    """Everything printed up to the line after the addresses."""
    assert running.stdout is not None
    said = ""
    for line in running.stdout:
        said += line
        if "Ctrl-C stops everything" in line:
            break
    return said
