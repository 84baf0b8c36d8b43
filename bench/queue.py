"""The queue's first page with a million work items over a hundred tenants, beside ten thousand and beside bare SQL."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from cli.postgres import Postgres
from database import session
from domain.tenancy import Actor
from domain.work import PERMISSIONS
from policies.default_roles import BILLER, VIEW_ONLY
from services.work.queue import queue

ROOT = Path(__file__).resolve().parent.parent
TENANTS = 100
SIZES = {"small": 10_000, "large": 1_000_000}
ROUNDS = 9
CALLS = 40
WARMING = 10  # the first calls plan the statement
LARGEST_GROWTH = 1.5
LARGEST_OVERHEAD = 4.0

# A quarter is in somebody's hands or asleep, a quarter needs a permission that the asker lacks; both sizes fill a page.
_FILL = """
INSERT INTO work_items (tenant_id, key, kind, title, permission, priority, due_at, owner_id, follow_up_at)
SELECT t.id, 'item-' || n, 'hold', 'C-' || n || ' held', CASE n % 4 WHEN 0 THEN 'denials.work' ELSE 'claims.correct' END,
       1 + n % 5, now() + make_interval(mins => (n * 7919) % 20011), CASE WHEN n / 10 % 8 = 0 THEN u.id END,
       CASE WHEN n / 10 % 8 = 1 THEN now() + interval '3 days' END
FROM generate_series(1, $1::int) n, tenants t, users u
"""
_BARE = """
SELECT w.id, w.kind, w.title, w.priority, w.status, w.due_at, w.follow_up_at, w.created_at, w.owner_id, u.name,
       w.return_comment IS NOT NULL, w.subject_type, w.subject_id, w.version
FROM work_items w LEFT JOIN users u ON u.id = w.owner_id
WHERE w.tenant_id = $1 AND w.status = 'open' AND w.owner_id IS NULL
  AND (w.follow_up_at IS NULL OR w.follow_up_at <= now()) AND w.permission = ANY($2)
ORDER BY w.priority, w.due_at, w.id LIMIT 51
"""


@dataclass
class Round:
    """Median seconds of a first page in one round, taken moments apart: what disturbs one disturbs all."""

    small: float
    large: float
    bare: float


def run() -> dict[str, Any]:
    """Measure in a throwaway cluster; ratios are medians of the ratios of each round."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        rounds = asyncio.run(_measure(Path(folder)))
    growth = median(one.large / one.small for one in rounds)
    overhead = median(one.large / one.bare for one in rounds)
    return {
        "bench": "queue",
        "figures": {
            "first_page_ms_at_1000000": round(median(one.large for one in rounds) * 1e3, 3),
            "first_page_ms_at_10000": round(median(one.small for one in rounds) * 1e3, 3),
            "bare_sql_ms_at_1000000": round(median(one.bare for one in rounds) * 1e3, 3),
            "growth": round(growth, 3),
            "overhead": round(overhead, 3),
        },
        "holds": {
            f"growth_at_most_{LARGEST_GROWTH}": growth <= LARGEST_GROWTH,
            f"overhead_at_most_{LARGEST_OVERHEAD:g}": overhead <= LARGEST_OVERHEAD,
        },
    }


async def _measure(folder: Path) -> list[Round]:
    server = Postgres(folder, throwaway=True)
    await server.start()
    try:
        actors = {name: await _filled(server, name, size) for name, size in SIZES.items()}
        return [await _round(server, actors) for _ in range(ROUNDS)]
    finally:
        await server.stop()


async def _round(server: Postgres, actors: dict[str, Actor]) -> Round:
    """The program's pool serves one database at a time, so the two sizes follow each other."""
    small, _ = await _typical(server.app_url("small"), actors["small"])
    large, bare = await _typical(server.app_url("large"), actors["large"])
    return Round(small, large, bare)


async def _filled(server: Postgres, name: str, size: int) -> Actor:
    """A migrated database with that many items; answers a biller of its first tenant."""
    owner_url = await server.create_database(name)
    await _migrated(owner_url)
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute(
            "INSERT INTO tenants (name, subdomain, status) SELECT 'T' || n, 't-' || n || '-x', 'active'"
            f" FROM generate_series(1, {TENANTS}) n"
        )
        user_id = await owner.fetchval(
            "INSERT INTO users (email, name, password_hash) VALUES ('a@b.example', 'A', '-') RETURNING id"
        )
        # Only the check of foreign keys is left out: the rows are made from the keys themselves.
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(_FILL, size // TENANTS)
        await owner.execute("VACUUM ANALYZE work_items")
        tenant_id = await owner.fetchval("SELECT id FROM tenants ORDER BY id LIMIT 1")
    finally:
        await owner.close()
    return _biller(tenant_id, user_id)


def _biller(tenant_id: UUID, user_id: UUID) -> Actor:
    permissions = frozenset(str(one) for one in (*VIEW_ONLY.permissions, *BILLER.permissions))
    return Actor(tenant_id, user_id, "person", "A", permissions, policy_version=1)


async def _migrated(owner_url: str) -> None:
    """In a process of its own: what migrations print is no part of the figures."""
    environment = os.environ | {"CASELOAD_OWNER_DATABASE_URL": owner_url}
    command = (sys.executable, "-m", "cli", "migrate")
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the migrations failed: {said.decode()[-2000:]}")


async def _typical(url: str, actor: Actor) -> tuple[float, float]:
    """Median seconds of the first page through the service and of its bare SQL, call by call in turn."""
    connection = await asyncpg.connect(url)
    await session.start(url, bytes(32), max_size=2)
    try:
        await connection.execute("SELECT set_config('app.tenant_id', $1, false)", str(actor.tenant_id))
        permissions = sorted(actor.permissions & PERMISSIONS)
        served, bare = [], []
        for _ in range(WARMING + CALLS):
            served.append(await _seconds(queue(actor)))
            bare.append(await _seconds(connection.fetch(_BARE, actor.tenant_id, permissions)))
        return median(served[WARMING:]), median(bare[WARMING:])
    finally:
        await session.stop()
        await connection.close()


async def _seconds(asked: Awaitable[Any]) -> float:
    began = time.perf_counter()
    await asked
    return time.perf_counter() - began
