"""An appeal's clocks, in milliseconds: the time-skipping server lets months pass while the payer is silent."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.denials.messages import AppealInput, Happened, ItemDecided
from activities.registry import ACTIVITIES
from services.denials import appeals
from services.denials.views import AppealView
from tests.fixtures.denied import denied, today
from tests.fixtures.exchange import Exchange
from tests.fixtures.leaping import leaping_server
from tests.fixtures.lifecycle import eventually
from workflows.denials import AppealLifecycle

DAY = timedelta(days=1)
Handle = WorkflowHandle[Any, Any]


@pytest_asyncio.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server whose clock is ours to move, and a worker."""
    environment = await leaping_server()
    mine = [one for one in ACTIVITIES["core"] if one.__module__.startswith("activities.denials")]
    async with (
        environment,
        Worker(environment.client, task_queue="core", workflows=[AppealLifecycle], activities=mine),
    ):
        yield environment


async def _opened(here: Exchange, skipping: WorkflowEnvironment) -> tuple[Handle, UUID]:
    """The process of an appeal against a denial for a missing authorization."""
    sent = await denied(here, ("CO", "197"))
    view = await appeals.open_appeal(here.tenant.admin, sent.id)
    tenant_id = here.tenant.tenant_id
    handle = await skipping.client.start_workflow(
        AppealLifecycle.run,
        AppealInput(tenant_id, view.id),
        id=f"{tenant_id}/appeal/{view.id}",
        task_queue="core",
    )
    await eventually(lambda: _titles(here))
    return handle, view.id


async def _tell(here: Exchange, handle: Handle, event: str, **facts: Any) -> str:
    fact = Happened(here.tenant.tenant_id, uuid4(), event, here.tenant.admin.user_id, **facts)
    stage: str = await handle.execute_update(AppealLifecycle.happened, fact, id=str(fact.request_id))
    return stage


async def _titles(here: Exchange) -> list[str]:
    return [item["title"].split(": ", 1)[1] for item in await here.items("appeal")]


async def _view(here: Exchange, appeal_id: UUID) -> AppealView:
    return await appeals.get_appeal(here.tenant.admin, appeal_id)


async def _until(skipping: WorkflowEnvironment, moment: datetime) -> None:
    await skipping.sleep(moment - await skipping.get_current_time())


async def test_an_appeal_that_nobody_sends_warns_before_its_window_closes_and_then_ends(
    here: Exchange, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    _, appeal_id = await _opened(here, skipping)
    ends = await here.one("SELECT window_ends FROM appeals")
    await _until(skipping, ends["window_ends"] - 15 * DAY - timedelta(hours=1))
    assert [title.split(" by ")[0] for title in await _titles(here)] == ["letter to send"]
    await skipping.sleep(timedelta(hours=2))

    async def warned() -> bool:
        return any(title.startswith("window closes") for title in await _titles(here))

    await eventually(warned)
    await skipping.sleep(15 * DAY)

    async def closed() -> AppealView | None:
        view = await _view(here, appeal_id)
        return view if view.line.stage == "closed" else None

    view = await eventually(closed)
    assert (view.line.outcome, view.outcomes, await _titles(here)) == ("expired", [], [])
    assert await there.items("appeal") == []


async def test_silence_after_sending_is_an_alarm_and_keeping_on_waiting_starts_it_again(
    here: Exchange, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    handle, appeal_id = await _opened(here, skipping)
    assert await _tell(here, handle, "sent", on=today(), channel="portal") == "sent"
    assert await _titles(here) == []
    answer_by = (await _view(here, appeal_id)).answer_by
    assert answer_by is not None
    await _until(skipping, answer_by + timedelta(hours=1))
    assert await eventually(lambda: _titles(here)) == ["no answer from the payer"]
    await here.tenant.owner.execute("UPDATE work_items SET status = 'done' WHERE kind = 'appeal'")
    waiting = ItemDecided(here.tenant.tenant_id, uuid4(), "keep_waiting")
    await handle.execute_update(AppealLifecycle.decided, waiting, id=str(uuid4()))
    await skipping.sleep(50 * DAY)
    assert await _titles(here) == []
    await skipping.sleep(12 * DAY)
    assert await eventually(lambda: _titles(here)) == ["no answer from the payer"]


async def test_a_level_that_is_lost_offers_the_next_while_its_window_is_open(
    here: Exchange, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    handle, appeal_id = await _opened(here, skipping)
    await _tell(here, handle, "sent", on=today(), channel="mail")
    assert await _tell(here, handle, "upheld", on=today()) == "lost_level"
    lost = await _view(here, appeal_id)
    assert [(one.level, one.outcome) for one in lost.outcomes] == [(1, "upheld")]
    assert lost.window_day == today() + timedelta(days=60)
    with pytest.raises(WorkflowUpdateFailedError):
        await _tell(here, handle, "sent", on=today(), channel="mail")
    assert await _tell(here, handle, "next_level") == "drafted"
    second = await _view(here, appeal_id)
    assert (second.line.level, second.line.level_label) == (2, "Second level")
    await _tell(here, handle, "sent", on=today(), channel="mail")
    assert await _tell(here, handle, "overturned", on=today(), recovered_cents=16_000) == "closed"
    won = await _view(here, appeal_id)
    assert [(one.level, one.outcome) for one in won.outcomes] == [(1, "upheld"), (2, "overturned")]
    assert (won.line.outcome, won.line.recovered_cents) == ("overturned", 16_000)
