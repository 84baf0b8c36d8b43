"""The queue with a million work items, half of them the asker's tenant's, beside ten thousand and beside bare SQL.

Measured are the first page alone, the whole page as it opens (counts of the tabs, saved views with their counts, the first
page), and the groups with their counts.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import asyncpg

from bench.migrating import migrated
from cli.postgres import Postgres
from database import session
from domain.tenancy import Actor
from domain.work import KINDS, PERMISSIONS, Kind
from domain.work_views import ViewFacts, WorkFilter
from policies.default_roles import BILLER, VIEW_ONLY
from services.work.groups import groups
from services.work.queue import counts, queue
from services.work.saved_views import list_views, save_view

ROOT = Path(__file__).resolve().parent.parent
TENANTS = 100
PEOPLE = 40
SIZES = {"small": 10_000, "large": 1_000_000}
ROUNDS = 9
CALLS = 60
WARMING = 10  # the first calls plan the statement
LARGEST_GROWTH = 1.5
LARGEST_OVERHEAD = 4.0

KINDS_THERE = ("hold", "denial", "rejection", "hold", "silence", "hold", "filing", "hold")
# An eighth is asleep, and what people have in their hands (some fifty items each) does not grow with what waits; a part needs permissions that the asker lacks.
_FILL = """
INSERT INTO work_items (tenant_id, key, kind, title, permission, priority, due_at, owner_id, follow_up_at)
SELECT t.id, 'item-' || n, ($2::text[])[1 + n % 8], 'C-' || n || ' held', ($3::text[])[1 + n % 8],
       1 + n % 5, now() + make_interval(mins => (n::bigint * 7919 % 20011)::int - 400), CASE WHEN n / 10 % 8 = 0 AND n <= 400 * $5::int THEN u.ids[1 + n / 80 % $5::int] END,
       CASE WHEN n / 10 % 8 = 1 THEN now() + interval '3 days' END
FROM tenants t CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM users) u CROSS JOIN LATERAL generate_series(1, CASE WHEN t.subdomain = 't-1-x' THEN $1::int / 2
    ELSE greatest($1::int / 2 / $4::int, 1) END) n
"""
VIEWS = (
    WorkFilter("available", due="overdue"),
    WorkFilter("all", ("hold",)),
    WorkFilter("all", ("rejection", "filing"), due="week"),
    WorkFilter("mine", priority=2),
    WorkFilter("available", ("silence",), priority=1),
    WorkFilter("all", text="c-12"),
    WorkFilter("all", text="words in no title"),
    WorkFilter("snoozed"),
)
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
    """Seconds of every call in one round, taken moments apart: what disturbs one disturbs all."""

    first: list[float]
    page: list[float]
    grouped: list[float]
    bare: list[float]


def run() -> dict[str, Any]:
    """Measure in a throwaway cluster; ratios are medians of the ratios of each round."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        rounds = asyncio.run(_measure(Path(folder)))
    figures: dict[str, float] = {}
    growth = {}
    for name in ("first", "page", "grouped"):
        for size in SIZES:
            both = [(_tail(getattr(one[size], name)), median(getattr(one[size], name))) for one in rounds]
            figures[f"{name}_p95_ms_{size}"] = round(median(p95 for p95, _ in both) * 1e3, 3)
            figures[f"{name}_median_ms_{size}"] = round(median(half for _, half in both) * 1e3, 3)
        growth[name] = median(
            _tail(getattr(one["large"], name)) / _tail(getattr(one["small"], name)) for one in rounds
        )
        figures[f"{name}_growth_of_p95"] = round(growth[name], 3)
    overhead = median(median(one["large"].first) / median(one["large"].bare) for one in rounds)
    figures["bare_sql_ms_large"] = round(median(median(one["large"].bare) for one in rounds) * 1e3, 3)
    figures["overhead"] = round(overhead, 3)
    return {
        "bench": "queue",
        "figures": {"items_small": SIZES["small"], "items_large": SIZES["large"], **figures},
        "holds": {
            f"first_page_p95_growth_at_most_{LARGEST_GROWTH}": growth["first"] <= LARGEST_GROWTH,
            f"page_with_views_and_counts_p95_growth_at_most_{LARGEST_GROWTH}": growth["page"]
            <= LARGEST_GROWTH,
            f"overhead_at_most_{LARGEST_OVERHEAD:g}": overhead <= LARGEST_OVERHEAD,
        },
    }


