"""A file taken in by hand, on a real Temporal server: the command returns at once and the worker applies it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest_asyncio
from temporalio.client import Client
from temporalio.worker import Worker

from activities import courier
from activities.registry import ACTIVITIES
from integrations.temporal import connect
from services.edi import files
from tests.fixtures.exchange import Exchange
from tests.fixtures.tenancy import MASTER_KEY
from tests.fixtures.x12_answers import Clp, Payment, era
from workflows.registry import WORKFLOWS


@pytest_asyncio.fixture
async def worker(temporal_address: str) -> AsyncIterator[Client]:
    """The exchange's queue at work, and a courier that delivers at once."""
    client = await connect(temporal_address, MASTER_KEY)
    courier.start(client)
    async with Worker(client, task_queue="edi", workflows=WORKFLOWS["edi"], activities=ACTIVITIES["edi"]):
        yield client
    courier.start(None)


async def finished(exchange: Exchange, file_id: UUID) -> str:
    """The file's status once its workflow has ended."""
    handle = courier.client().get_workflow_handle(f"{exchange.tenant.tenant_id}/file/{file_id}")
    async with asyncio.timeout(20):
        await handle.result()
    return (await files.get_file(exchange.tenant.admin, file_id)).status


async def test_a_remittance_taken_in_by_hand_is_posted(
    worker: Client, here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    body = era(Payment((Clp(sent.number, sent.charge, sent.charge),)))
    line = await files.take_in(here.tenant.admin, here.connection_id, "by hand.835", body)
    assert await finished(here, line.id) == "applied"
    assert (await here.facts(sent.id))["status"] == "paid"
    again = await files.take_in(here.tenant.admin, here.connection_id, "once more.835", body)
    assert (again.id, again.status) == (line.id, "applied")
    assert await there.count("remittances") == 0


async def test_one_that_cannot_be_read_ends_as_work_for_a_person(
    worker: Client, here: Exchange, there: Exchange
) -> None:
    body = era(Payment((Clp("X", 100, 100),))).replace(b"*1.00*", b"*one*")
    line = await files.take_in(here.tenant.admin, here.connection_id, "bad.835", body)
    assert await finished(here, line.id) == "unreadable"
    assert [item["subject_id"] for item in await here.items("file")] == [line.id]
