"""Mutants of remittances applied to a real database with two tenants: each is posted whole, or leaves nothing behind."""

import asyncio
import logging
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
from temporalio.testing import ActivityEnvironment

from activities.edi.applying import apply_file
from activities.edi.fetching import store_inbound
from activities.edi.messages import FileTask
from bench.fuzzing.mutants import SAMPLES, SEED, mutant
from bench.migrating import migrated
from bench.remit import BYTES_PER_CLAIM, remittance
from cli.postgres import Postgres
from database import session as database
from database.session import make_tenant_key, tenant_session
from domain.remittances.balance import prove
from domain.tenancy import workflow_actor
from domain.x12.decode_835 import read_835
from domain.x12.errors import Unreadable

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = 40
_TENANT = """
WITH t AS (INSERT INTO tenants (name, subdomain, status) VALUES ($1, $1, 'active') RETURNING id),
c AS (INSERT INTO clients (tenant_id, name, npi, tax_id, taxonomy, line1, city, state, postal_code)
      SELECT id, 'Clinic', '1234567893', '123456789', '207Q00000X', '1 Road', 'Dayton', 'OH', '454021234' FROM t
      RETURNING tenant_id, id),
p AS (INSERT INTO payers (tenant_id, name, payer_id) SELECT id, 'Northern Health Plan', '12345' FROM t RETURNING id),
n AS (INSERT INTO connections (tenant_id, name, host, port, username, host_key, private_key, sender_id, receiver_id)
      SELECT id, 'Practice', '127.0.0.1', 22, 'ours', 'none', '\\x00', 'OURS', 'PRACTICE' FROM t RETURNING id),
s AS (INSERT INTO patients (tenant_id, client_id, account_number, person)
      SELECT tenant_id, id, '10001', '\\x00' FROM c RETURNING tenant_id, id),
v AS (INSERT INTO coverages (tenant_id, patient_id, payer_id, subscriber, member_id_index)
      SELECT t.id, s.id, p.id, '\\x00', '\\x00' FROM t, s, p RETURNING tenant_id, patient_id, payer_id, id)
SELECT v.tenant_id, c.id AS client_id, v.patient_id, v.id AS coverage_id, v.payer_id, n.id AS connection_id FROM v, c, n
"""
_CLAIMS = """
INSERT INTO claims (tenant_id, reference, client_id, patient_id, coverage_id, payer_id, connection_id, status, step, coded_at,
    released_at, batched_at, sent_at, charge_cents, service_from, service_to)
SELECT $1, 'C-' || n, $2, $3, $4, $5, $6, 'sent', 'sent', now(), now(), now(), now(), 10000, '2026-10-01', '2026-10-01'
FROM generate_series(0, $7::int - 1) n
"""
_VERSIONS = """
INSERT INTO claim_versions (tenant_id, claim_id, version, claim_number, claim_number_key, charge_cents, submitted_at)
SELECT tenant_id, id, 1, 'CLM' || lpad(substr(reference, 3), 8, '0'), 'CLM' || lpad(substr(reference, 3), 8, '0'), 10000, now()
FROM claims WHERE tenant_id = $1
"""
_OUTCOME = """
SELECT f.status, coalesce(array_agg(r.status ORDER BY r.ordinal) FILTER (WHERE r.id IS NOT NULL), '{}') AS remittances,
    coalesce(array_agg(r.ordinal ORDER BY r.ordinal) FILTER (WHERE r.id IS NOT NULL), '{}') AS ordinals,
    coalesce(array_agg((SELECT count(*) FROM remittance_claims c WHERE c.tenant_id = r.tenant_id
        AND c.remittance_id = r.id)::int ORDER BY r.ordinal) FILTER (WHERE r.id IS NOT NULL), '{}') AS claims
FROM edi_files f LEFT JOIN remittances r ON r.tenant_id = f.tenant_id AND r.file_id = f.id
WHERE f.tenant_id = $1 AND f.id = $2 GROUP BY f.tenant_id, f.id, f.status
"""
_LEDGER = """
SELECT tenant_id, posting_id FROM ledger_entries GROUP BY tenant_id, posting_id HAVING sum(amount_cents) <> 0
"""
_TOTALS = """
SELECT t.id, (SELECT coalesce(sum(amount_cents), 0) FROM ledger_entries l WHERE l.tenant_id = t.id)::bigint AS ledger,
    (SELECT count(*) FROM ledger_entries l WHERE l.tenant_id = t.id) + (SELECT count(*) FROM remittances r
    WHERE r.tenant_id = t.id) + (SELECT count(*) FROM remittance_claims c WHERE c.tenant_id = t.id) AS rows
FROM tenants t
"""


