"""Sealing the audit trail in batches, and verifying it. Commands never wait for it: only what can no longer change is sealed.

A transaction older than every running one has ended, so no row with its id can still appear. Rows are therefore
ordered by transaction id, and a seal covers those up to the oldest transaction that is still running.
"""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from database.session import Session, platform_session, tenant_session
from domain.tenancy import workflow_actor
from services import door
from services.tenancy.anchor import AnchorFile, AnchorLine, AnchorUnreadable
from services.tenancy.chain import BrokenLink, Seal, broken_link, genesis, seal

log = logging.getLogger("caseload.audit")

ROWS_A_SEAL = 10_000

_anchor: AnchorFile | None = None

_LAST = """
SELECT number, before_txid::text::bigint AS before_txid, hash FROM audit_seals ORDER BY number DESC LIMIT 1
"""
_ROWS = """
SELECT tenant_id, seq, txid::text::bigint AS txid, at, actor_id, actor_kind, action, subject_type, subject_id,
       outcome, phi, detail
FROM audit_log WHERE tenant_id = current_tenant() AND txid >= $1::text::xid8 AND txid < $2::text::xid8
ORDER BY audit_log.txid, seq
"""
# Up to the oldest running transaction, or to where a batch is full; one transaction is never split.
_BOUND = """
SELECT coalesce((SELECT txid FROM audit_log WHERE tenant_id = current_tenant() AND txid > $1::text::xid8
        AND txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY txid, seq OFFSET $2 LIMIT 1),
    pg_snapshot_xmin(pg_current_snapshot()))::text::bigint
"""
_SEALS = """
SELECT number, from_txid::text::bigint AS from_txid, before_txid::text::bigint AS before_txid, row_hashes,
    previous_hash, hash FROM audit_seals
"""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying one tenant's chain showed. `broken` None means every seal and row is as it was made."""

    tenant_id: UUID
    subdomain: str
    seals: int
    rows: int
    unsealed: int
    anchored: int
    broken: BrokenLink | None


def configure(anchor_file: Path | None) -> None:
    """Name the file that receives one line a seal; None anchors nothing."""
    global _anchor
    _anchor = AnchorFile(anchor_file) if anchor_file else None


@door.public("run by the worker; it adds seals and shows nothing")
async def seal_forever(anchor_file: Path | None = None, every: float = 10.0) -> None:
    """Seal what is new every so many seconds until cancelled, anchored in the given file."""
    configure(anchor_file)
    while True:
        try:
            await seal_all()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            # What was not sealed now is sealed the next time.
            log.warning("sealing postponed: %s", type(error).__name__)
        except AnchorUnreadable as error:
            # Work goes on; `caseload audit verify` says the same to whoever asks.
            log.error("the anchor file is damaged at %s", error)
        await asyncio.sleep(every)


@door.public("run by the worker and the command line; it adds seals and shows nothing")
async def seal_all() -> int:
    """Seal the new audit rows of every tenant; how many seals were made."""
    made = 0
    for tenant_id, _ in await _tenants(None):
        while sealed := await _seal_next(tenant_id):
            made += 1
            if len(sealed.row_hashes) // 32 < ROWS_A_SEAL:
                break
        await _anchor_all(tenant_id)
    return made


@door.public("run by the command line on the server; it shows hashes and row numbers, no content")
async def verify(subdomain: str | None = None) -> list[Verification]:
    """Recompute the chain of one tenant or of all, and compare it with the anchor."""
    anchored = await asyncio.to_thread(_anchor.lines) if _anchor else {}
    return [
        await _verified(tenant_id, name, anchored.get(tenant_id, {}))
        for tenant_id, name in await _tenants(subdomain)
    ]


@dataclass(frozen=True, slots=True)
class Proof:
    """What stands behind one audit row: the number of the seal that covers it, None while it waits for one; `broken`
    says what is wrong with that seal, None when every row under it is as it was sealed."""

    seal: int | None
    broken: BrokenLink | None


async def proof_of(session: Session, seq: int) -> Proof:
    """Recompute the seal over one audit row of the session's tenant."""
    number = await session.value(
        "SELECT s.number FROM audit_log a JOIN audit_seals s ON s.tenant_id = a.tenant_id"
        " AND a.txid >= s.from_txid AND a.txid < s.before_txid WHERE a.tenant_id = current_tenant() AND a.seq = $1",
        seq,
    )
    if number is None:
        return Proof(None, None)
    seals = await session.fetch(f"{_SEALS} WHERE number = ANY($1) ORDER BY number", [number - 1, number])
    before, kept = (_seal(seals[0]) if len(seals) > 1 else None), _seal(seals[-1])
    rows = await session.fetch(_ROWS, str(kept.from_txid), str(kept.before_txid))
    return Proof(number, await asyncio.to_thread(broken_link, kept, before, session.tenant_id, rows))


