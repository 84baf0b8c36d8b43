"""Pages hear of changes of their own tenant, in short batches, and again after the database connection was lost."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

import services.live
from database.session import tenant_session
from domain.tenancy import workflow_actor
from services.live import Live
from tests.fixtures.tenancy import TenantFixture


class Heard:
    """What a watcher was told, call by call."""

    def __init__(self) -> None:
        self.calls: list[frozenset[str]] = []
        self._told = asyncio.Event()

    async def __call__(self, tables: frozenset[str]) -> None:
        self.calls.append(tables)
        self._told.set()

    async def next(self) -> frozenset[str]:
        """The next call, within five seconds."""
        async with asyncio.timeout(5):
            await self._told.wait()
        self._told.clear()
        return self.calls[-1]


@asynccontextmanager
async def listening(app_url: str) -> AsyncIterator[Live]:
    live = Live()
    await live.start(app_url)
    try:
        yield live
    finally:
        await live.stop()


async def change(tenant: TenantFixture, times: int = 1) -> None:
    """Touch a table that pages watch, each time in a transaction of its own."""
    for number in range(times):
        async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
            await session.execute(
                "INSERT INTO work_items (tenant_id, key, kind, title, due_at) VALUES ($1, $2, 'hold', 'C-1 held', now())",
                tenant.tenant_id,
                f"live-{number}-{id(tenant)}",
            )


async def test_a_watcher_hears_of_its_own_tenant_only(
    app_url: str, north: TenantFixture, south: TenantFixture
) -> None:
    async with listening(app_url) as live:
        mine, theirs = Heard(), Heard()
        live.watch(north.tenant_id, mine)
        live.watch(south.tenant_id, theirs)
        assert await mine.next() == {"*"}  # listening has begun: whatever was before is looked at again
        assert await theirs.next() == {"*"}
        await change(north)
        assert await mine.next() == {"work_items"}
        assert len(theirs.calls) == 1


async def test_many_changes_at_once_are_told_once(app_url: str, north: TenantFixture) -> None:
    async with listening(app_url) as live:
        heard = Heard()
        live.watch(north.tenant_id, heard)
        await heard.next()
        await change(north, 20)
        assert await heard.next() == {"work_items"}
        assert len(heard.calls) <= 3


async def test_nobody_is_told_after_leaving_and_one_broken_page_silences_no_other(
    app_url: str, north: TenantFixture, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(tables: frozenset[str]) -> None:
        raise RuntimeError("a patient's name")

    async with listening(app_url) as live:
        gone, heard = Heard(), Heard()
        live.watch(north.tenant_id, broken)
        leave = live.watch(north.tenant_id, gone)
        live.watch(north.tenant_id, heard)
        await heard.next()
        before = len(gone.calls)
        leave()
        leave()
        await change(north)
        await heard.next()
        assert len(gone.calls) == before
    assert "a patient's name" not in caplog.text


async def test_a_lost_connection_is_opened_again_and_every_page_looks_again(
    app_url: str, north: TenantFixture
) -> None:
    others = await _listeners(north.owner)
    async with listening(app_url) as live:
        heard = Heard()
        live.watch(north.tenant_id, heard)
        await heard.next()
        (mine,) = await _listeners(north.owner) - others
        await north.owner.execute("SELECT pg_terminate_backend($1)", mine)
        assert await heard.next() == {"*"}
        await change(north)
        assert await heard.next() == {"work_items"}


async def test_a_connection_that_fell_silent_is_left_for_a_new_one(
    app_url: str, north: TenantFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ASK_SECONDS", "ANSWER_SECONDS", "RECONNECT_SECONDS"):
        monkeypatch.setattr(services.live, name, 0.2)
    others = await _listeners(north.owner)
    async with listening(app_url) as live:
        heard = Heard()
        live.watch(north.tenant_id, heard)
        await heard.next()
        (silent,) = await _listeners(north.owner) - others
        os.kill(silent, signal.SIGSTOP)
        try:
            assert await heard.next() == {"*"}
        finally:
            os.kill(silent, signal.SIGCONT)


async def _listeners(owner: asyncpg.Connection) -> set[int]:
    """Who listens now; among them are web processes that other tests have started."""
    rows = await owner.fetch(
        "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
        services.live.NAME,
    )
    return {row["pid"] for row in rows}