@dataclass
class Posted:
    """What came of the files. `outcomes` counts transactions by their status, and files refused as `unreadable`."""

    files: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def post_mutants(count: int) -> Posted:
    """Apply `count` mutants to two tenants in turn, on a database of their own."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        return asyncio.run(_with_database(Path(folder), count))


async def _with_database(folder: Path, count: int) -> Posted:
    server = Postgres(folder, throwaway=True)
    await server.start()
    try:
        await migrated(server.owner_url())
        owner = await asyncpg.connect(server.owner_url())
        await database.start(server.app_url(), os.urandom(32))
        try:
            return await in_two_tenants(owner, count)
        finally:
            await database.stop()
            await owner.close()
    finally:
        await server.stop()


async def in_two_tenants(owner: asyncpg.Connection, count: int) -> Posted:
    """The run itself, on an open database: `owner` sees every tenant's rows."""
    logging.getLogger("temporalio").setLevel(logging.ERROR)
    tenants = [await _tenant(owner, name) for name in ("fuzz-north", "fuzz-south")]
    posted = Posted()
    files = _remittances()
    before = await _totals(owner)
    for number in range(count):
        (tenant_id, connection_id), (other, _) = tenants[number % 2], tenants[1 - number % 2]
        body = _body(number, files)
        started = time.perf_counter()
        await _apply(posted, owner, number, body, tenant_id, connection_id)
        posted.seconds += time.perf_counter() - started
        posted.files += 1
        after = await _totals(owner)
        if after[other] != before[other]:
            posted.faults.append(f"{number}: rows of the other tenant changed")
        if any(ledger for ledger, _ in after.values()):
            posted.faults.append(f"{number}: the ledger does not sum to zero")
        before = after
    if uneven := await owner.fetch(_LEDGER):
        posted.faults.append(f"{len(uneven)} postings do not sum to zero")
    return posted


async def _apply(
    posted: Posted, owner: asyncpg.Connection, number: int, body: bytes, tenant_id: UUID, connection_id: UUID
) -> None:
    async with tenant_session(workflow_actor(tenant_id, "bench")) as session:
        file_id = await store_inbound(session, connection_id, f"mutant-{number}.835", body)
    found = await owner.fetchrow(_OUTCOME, tenant_id, file_id)
    if found["status"] != "stored":
        return  # the same bytes as an earlier mutant: they were applied then
    try:
        await ActivityEnvironment().run(apply_file, FileTask(tenant_id, file_id))
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for, and it is told
        posted.faults.append(f"{number}: {type(error).__name__}: {error}"[:300])
    found = await owner.fetchrow(_OUTCOME, tenant_id, file_id)
    posted.outcomes.update(found["remittances"] or [found["status"]])
    if fault := _fault(body, found):
        posted.faults.append(f"{number}: {fault}")


def _fault(body: bytes, found: asyncpg.Record) -> str:
    """Everything or nothing: a row for each 835 of the file with all of its claims, or no row at all."""
    statuses, ordinals, claims = found["remittances"], found["ordinals"], found["claims"]
    if found["status"] == "unreadable":
        return "refused, yet something of it was stored" if statuses else ""
    if found["status"] == "stored":
        return "still stored after it was applied"
    try:
        transactions = list(read_835(body))
    except Unreadable:
        return "applied, though it cannot be read"
    if ordinals != [one.header.st_ordinal for one in transactions]:
        return f"transactions {[one.header.st_ordinal for one in transactions]} came to rows {ordinals}"
    for one, status, count in zip(transactions, statuses, claims, strict=True):
        sound = not any(finding.severity == "error" for finding in prove(one))
        if sound != (status in ("posted", "duplicate")):
            return f"transaction {one.header.st_ordinal} is {status}, and its balances {'hold' if sound else 'do not hold'}"
        if status == "posted" and count != len(one.claims):
            return f"{count} of {len(one.claims)} claims are posted"
    return ""


def _remittances() -> tuple[bytes, ...]:
    """Balanced remittances of one to twelve claims, and our own samples with reversals, interest and provider adjustments."""
    made = [b"".join(remittance(claims * BYTES_PER_CLAIM)) for claims in (1, 2, 3, 5, 12)]
    return (*made, *(path.read_bytes() for path in sorted((SAMPLES / "own").glob("*.835"))))


def _body(number: int, files: tuple[bytes, ...]) -> bytes:
    """A mutant under a trace of its own; one in four is left whole, one in ten is an earlier one in other bytes."""
    if number % 10 == 9:
        # Two before, because the tenants take turns.
        return _body(number - 2, files) + b"\n"
    dice = random.Random(SEED * 7_919 + number)
    body = files[dice.randrange(len(files))] if number % 4 == 3 else mutant(number, files)[1]
    for known in (b"TRACE0001", b"EFT-000101", b"EFT-000102"):
        body = body.replace(known, f"T{number:07d}".encode())
    return body


async def _totals(owner: asyncpg.Connection) -> dict[UUID, tuple[int, int]]:
    return {row["id"]: (row["ledger"], row["rows"]) for row in await owner.fetch(_TOTALS)}


async def _tenant(owner: asyncpg.Connection, name: str) -> tuple[UUID, UUID]:
    """(tenant, connection) with claims on their way, some of which the remittances answer."""
    one = await owner.fetchrow(_TENANT, name)
    await owner.execute(
        _CLAIMS, one["tenant_id"], one["client_id"], one["patient_id"], one["coverage_id"], one["payer_id"],
        one["connection_id"], CLAIMS,
    )  # fmt: skip
    await owner.execute(_VERSIONS, one["tenant_id"])
    async with tenant_session(workflow_actor(one["tenant_id"], "bench")) as session:
        await make_tenant_key(session)
        await session.key()
    return one["tenant_id"], one["connection_id"]
