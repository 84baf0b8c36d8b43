"""The audit chain as arithmetic: hashes of rows and seals, and the comparison that finds the first broken link.

Row hash = SHA-256(previous row hash | canonical JSON of the row); the first row of a seal follows the hash of the seal
before it. Seal hash = SHA-256(previous seal's hash | number | bounds | count | last row hash).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import zip_longest
from typing import Any
from uuid import UUID

HASH = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """A batch of audit rows under one hash: those with `from_txid` <= txid < `before_txid`, by txid and seq."""

    number: int
    from_txid: int
    before_txid: int
    row_hashes: bytes
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first thing in a tenant's chain that is not as it was sealed."""

    seal: int
    seq: int | None
    what: str


def genesis(tenant_id: UUID) -> bytes:
    """What the first seal of a tenant follows."""
    return hashlib.sha256(b"caseload audit chain" + tenant_id.bytes).digest()


def row_hashes(previous: bytes, rows: Sequence[Any]) -> list[bytes]:
    """The chained hashes of audit rows in their order."""
    hashes = []
    for row in rows:
        previous = hashlib.sha256(previous + _canonical(row)).digest()
        hashes.append(previous)
    return hashes


def seal(number: int, from_txid: int, before_txid: int, previous: bytes, rows: Sequence[Any]) -> Seal:
    """Seal these rows after the seal whose hash is `previous`."""
    hashes = row_hashes(previous, rows)
    last = hashes[-1] if hashes else previous
    facts = f"|{number}|{from_txid}|{before_txid}|{len(hashes)}|".encode()
    digest = hashlib.sha256(previous + facts + last).digest()
    return Seal(number, from_txid, before_txid, b"".join(hashes), previous, digest)


def broken_link(kept: Seal, before: Seal | None, tenant_id: UUID, rows: Sequence[Any]) -> BrokenLink | None:
    """Compare a seal with the seal before it and with the rows that are there now; None when all is as sealed."""
    number, start, previous = (
        (before.number + 1, before.before_txid, before.hash) if before else (1, 0, genesis(tenant_id))
    )
    if kept.number != number:
        return BrokenLink(number, None, f"seal {number} is missing")
    if kept.previous_hash != previous or kept.from_txid != start:
        return BrokenLink(number, None, f"seal {number} does not follow the one before it")
    if link := _broken_row(kept, rows):
        return link
    if seal(number, start, kept.before_txid, previous, rows).hash != kept.hash:
        return BrokenLink(number, None, f"seal {number} itself was altered")
    return None


def _broken_row(kept: Seal, rows: Sequence[Any]) -> BrokenLink | None:
    sealed = [kept.row_hashes[at : at + HASH] for at in range(0, len(kept.row_hashes), HASH)]
    there = row_hashes(kept.previous_hash, rows)
    for row, expected, actual in zip_longest(rows, sealed, there):
        if expected == actual:
            continue
        if row is None:
            return BrokenLink(kept.number, None, f"a row is missing at the end of seal {kept.number}")
        what = "was added" if expected is None else "was altered, or one before it is missing or was added"
        return BrokenLink(kept.number, row["seq"], f"row {row['seq']} in seal {kept.number} {what}")
    return None


def _canonical(row: Any) -> bytes:
    """One spelling for one row: keys sorted, no blanks, time in UTC to the microsecond."""
    facts = {
        "tenant_id": str(row["tenant_id"]),
        "seq": row["seq"],
        "txid": row["txid"],
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": str(row["actor_id"]) if row["actor_id"] else None,
        "actor_kind": row["actor_kind"],
        "action": row["action"],
        "subject_type": row["subject_type"],
        "subject_id": row["subject_id"],
        "outcome": row["outcome"],
        "phi": row["phi"],
        "detail": json.loads(row["detail"]),
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
