"""The anchor: one line a seal in a file outside the database, so that a chain rewritten as a whole is found out."""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
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

    def lines(self) -> dict[UUID, dict[int, bytes]]:
        """Hashes by tenant and seal number; the first line of a seal counts, a later one cannot replace it."""
        kept: dict[UUID, dict[int, bytes]] = {}
        if self._path.exists():
            for number, text in enumerate(self._path.read_text(encoding="ascii").splitlines(), 1):
                line = _line(number, text)
                kept.setdefault(line.tenant_id, {}).setdefault(line.number, line.hash)
        return kept

    def append(self, lines: Iterable[AnchorLine]) -> int:
        """Write the lines that are not there yet, and have them on the disk before answering; how many were new."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            kept = self.lines()
            new = [line for line in lines if line.number not in kept.get(line.tenant_id, {})]
            for line in new:
                facts = {"tenant": str(line.tenant_id), "seal": line.number, "hash": line.hash.hex()}
                file.write(json.dumps(facts) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return len(new)


def _line(number: int, text: str) -> AnchorLine:
    try:
        facts = json.loads(text)
        return AnchorLine(UUID(facts["tenant"]), int(facts["seal"]), bytes.fromhex(facts["hash"]))
    except (ValueError, KeyError, TypeError):
        raise AnchorUnreadable(f"line {number}") from None
