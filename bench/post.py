"""A remittance of 12,500 claims taken in, matched, posted and signalled, beside a bare COPY of the rows that it wrote.

Through the activity that applies files, on a durable PostgreSQL of its own, with 12,500 sent claims waiting. A claim is
signalled when its message stands in the outbox, committed with its money; from there couriers carry it. The COPY fills
tables with the keys and indexes of ours, without their policies and triggers; `ratio_to_heaps` is against tables that
have no key either.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from temporalio.testing import ActivityEnvironment

from activities.edi.applying import apply_file
from activities.edi.fetching import store_inbound
from activities.edi.messages import FileTask
from bench.migrating import migrated
from bench.remit import BYTES_PER_CLAIM, remittance
from cli.postgres import Postgres
from database import session as database
from database.session import make_tenant_key, tenant_session
from domain.remittances.outcome import normalised_claim_number
from domain.tenancy import workflow_actor

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = 12_500
ROUNDS = 5
LEAST_RATIO = 0.15
# What a posting writes: rows added, and the claims' own rows anew.
_WRITTEN = ("remittances", "remittance_claims", "remittance_lines", "adjustments", "provider_adjustments",
            "ledger_entries", "claim_activities", "denials", "denial_lines", "outbox", "claims")  # fmt: skip
_MASTERS = """
WITH t AS (INSERT INTO tenants (name, subdomain, status) VALUES ($1, $1, 'active') RETURNING id),
c AS (INSERT INTO clients (tenant_id, name, npi, tax_id, taxonomy, line1, city, state, postal_code)
      SELECT id, 'Clinic', '1234567893', '123456789', '207Q00000X', '1 Road', 'Dayton', 'OH', '454021234' FROM t
      RETURNING tenant_id, id),
p AS (INSERT INTO payers (tenant_id, name, payer_id) SELECT id, 'Northern Health Plan', '12345' FROM t
      RETURNING tenant_id, id),
n AS (INSERT INTO connections (tenant_id, name, host, port, username, host_key, private_key, sender_id, receiver_id)
      SELECT id, 'Practice', '127.0.0.1', 22, 'ours', 'none', '\\x00', 'OURS', 'PRACTICE' FROM t
      RETURNING tenant_id, id),
s AS (INSERT INTO patients (tenant_id, client_id, account_number, person)
      SELECT tenant_id, id, '10001', '\\x00' FROM c RETURNING tenant_id, id)
INSERT INTO coverages (tenant_id, patient_id, payer_id, subscriber, member_id_index)
SELECT t.id, s.id, p.id, '\\x00', '\\x00' FROM t, s, p
RETURNING tenant_id, patient_id, payer_id, id AS coverage_id, (SELECT id FROM c) AS client_id, (SELECT id FROM n) AS connection_id
"""


_SIGNALLED = (
    "SELECT count(DISTINCT workflow_id) FROM outbox WHERE tenant_id = $1 AND workflow = 'ClaimLifecycle'"
)


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds to post, to copy into tables with keys, and into heaps; rows written."""

    posted: float
    copied: float
    heaped: float
    rows: int


