"""The pool: every connection comes back, whatever happens to the transaction that held it."""

import asyncio
import time

import asyncpg
import pytest

from database.engine import DatabaseAway
from database.session import tenant_session
from tests.fixtures.tenancy import TenantFixture

POOL = 10


async def _asked(tenant: TenantFixture) -> int:
    async with tenant_session(tenant.admin) as session:
        return int(await session.value("SELECT 1"))


async def test_connections_come_back_from_transactions_that_were_cancelled_at_any_moment(
    north: TenantFixture, south: TenantFixture
) -> None:
    for moment in range(240):
        task = asyncio.create_task(_asked(north))
        for _ in range(moment % 12):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    asked = (_asked(tenant) for tenant in (north, south) for _ in range(POOL))
    assert await asyncio.wait_for(asyncio.gather(*asked), 10) == [1] * 2 * POOL


async def test_a_server_that_ends_a_transaction_is_away_at_whichever_moment_that_is_noticed(
    north: TenantFixture, south: TenantFixture, owner_url: str
) -> None:
    owner = await asyncpg.connect(owner_url)
    try:
        for moment in range(6):  # among them: its last word was read, and the end of the connection was not
            with pytest.raises(DatabaseAway):
                await _ended_by_the_server(owner, north, moment)
    finally:
        await owner.close()
    asked = (_asked(tenant) for tenant in (north, south) for _ in range(POOL))
    assert await asyncio.wait_for(asyncio.gather(*asked), 10) == [1] * 2 * POOL


async def _ended_by_the_server(owner: asyncpg.Connection, tenant: TenantFixture, moment: int) -> None:
    async with tenant_session(tenant.admin) as session:
        backend = await session.value("SELECT pg_backend_pid()")
        await owner.fetchval("SELECT pg_terminate_backend($1)", backend)
        time.sleep(0.05)  # noqa: ASYNC251 - both the word and the end arrive before anybody looks
        for _ in range(moment):
            await asyncio.sleep(0)