def _tail(seconds: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(seconds, n=20)[-1]


async def _measure(folder: Path) -> list[dict[str, Round]]:
    server = Postgres(folder, throwaway=True)
    await server.start()
    try:
        actors = {name: await _filled(server, name, size) for name, size in SIZES.items()}
        for name, actor in actors.items():
            await _with_views(server.app_url(name), actor)
        # The program's pool serves one database at a time, so the two sizes follow each other.
        return [
            {name: await _typical(server.app_url(name), actor) for name, actor in actors.items()}
            for _ in range(ROUNDS)
        ]
    finally:
        await server.stop()


async def _with_views(url: str, actor: Actor) -> None:
    """Keep the asker's views as a person would."""
    await session.start(url, bytes(32), max_size=2)
    try:
        for number, asked in enumerate(VIEWS):
            await save_view(actor, ViewFacts(f"View {number}", asked))
    finally:
        await session.stop()


async def _filled(server: Postgres, name: str, size: int) -> Actor:
    """A migrated database with that many items; answers a biller of its first tenant."""
    owner_url = await server.create_database(name)
    await migrated(owner_url)
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute(
            "INSERT INTO tenants (name, subdomain, status) SELECT 'T' || n, 't-' || n || '-x', 'active'"
            f" FROM generate_series(1, {TENANTS}) n"
        )
        await owner.execute(
            "INSERT INTO users (email, name, password_hash) SELECT 'a' || n || '@b.example', 'Person ' || n, '-'"
            f" FROM generate_series(1, {PEOPLE}) n"
        )
        user_id = await owner.fetchval("SELECT id FROM users ORDER BY id LIMIT 1")
        # Only the check of foreign keys is left out: the rows are made from the keys themselves.
        await owner.execute("SET session_replication_role = replica")
        permissions = [KINDS[Kind(kind)].permission for kind in KINDS_THERE]
        await owner.execute(_FILL, size, list(KINDS_THERE), permissions, TENANTS - 1, PEOPLE)
        await owner.execute("VACUUM ANALYZE work_items")
        tenant_id = await owner.fetchval("SELECT id FROM tenants WHERE subdomain = 't-1-x'")
    finally:
        await owner.close()
    return _biller(tenant_id, user_id)


def _biller(tenant_id: UUID, user_id: UUID) -> Actor:
    permissions = frozenset(str(one) for one in (*VIEW_ONLY.permissions, *BILLER.permissions))
    return Actor(tenant_id, user_id, "person", "A", permissions, policy_version=1)


async def _typical(url: str, actor: Actor) -> Round:
    """Seconds of each question, call by call in turn."""
    connection = await asyncpg.connect(url)
    await session.start(url, bytes(32), max_size=2)
    try:
        await connection.execute("SELECT set_config('app.tenant_id', $1, false)", str(actor.tenant_id))
        permissions = sorted(actor.permissions & PERMISSIONS)
        found = Round([], [], [], [])
        for call in range(WARMING + CALLS):
            taken = (
                await _seconds(queue(actor)),
                await _seconds(_page(actor)),
                await _seconds(groups(actor, WorkFilter("all"), "kind")),
                await _seconds(connection.fetch(_BARE, actor.tenant_id, permissions)),
            )
            if call >= WARMING:
                for kept, seconds in zip(
                    (found.first, found.page, found.grouped, found.bare), taken, strict=True
                ):
                    kept.append(seconds)
        return found
    finally:
        await session.stop()
        await connection.close()


async def _page(actor: Actor) -> None:
    """What the page of the queue asks for when it opens."""
    await counts(actor)
    await list_views(actor)
    await queue(actor)


async def _seconds(asked: Awaitable[Any]) -> float:
    began = time.perf_counter()
    await asked
    return time.perf_counter() - began
