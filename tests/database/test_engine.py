"""The pool: every connection comes back, whatever happens to the transaction that held it."""

import asyncio

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