def run() -> dict[str, Any]:
    """Rounds that post and copy in turn; the ratio is the median of the rounds' ratios."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        rounds = asyncio.run(_measure(Path(folder)))
    ratio = median(one.copied / one.posted for one in rounds)
    return {
        "bench": "post",
        "figures": {
            "claims": CLAIMS,
            "posted_claims_per_second": round(CLAIMS / median(one.posted for one in rounds)),
            "copied_claims_per_second": round(CLAIMS / median(one.copied for one in rounds)),
            "rows": rounds[0].rows,
            "ratio": round(ratio, 3),
            "ratio_to_heaps": round(median(one.heaped / one.posted for one in rounds), 3),
            "rounds": ROUNDS,
        },
        "holds": {f"ratio_at_least_{LEAST_RATIO}": ratio >= LEAST_RATIO},
    }


async def _measure(folder: Path) -> list[Round]:
    """The rounds after one that warms up."""
    server = Postgres(folder)
    await server.start()
    try:
        await migrated(server.owner_url())
        owner = await asyncpg.connect(server.owner_url())
        await database.start(server.app_url(), os.urandom(32))
        try:
            return [await _round(owner, f"round-{number}-x") for number in range(ROUNDS + 1)][1:]
        finally:
            await database.stop()
            await owner.close()
    finally:
        await server.stop()


async def _round(owner: asyncpg.Connection, name: str) -> Round:
    masters = await owner.fetchrow(_MASTERS, name)
    tenant_id = masters["tenant_id"]
    async with tenant_session(workflow_actor(tenant_id, "bench")) as session:
        await make_tenant_key(session)
        await session.key()
    await _claims_sent(owner, masters)
    await owner.execute("VACUUM ANALYZE")
    seconds = await _posted(
        tenant_id, masters["connection_id"], b"".join(remittance(CLAIMS * BYTES_PER_CLAIM))
    )
    assert await owner.fetchval(_SIGNALLED, tenant_id) == CLAIMS
    rows = {
        table: [
            tuple(row) for row in await owner.fetch(f"SELECT * FROM {table} WHERE tenant_id = $1", tenant_id)
        ]
        for table in _WRITTEN
    }
    copied = await _copied(owner, rows, "(LIKE {table} INCLUDING INDEXES INCLUDING CONSTRAINTS)")
    heaped = await _copied(owner, rows, "(LIKE {table})")
    return Round(seconds, copied, heaped, sum(len(records) for records in rows.values()))


async def _posted(tenant_id: UUID, connection_id: UUID, body: bytes) -> float:
    started = time.perf_counter()
    async with tenant_session(workflow_actor(tenant_id, "bench")) as session:
        file_id = await store_inbound(session, connection_id, "payment.835", body)
    applied = await ActivityEnvironment().run(apply_file, FileTask(tenant_id, file_id))
    seconds = time.perf_counter() - started
    assert (applied.status, applied.claims, applied.signals) == ("applied", CLAIMS, CLAIMS), applied
    return seconds


async def _copied(owner: asyncpg.Connection, rows: dict[str, list[Any]], made: str) -> float:
    """Seconds to copy the rows as they stand into new tables, in one transaction, without policy or trigger."""
    for table in rows:
        await owner.execute(f"DROP TABLE IF EXISTS copy_{table}")
        await owner.execute(f"CREATE TABLE copy_{table} {made.format(table=table)}")
    started = time.perf_counter()
    async with owner.transaction():
        for table, records in rows.items():
            await owner.copy_records_to_table(f"copy_{table}", records=records)
    return time.perf_counter() - started


async def _claims_sent(owner: asyncpg.Connection, masters: asyncpg.Record) -> None:
    """The claims that the remittance answers, as they stand once the clearinghouse has them, with their charges."""
    claims, versions, lines, ledger = [], [], [], []
    now, day = datetime.now(UTC), date(2026, 10, 1)
    tenant_id = masters["tenant_id"]
    for number, services in enumerate(_billed()):
        claim_id, charge = uuid4(), sum(cents for _, cents in services)
        sent = f"CLM{number:08d}"
        claims.append((tenant_id, claim_id, f"C-{number}", masters["client_id"], masters["patient_id"],
                       masters["coverage_id"], masters["payer_id"], masters["connection_id"], "sent", "sent", now, now,
                       now, now, charge, day, day))  # fmt: skip
        versions.append((tenant_id, claim_id, 1, sent, normalised_claim_number(sent), charge, now))
        for line, (procedure, cents) in enumerate(services):
            lines.append(
                (tenant_id, claim_id, 1, line + 1, procedure, cents, day, day, f"{number:07d}L{line}")
            )
        ledger += [(tenant_id, claim_id, "receivable", claim_id, charge),
                   (tenant_id, claim_id, "revenue", claim_id, -charge)]  # fmt: skip
    for table, records, columns in (
        ("claims", claims, "tenant_id id reference client_id patient_id coverage_id payer_id connection_id status step"
         " coded_at released_at batched_at sent_at charge_cents service_from service_to"),
        ("claim_versions", versions, "tenant_id claim_id version claim_number claim_number_key charge_cents submitted_at"),
        ("claim_lines", lines, "tenant_id claim_id version number procedure charge_cents service_from service_to"
         " control_number"),
        ("ledger_entries", ledger, "tenant_id posting_id account claim_id amount_cents"),
    ):  # fmt: skip
        await owner.copy_records_to_table(table, records=records, columns=columns.split())


def _billed() -> Iterator[list[tuple[str, int]]]:
    """(procedure, charge) of the lines of each claim, by the rule of `bench.remit`."""
    for number in range(CLAIMS):
        procedures = [(number * 7 + line * 13) % 400 for line in range(1 + number % 4)]
        yield [(str(99_000 + one), 4_000 + one * 137) for one in procedures]