async def _tenants(subdomain: str | None) -> list[tuple[UUID, str]]:
    async with platform_session() as connection:
        rows = await connection.fetch(
            "SELECT id, subdomain FROM tenants WHERE $1::text IS NULL OR subdomain = $1 ORDER BY id",
            subdomain,
        )
    return [(row["id"], row["subdomain"]) for row in rows]


async def _seal_next(tenant_id: UUID) -> Seal | None:
    """Seal one batch, or answer None: nothing new, or another process is at it."""
    async with tenant_session(workflow_actor(tenant_id, "audit seal")) as session:
        if not await session.value(
            "SELECT pg_try_advisory_xact_lock(hashtext('audit seal ' || $1))", str(tenant_id)
        ):
            return None
        last = await session.row(_LAST)
        number, start, previous = (
            (last["number"] + 1, last["before_txid"], last["hash"]) if last else (1, 0, genesis(tenant_id))
        )
        bound = await session.value(_BOUND, str(start), ROWS_A_SEAL)
        rows = await session.fetch(_ROWS, str(start), str(bound))
        if not rows:
            return None
        made = seal(number, start, bound, previous, rows)
        await _store(session, made, len(rows))
    return made


async def _store(session: Session, made: Seal, count: int) -> None:
    await session.execute(
        "INSERT INTO audit_seals (tenant_id, number, from_txid, before_txid, row_count, row_hashes, previous_hash, hash)"
        " VALUES ($1, $2, $3::text::xid8, $4::text::xid8, $5, $6, $7, $8)",
        session.tenant_id,
        made.number,
        str(made.from_txid),
        str(made.before_txid),
        count,
        made.row_hashes,
        made.previous_hash,
        made.hash,
    )


async def _anchor_all(tenant_id: UUID) -> None:
    """Bring the anchor up to the seals: also those that were committed just before a crash."""
    if _anchor is None:
        return
    anchored = await asyncio.to_thread(_anchor.highest, tenant_id)
    async with tenant_session(workflow_actor(tenant_id, "audit seal")) as session:
        rows = await session.fetch(
            "SELECT number, hash FROM audit_seals WHERE number > $1 ORDER BY number", anchored
        )
    if rows:
        lines = [AnchorLine(tenant_id, row["number"], row["hash"]) for row in rows]
        await asyncio.to_thread(_anchor.append, lines)


async def _verified(tenant_id: UUID, subdomain: str, anchored: dict[int, bytes]) -> Verification:
    async with tenant_session(workflow_actor(tenant_id, "audit verify")) as session:
        return await _walk(session, subdomain, anchored)


async def _walk(session: Session, subdomain: str, anchored: dict[int, bytes]) -> Verification:
    before: Seal | None = None
    broken: BrokenLink | None = None
    total = 0
    for kept in [_seal(row) for row in await session.fetch(f"{_SEALS} ORDER BY number")]:
        rows = await session.fetch(_ROWS, str(kept.from_txid), str(kept.before_txid))
        broken = broken_link(kept, before, session.tenant_id, rows) or _off_anchor(kept, anchored)
        if broken:
            break
        before, total = kept, total + len(rows)
    sealed = before.number if before else 0
    if broken is None and (lost := [number for number in anchored if number > sealed]):
        broken = BrokenLink(
            min(lost), None, f"seal {min(lost)} is in the anchor but no longer in the database"
        )
    unsealed = await session.value(
        "SELECT count(*) FROM audit_log WHERE txid >= $1::text::xid8",
        str(before.before_txid if before else 0),
    )
    return Verification(session.tenant_id, subdomain, sealed, total, unsealed, len(anchored), broken)


def _off_anchor(kept: Seal, anchored: dict[int, bytes]) -> BrokenLink | None:
    if anchored.get(kept.number, kept.hash) != kept.hash:
        return BrokenLink(kept.number, None, f"seal {kept.number} is not the one that was anchored")
    return None


def _seal(row: Any) -> Seal:
    return Seal(**row)
