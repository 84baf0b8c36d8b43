"""The queue's first page with a million work items over a hundred tenants, beside ten thousand and beside bare SQL."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
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
ROUNDS = 7
CALLS = 40
LARGEST_GROWTH = 1.5
LARGEST_OVERHEAD = 4.0

# A third is in somebody's hands or asleep, a half needs permissions that the asker lacks.
_FILL = """
INSERT INTO work_items (tenant_id, key, kind, title, permission, priority, due_at, owner_id, follow_up_at)
SELECT t.id, 'item-' || n, 'hold', 'C-' || n || ' held', CASE n % 2 WHEN 0 THEN 'claims.correct' ELSE 'denials.work' END,
       1 + n % 5, now() + make_interval(mins => (n * 7919) % 20011), CASE WHEN n / 10 % 6 = 0 THEN u.id END,
       CASE WHEN n / 10 % 6 = 1 THEN now() + interval '3 days' END
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


def run() -> dict[str, Any]:
    """Measure in a throwaway cluster; the medians are of rounds that alternate between the two sizes."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        times = asyncio.run(_measure(Path(folder)))
    growth = times["large"] / times["small"]
    overhead = times["large"] / times["bare"]
    return {
        "bench": "queue",
        "figures": {
            "first_page_ms_at_1000000": round(times["large"] * 1e3, 3),
            "first_page_ms_at_10000": round(times["small"] * 1e3, 3),
            "bare_sql_ms_at_1000000": round(times["bare"] * 1e3, 3),
            "growth": round(growth, 3),
            "overhead": round(overhead, 3),
        },
        "holds": {
            f"growth_at_most_{LARGEST_GROWTH}": growth <= LARGEST_GROWTH,
            f"overhead_at_most_{LARGEST_OVERHEAD:g}": overhead <= LARGEST_OVERHEAD,
        },
    }


async def _measure(folder: Path) -> dict[str, float]:
    server = Postgres(folder, throwaway=True)
    await server.start()
    try:
        actors = {name: await _filled(server, name, size) for name, size in SIZES.items()}
        taken: dict[str, list[float]] = {"small": [], "large": [], "bare": []}
        for _ in range(ROUNDS):
            for name, actor in actors.items():
                taken[name].append(await _through_the_service(server.app_url(name), actor))
            taken["bare"].append(await _through_bare_sql(server.app_url("large"), actors["large"]))
        return {name: median(values) for name, values in taken.items()}
    finally:
        await server.stop()


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


async def _through_the_service(url: str, actor: Actor) -> float:
    await session.start(url, bytes(32), max_size=2)
    try:
        return await _typical(lambda: queue(actor))
    finally:
        await session.stop()


async def _through_bare_sql(url: str, actor: Actor) -> float:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT set_config('app.tenant_id', $1, false)", str(actor.tenant_id))
        return await _typical(
            lambda: connection.fetch(_BARE, actor.tenant_id, sorted(actor.permissions & PERMISSIONS))
        )
    finally:
        await connection.close()


async def _typical(ask: Callable[[], Awaitable[Any]]) -> float:
    """Median seconds of a call, after warming up: the first calls plan the statement."""
    for _ in range(10):
        await ask()
    taken = []
    for _ in range(CALLS):
        began = time.perf_counter()
        await ask()
        taken.append(time.perf_counter() - began)
    return median(taken)
