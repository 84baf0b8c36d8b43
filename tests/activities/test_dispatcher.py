"""The dispatcher of the outbox, against a real Temporal server on which nobody works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.service import RPCError

from activities import courier
from database.session import tenant_session
from integrations.temporal import connect
from tests.fixtures.tenancy import MASTER_KEY, TenantFixture


@pytest_asyncio.fixture
async def client(temporal_address: str) -> AsyncIterator[Client]:
    client = await connect(temporal_address, MASTER_KEY)
    courier.start(client)
    yield client
    courier.start(None)


async def test_a_tenants_processes_that_do_not_answer_hold_up_no_other_tenant(
    client: Client, north: TenantFixture, south: TenantFixture
) -> None:
    dispatcher = asyncio.create_task(courier.dispatch_forever(0.05))
    try:
        silent = await _told(north, "start", "update")
        await _started(client, silent)
        async with asyncio.timeout(courier.ANSWER_WITHIN.total_seconds() / 2):
            other = await _told(south, "start")
            await _started(client, other)
    finally:
        dispatcher.cancel()
        await asyncio.gather(dispatcher, return_exceptions=True)
    for one in (silent, other):
        await client.get_workflow_handle(one).terminate()


async def test_a_message_that_cannot_be_handled_is_put_off_and_stops_no_other(
    client: Client, north: TenantFixture, south: TenantFixture, caplog: pytest.LogCaptureFixture
) -> None:
    dispatcher = asyncio.create_task(courier.dispatch_forever(0.05))
    try:
        # Its process has ended, and it does not say what to undo.
        await _told(north, "update", name="decided")
        async with asyncio.timeout(5):
            while f"messages of tenant {north.tenant_id} postponed: KeyError" not in caplog.text:
                await asyncio.sleep(0.02)
            other = await _told(south, "start")
            await _started(client, other)
    finally:
        dispatcher.cancel()
        await asyncio.gather(dispatcher, return_exceptions=True)
    await client.get_workflow_handle(other).terminate()


async def _told(tenant: TenantFixture, *kinds: str, name: str = "released") -> str:
    workflow_id = f"{tenant.tenant_id}/claim/{uuid4()}"
    async with tenant_session(tenant.admin) as session:
        for kind in kinds:
            await session.tell(kind, workflow_id, name, {}, workflow="ClaimLifecycle")
    return workflow_id


async def _started(client: Client, workflow_id: str) -> None:
    while True:
        with suppress(RPCError):
            await client.get_workflow_handle(workflow_id).describe()
            return
        await asyncio.sleep(0.02)
