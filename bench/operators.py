"""A hundred open queues on one web process, while their people work: memory of a page, how long a click takes, and how soon
the others see what changed.

The pages are asked for over HTTP and spoken to over their sockets as a browser does; database and web process are real, each
person has a sign-in of their own. One person clicks every ten seconds: opens an item, takes it, finishes it.
"""

import asyncio
import base64
import gc
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psutil

from bench.migrating import migrated
from cli.ports import any_free
from cli.postgres import Postgres
from database import session
from domain.tenancy import Actor
from domain.work import KINDS, Kind
from integrations import passwords
from services.tenancy import sign_ins
from tests.fixtures.tenancy import MASTER_KEY, PASSWORD, TenantFixture, founded
from tests.ui.browsing import Browser, Tab

ROOT = Path(__file__).resolve().parent.parent
PAGES = 100
ITEMS = 10_000
SECONDS = 60
THINKING = 10.0
START_SECONDS = 180
# Pages opened first and left out: they make the process read its code and fill its caches.
WARM = 5
MOST_MEGABYTES = 2.0
MOST_CLICK_MS = 500.0

_FILL = """
INSERT INTO work_items (tenant_id, key, kind, title, permission, priority, due_at)
SELECT $1, 'item-' || n, 'hold', 'C-' || n || ' held', $3, 1 + n % 5, now() + make_interval(mins => n % 5000 + 60)
FROM generate_series(1, $2) n
"""


@dataclass
class Day:
    """What was measured while people worked. `visible` are seconds from the end of a click to its sight at another page."""

    clicks: dict[str, list[float]] = field(default_factory=dict)
    refused: int = 0
    finished: int = 0
    unanswered: int = 0
    visible: list[float] = field(default_factory=list)

    def took(self, act: str, seconds: float) -> None:
        """Keep how long a click took."""
        self.clicks.setdefault(act, []).append(seconds)

    @property
    def all(self) -> list[float]:
        """Every click."""
        return [one for several in self.clicks.values() for one in several]


