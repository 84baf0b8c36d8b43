"""A claim's long clocks, in milliseconds: the time-skipping server lets days pass while the claim waits."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.claims.messages import ClaimInput, Decided
from activities.registry import ACTIVITIES
from tests.fixtures.exchange import Exchange
from tests.fixtures.leaping import leaping_server
from tests.fixtures.lifecycle import eventually
from tests.fixtures.x12_answers import SetAnswer, Status, ack_277ca, ack_999
from workflows.claims import ClaimLifecycle

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server whose clock is ours to move, and a worker."""
    environment = await leaping_server()
    async with (
        environment,
        Worker(
            environment.client,
            task_queue="core",
            workflows=[ClaimLifecycle],
            activities=[one for one in ACTIVITIES["core"] if one.__module__.startswith("activities.claims")],
        ),
    ):
        yield environment


async def _waiting(here: Exchange, skipping: WorkflowEnvironment, claim_id: UUID) -> WorkflowHandle[Any, Any]:
    """The process of a claim that was sent, as it goes on after an answer."""
    tenant_id = here.tenant.tenant_id
    return await skipping.client.start_workflow(
        ClaimLifecycle.run,
        ClaimInput(tenant_id, claim_id, reopened=True),
        id=f"{tenant_id}/claim/{claim_id}",
        task_queue="core",
    )


async def _alarms(here: Exchange) -> list[str]:
    return [item["title"].split(": ", 1)[1] for item in await here.items("silence")]


@pytest.mark.parametrize(
    ("answered", "quiet", "alarm"),
    [
        ((), DAY, "the 999 is overdue"),
        (("999",), 2 * DAY, "the clearinghouse's 277CA is overdue"),
        (("999", "AY"), 5 * DAY, "the payer's 277CA is overdue"),
        (("999", "AY", "PR"), 30 * DAY, "the remittance (835) is overdue"),
    ],
)
async def test_each_answer_has_a_silence_alarm_of_its_own(
    here: Exchange,
    there: Exchange,
    skipping: WorkflowEnvironment,
    answered: tuple[str, ...],
    quiet: timedelta,
    alarm: str,
) -> None:
    sent = await here.sent_claim()
    for word in answered:
        accepted = Status(sent.number, control_number="ICN1" if word == "PR" else "")
        body = (
            ack_999(sent.group_number, SetAnswer(sent.set_number))
            if word == "999"
            else ack_277ca(accepted, sender=word)
        )
        await here.take(body)
    await _waiting(here, skipping, sent.id)
    await skipping.sleep(quiet - timedelta(hours=1))
    assert await _alarms(here) == []
    await skipping.sleep(timedelta(hours=2))
    assert await eventually(lambda: _alarms(here)) == [alarm]
    assert await there.items("silence") == []


async def test_whoever_keeps_waiting_starts_the_clock_again_from_now(
    here: Exchange, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    sent = await here.sent_claim()
    process = await _waiting(here, skipping, sent.id)
    await skipping.sleep(2 * DAY)
    assert await eventually(lambda: _alarms(here)) == ["the 999 is overdue"]
    await here.tenant.owner.execute("UPDATE work_items SET status = 'done'")
    await process.execute_update(
        ClaimLifecycle.decided, Decided(here.tenant.tenant_id, uuid4(), "keep_waiting"), id=str(uuid4())
    )
    await skipping.sleep(DAY - timedelta(hours=1))
    assert await _alarms(here) == []
    await skipping.sleep(timedelta(hours=2))
    assert await eventually(lambda: _alarms(here)) == ["the 999 is overdue"]
