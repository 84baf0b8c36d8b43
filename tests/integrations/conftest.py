"""The practice clearinghouse as its own process: a real SFTP server of another party."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Partner:
    """Where the clearinghouse listens, and the folder under which its users' mailboxes lie."""

    sftp_port: int
    control_url: str
    host_key: str
    homes: Path


@pytest.fixture(scope="session")
def partner(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Partner]:
    """A running practice clearinghouse on free ports."""
    data = tmp_path_factory.mktemp("clearinghouse")
    ready = data / "ready.json"
    # A 999 that is an hour away leaves mailboxes as the test made them.
    arguments = ["serve", "--data", str(data), "--ready-file", str(ready), "--delay-999", "3600"]
    process = subprocess.Popen([sys.executable, "-m", "sandbox", *arguments], cwd=root)
    try:
        told = _ready(process, ready)
        url = f"http://127.0.0.1:{told['control_port']}"
        yield Partner(int(told["sftp_port"]), url, str(told["host_key"]), data / "homes")
    finally:
        process.terminate()
        process.wait(10)


def _ready(process: subprocess.Popen[bytes], ready: Path) -> dict[str, object]:
    deadline = time.monotonic() + 20
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the practice clearinghouse did not start")
        time.sleep(0.05)
    told: dict[str, object] = json.loads(ready.read_text())
    return told
