"""Drives a sandbox process from outside: starts and kills it, enrols partners, uploads and reads through SFTP."""

import io
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import oxedi
import paramiko
from pyx12.x12file import X12Reader

ROOT = Path(__file__).parents[2]
_PATIENCE = 20.0

Segments = list[list[str]]


def key_line(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


@dataclass
class SandboxProcess:
    """`python -m sandbox serve` on free ports over a folder that outlives it."""

    data: Path
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    sftp_port: int = 0
    control_port: int = 0
    host_key: str = ""

    def start(self) -> None:
        ready = self.data / "ready.json"
        ready.unlink(missing_ok=True)
        command = [
            sys.executable,
            "-m",
            "sandbox",
            "serve",
            "--data",
            str(self.data),
            "--ready-file",
            str(ready),
        ]
        self.process = subprocess.Popen([*command, *self.options], cwd=ROOT, stdout=subprocess.DEVNULL)
        wait_until(lambda: ready.exists() or self.process.poll() is not None, "the sandbox to be ready")
        assert self.process.poll() is None, "the sandbox ended at its start"
        told = json.loads(ready.read_text())
        assert told["pid"] == self.process.pid
        self.sftp_port, self.control_port, self.host_key = (
            told["sftp_port"],
            told["control_port"],
            told["host_key"],
        )

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """Whatever state a failed test left it in."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def ask(self, path: str, body: dict[str, Any] | bytes | None = None) -> tuple[int, dict[str, Any]]:
        """GET without a body, POST with one."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        request = urllib.request.Request(f"http://127.0.0.1:{self.control_port}{path}", data)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def settle(self) -> None:
        """Until every upload is answered and every answer delivered."""

        def settled() -> bool:
            _, health = self.ask("/health")
            return not health["uploads_waiting"] and not health["answers_due"]

        wait_until(settled, "every answer to be delivered")

    def partner(self, username: str, sender: str = "SENDER1") -> "Partner":
        key = paramiko.Ed25519Key.from_private_key(io.StringIO(_new_key()))
        status, told = self.ask(
            "/enrolments", {"username": username, "public_key": key_line(key), "sender_id": sender}
        )
        assert status == 201, told
        return Partner(self, username, key, sender)


@dataclass
class Partner:
    """An enrolled submitter with one SFTP session at a time."""

    sandbox: SandboxProcess
    username: str
    key: paramiko.PKey
    sender: str = "SENDER1"
    _sftp: paramiko.SFTPClient | None = None
    _seen: set[str] = field(default_factory=set)

    @property
    def sftp(self) -> paramiko.SFTPClient:
        if self._sftp is None:
            transport = paramiko.Transport(("127.0.0.1", self.sandbox.sftp_port))
            transport.connect(username=self.username, pkey=self.key)
            assert key_line(transport.get_remote_server_key()) == self.sandbox.host_key
            self._sftp = paramiko.SFTPClient.from_transport(transport)
            assert self._sftp is not None
        return self._sftp

    def disconnect(self) -> None:
        if self._sftp is not None:
            self._sftp.get_channel().get_transport().close()
            self._sftp = None

    def upload(self, name: str, text: str | bytes) -> None:
        """Temporary name, then rename, as a careful submitter does."""
        with self.sftp.open(f"inbound/{name}.tmp", "w") as file:
            file.write(text)
        self.sftp.posix_rename(f"inbound/{name}.tmp", f"inbound/{name}")

    def exchange(self, name: str, text: str | bytes) -> "Answers":
        """Uploads one file, waits for all of its answers, and reads those that are new."""
        self.upload(name, text)
        return self.collect()

    def collect(self) -> "Answers":
        self.sandbox.settle()
        fresh = [one for one in self.sftp.listdir("outbound") if one not in self._seen]
        self._seen.update(fresh)
        return Answers({one: self.read(one) for one in fresh})

    def read(self, name: str) -> bytes:
        with self.sftp.open(f"outbound/{name}", "r") as file:
            return file.read()


@dataclass
class Answers:
    """Answer files by name, each proved readable by pyx12's reader when it is asked for."""

    files: dict[str, bytes]

    def names(self, prefix: str) -> list[str]:
        return sorted(name for name in self.files if name.startswith(prefix))

    def of(self, prefix: str) -> list[Segments]:
        return [segments(self.files[name]) for name in self.names(prefix)]

    def one(self, prefix: str) -> Segments:
        found = self.of(prefix)
        assert len(found) == 1, sorted(self.files)
        return found[0]

    def kinds(self) -> list[str]:
        return sorted(
            {name.rsplit("_", 2)[0] if "277" in name or "999" in name else name[:3] for name in self.files}
        )

    def statuses(self, prefix: str) -> dict[str, list[str]]:
        """STC composites by claim number, over all files of that prefix."""
        found: dict[str, list[str]] = {}
        for file in self.of(prefix):
            level = number = ""
            for segment in file:
                if segment[0] == "HL":
                    level = segment[3]
                elif segment[0] == "TRN":
                    number = segment[2]
                elif segment[0] == "STC" and level == "PT":
                    found[number] = [segment[1], *segment[10:12]]
        return found

    def control_numbers(self) -> dict[str, str]:
        """REF*1K by claim number."""
        found, number = {}, ""
        for file in self.of("277CA_PAYER"):
            for segment in file:
                if segment[0] == "TRN":
                    number = segment[2]
                elif segment[:2] == ["REF", "1K"]:
                    found[number] = segment[2]
        return found

    def paid(self) -> list[list[str]]:
        """Every CLP of every 835, each file found in balance by oxedi first."""
        for name in self.names("835"):
            assert oxedi.parse(self.files[name]).diagnostics == [], name
        return [segment for file in self.of("835") for segment in file if segment[0] == "CLP"]


def segments(data: bytes) -> Segments:
    """Read with pyx12's reader, which checks envelopes and counts."""
    reader = X12Reader(io.StringIO(data.decode("ascii")))
    found = [
        [one.get_seg_id(), *(one.get_value(f"{n:02d}") or "" for n in range(1, len(one) + 1))]
        for one in reader
    ]
    assert reader.pop_errors() == []
    return found


def wait_until(holds: Any, what: str) -> None:
    """Asks another process again and again, with a limit."""
    limit = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < limit, f"waited in vain for {what}"
        time.sleep(0.005)


def _new_key() -> str:
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    return key.private_bytes(s.Encoding.PEM, s.PrivateFormat.OpenSSH, s.NoEncryption()).decode()
