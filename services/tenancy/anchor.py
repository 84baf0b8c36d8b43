"""The anchor: one line a seal in a file outside the database, so that a chain rewritten as a whole is found out."""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """A seal as it was when it was made."""

    tenant_id: UUID
    number: int
    hash: bytes


class AnchorUnreadable(Exception):
    """A line of the anchor file is not one of ours. Names the line."""


class AnchorFile:
    """An append-only file. Put it where the database's administrators cannot write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_to = 0
        self._lines_read = 0
        self._highest: dict[UUID, int] = {}

    def lines(self) -> dict[UUID, dict[int, bytes]]:
        """Hashes by tenant and seal number; the first line of a seal counts, a later one cannot replace it."""
        kept: dict[UUID, dict[int, bytes]] = {}
        if self._path.exists():
            for number, text in enumerate(self._path.read_bytes().splitlines(), 1):
                line = _line(number, text)
                kept.setdefault(line.tenant_id, {}).setdefault(line.number, line.hash)
        return kept

    def highest(self, tenant_id: UUID) -> int:
        """Number of the tenant's last anchored seal, 0 when there is none. Reads only what is new since the last time."""
        if self._path.exists():
            with self._path.open("rb") as file:
                self._catch_up(file)
        return self._highest.get(tenant_id, 0)

    def append(self, lines: Iterable[AnchorLine]) -> int:
        """Write the lines that are not there yet, and have them on the disk before answering; how many were new."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._catch_up(file)
            # Half a line at the end is what a crash left of a write; its seal comes again now.
            file.truncate(self._read_to)
            new = [line for line in lines if line.number > self._highest.get(line.tenant_id, 0)]
            for line in new:
                facts = {"tenant": str(line.tenant_id), "seal": line.number, "hash": line.hash.hex()}
                file.write(json.dumps(facts).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return len(new)

    def _catch_up(self, file: BinaryIO) -> None:
        """Read what other processes appended. A file that became shorter is read anew."""
        if file.seek(0, os.SEEK_END) < self._read_to:
            self._read_to, self._lines_read, self._highest = 0, 0, {}
        file.seek(self._read_to)
        for text in file:
            if not text.endswith(b"\n"):
                break  # another process is writing this line at the moment
            self._lines_read += 1
            line = _line(self._lines_read, text)
            self._highest[line.tenant_id] = max(line.number, self._highest.get(line.tenant_id, 0))
            self._read_to += len(text)


def _line(number: int, text: bytes) -> AnchorLine:
    try:
        facts = json.loads(text)
        return AnchorLine(UUID(facts["tenant"]), int(facts["seal"]), bytes.fromhex(facts["hash"]))
    except (ValueError, KeyError, TypeError):
        raise AnchorUnreadable(f"line {number}") from None