def run() -> dict[str, Any]:
    """Measure in a throwaway cluster."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        figures = asyncio.run(_measure(Path(folder)))
    return {
        "bench": "operators",
        "figures": figures,
        "holds": {
            f"a_page_costs_at_most_{MOST_MEGABYTES:g}_mb": figures["mb_per_page"] <= MOST_MEGABYTES,
            f"click_p95_at_most_{MOST_CLICK_MS:g}_ms": figures["click_p95_ms"] <= MOST_CLICK_MS,
        },
    }


async def _measure(folder: Path) -> dict[str, float]:
    server = Postgres(folder, throwaway=True)
    await server.start()
    try:
        owner_url = await server.create_database("operators")
        await migrated(owner_url)
        await session.start(server.app_url("operators"), MASTER_KEY, max_size=5)
        owner = await asyncpg.connect(owner_url)
        try:
            tenant, people = await _peopled(owner)
            async with _web(server.app_url("operators"), folder) as (address, process):
                return await _at_work(address, process, tenant, people)
        finally:
            await owner.close()
            await session.stop()
    finally:
        await server.stop()


async def _peopled(owner: asyncpg.Connection) -> tuple[TenantFixture, list[Actor]]:
    """A tenant with its people and their work."""
    tenant = await founded(owner, "north", await passwords.hashed(PASSWORD))
    people = [await tenant.actor("Biller") for _ in range(PAGES)]
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(_FILL, tenant.tenant_id, ITEMS, KINDS[Kind.HOLD].permission)
    await owner.execute("SET session_replication_role = origin")
    await owner.execute("VACUUM ANALYZE")
    return tenant, people


async def _at_work(
    address: str, process: psutil.Process, tenant: TenantFixture, people: list[Actor]
) -> dict[str, float]:
    browsers = [await _browser(address, tenant, one) for one in people]
    await _warmed(browsers[:WARM])
    before = process.memory_info().rss
    opened, tabs = await _queues_opened(browsers)
    await asyncio.sleep(2)
    after = process.memory_info().rss
    idle = await _clicks_alone(tabs)
    day, busy = Day(), process.cpu_times()
    began = time.perf_counter()
    await asyncio.gather(*(_operator(tab, day, tabs) for tab in tabs))
    spent = time.perf_counter() - began
    cpu = process.cpu_times()
    at_the_end = process.memory_info().rss
    for browser in browsers:
        await browser.close()
    gc.collect()
    return {
        "pages": PAGES,
        "items": ITEMS,
        "mb_per_page": round((after - before) / 1e6 / PAGES, 3),
        "mb_per_page_after_work": round((at_the_end - before) / 1e6 / PAGES, 3),
        "rss_mb": round(at_the_end / 1e6, 1),
        "open_p95_ms": _ms(_tail(opened)),
        "click_alone_p95_ms": _ms(_tail(idle)),
        "clicks": len(day.all),
        "click_median_ms": _ms(median(day.all)),
        "click_p95_ms": _ms(_tail(day.all)),
        **{f"{act}_p95_ms": _ms(_tail(several)) for act, several in sorted(day.clicks.items())},
        "finished": day.finished,
        "refused_somebody_was_faster": day.refused,
        "unanswered_in_15_s": day.unanswered,
        "seen_elsewhere_median_ms": _ms(median(day.visible)) if day.visible else 0.0,
        "seen_elsewhere_p95_ms": _ms(_tail(day.visible)) if len(day.visible) > 1 else 0.0,
        "cpu_of_one_core": round((cpu.user + cpu.system - busy.user - busy.system) / spent, 2),
    }


async def _warmed(browsers: list[Browser]) -> None:
    for tab in await asyncio.gather(*(one.open("/work") for one in browsers)):
        await tab.go("/work?tab=mine")


async def _queues_opened(browsers: list[Browser]) -> tuple[list[float], list[Tab]]:
    """How long each queue took to open, and the queues."""
    opened, tabs = [], []
    for browser in browsers:
        began = time.perf_counter()
        tabs.append(await browser.open("/work"))
        opened.append(time.perf_counter() - began)
    return opened, tabs


async def _clicks_alone(tabs: list[Tab]) -> list[float]:
    """Clicks one after another, while nobody else does anything."""
    found = []
    for tab in tabs[:40]:
        began = time.perf_counter()
        await tab.go("/work?tab=all")
        found.append(time.perf_counter() - began)
        await tab.go("/work")
    return found


async def _operator(tab: Tab, day: Day, tabs: list[Tab]) -> None:
    """One person for a minute: opens the next free item, takes it, finishes it."""
    chance = random.Random(tabs.index(tab))  # the same day every time
    until = time.perf_counter() + SECONDS
    await asyncio.sleep(chance.uniform(0, THINKING))
    while time.perf_counter() < until:
        item = _next(tab, chance)
        if item is None:
            await _click(tab, day, "open_list", "@go", href="/work", push=True)
        else:
            await _click(tab, day, "open_item", "@go", href=f"/work?item={item}", push=True)
            await _think(chance)
            if await _take(tab, day, item, tabs[(tabs.index(tab) + 1) % len(tabs)]):
                await _think(chance)
                await _click(
                    tab, day, "complete", "complete", {"decision": "recheck", "comment": "Done"}, id=item
                )
                day.finished += not any(tone == "bad" for tone, *_ in tab.told)
        await _think(chance)


async def _take(tab: Tab, day: Day, item: str, neighbour: Tab) -> bool:
    """Take the item; how long another page that lists it as free goes on doing so."""
    listed = f"row-{item}" in neighbour.main
    await _click(tab, day, "take", "take", id=item)
    if any(tone == "bad" for tone, *_ in tab.told):
        day.refused += 1
        return False
    if listed:
        began = time.perf_counter()
        while f"row-{item}" in neighbour.main and time.perf_counter() - began < 20:
            await asyncio.sleep(0.02)
        day.visible.append(time.perf_counter() - began)
    return True


async def _click(
    tab: Tab, day: Day, act: str, name: str, fields: dict[str, Any] | None = None, **args: Any
) -> None:
    began = time.perf_counter()
    try:
        await tab.do(name, fields=fields, **args)
    except TimeoutError:
        day.unanswered += 1
    day.took(act, time.perf_counter() - began)


async def _think(chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(0.5, 1.5) * THINKING)


def _next(tab: Tab, chance: random.Random) -> str | None:
    """One of the first items on the page, as several people at once look for the most urgent."""
    shown = [part[:36] for part in tab.main.split('data-key-of="row-')[1:20]]
    found = [one for one in shown if _is_id(one)]
    return chance.choice(found) if found else None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


async def _browser(address: str, tenant: TenantFixture, person: Actor) -> Browser:
    """A browser that is signed in, without the cost of hashing a password."""
    assert person.user_id is not None
    async with session.platform_session() as connection:
        token, _ = await sign_ins.begin(connection, person.user_id)
    return Browser(address, tenant.subdomain, token)


@asynccontextmanager
async def _web(url: str, folder: Path) -> AsyncIterator[tuple[str, psutil.Process]]:
    """One web process with its usual settings; Temporal does not answer, and nothing here needs it."""
    port = any_free()
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "CASELOAD_DATABASE_URL": url,
        "CASELOAD_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "CASELOAD_DATA": str(folder / "data"),
        "CASELOAD_PORT": str(port),
        "CASELOAD_TEMPORAL_ADDRESS": "127.0.0.1:9",
    }
    with (folder / "web.log").open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "cli", "web", cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            await _serving(f"http://127.0.0.1:{port}/api/health")
            yield f"http://127.0.0.1:{port}", psutil.Process(child.pid)
        finally:
            child.kill()  # nothing of it is kept
            await child.wait()


async def _serving(address: str) -> None:
    async with asyncio.timeout(START_SECONDS), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(address)).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


def _tail(seconds: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(seconds, n=20)[-1]


def _ms(seconds: float) -> float:
    return round(seconds * 1e3, 1)
