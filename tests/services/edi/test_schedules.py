"""The pollers' schedules on a real Temporal server: one for each connection in use, no more and no fewer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest_asyncio
from temporalio.client import Client, ScheduleActionStartWorkflow, ScheduleHandle
from temporalio.converter import WorkflowSerializationContext
from temporalio.service import RPCError

from activities import courier
from activities.edi.messages import ConnectionInput
from database.session import tenant_session
from domain.tenancy import PLANS, workflow_actor
from integrations.temporal import connect
from services.care.close_schedule import CloseScheduleFacts, set_close_schedule
from services.edi.schedules import close_id, ensure_schedules, schedule_id, watch_id
from tests.fixtures.exchange import Exchange
from tests.fixtures.tenancy import MASTER_KEY


@pytest_asyncio.fixture
async def client(temporal_address: str) -> AsyncIterator[Client]:
    client = await connect(temporal_address, MASTER_KEY)
    yield client
    async for entry in await client.list_schedules():
        # The list may still name a schedule that the test has seen go.
        with suppress(RPCError):
            await client.get_schedule_handle(entry.id).delete()


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    """Lists of schedules are written a moment after the schedules themselves."""
    async with asyncio.timeout(10):
        while not await condition():
            await asyncio.sleep(0.05)


def names(*exchanges: Exchange) -> set[str]:
    return {schedule_id(one.tenant.tenant_id, one.connection_id) for one in exchanges}


def kept(*exchanges: Exchange) -> set[str]:
    """A poller for each connection, and a watch for each tenant."""
    return names(*exchanges) | {watch_id(one.tenant.tenant_id) for one in exchanges}


async def listed(client: Client) -> set[str]:
    return {entry.id async for entry in await client.list_schedules()}


async def test_every_connection_in_use_is_polled_by_its_tenants_share(
    client: Client, here: Exchange, there: Exchange
) -> None:
    known = await ensure_schedules(client, 30)
    assert set(known) == kept(here, there)
    identifier = schedule_id(here.tenant.tenant_id, here.connection_id)
    schedule = (await client.get_schedule_handle(identifier).describe()).schedule
    action = schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    assert (action.workflow, action.id, action.task_queue) == ("ConnectionPoller", identifier, "edi")
    assert action.priority.fairness_key == str(here.tenant.tenant_id)
    assert schedule.spec.intervals[0].every == timedelta(seconds=30)


async def test_every_tenant_that_sends_has_one_watch_over_what_it_sent(
    client: Client, here: Exchange, there: Exchange
) -> None:
    await ensure_schedules(client, 30)
    schedule = (await client.get_schedule_handle(watch_id(here.tenant.tenant_id)).describe()).schedule
    action = schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    assert (action.workflow, action.task_queue) == ("SubmissionWatch", "edi")
    assert action.priority.fairness_key == str(here.tenant.tenant_id)
    assert schedule.spec.intervals[0].every == timedelta(hours=1)


async def test_months_are_closed_by_the_clock_of_their_company_for_as_long_as_that_is_wanted(
    client: Client, here: Exchange, there: Exchange
) -> None:
    identifier = close_id(here.tenant.tenant_id)
    handle = client.get_schedule_handle(identifier)
    known = None
    for day in (3, 5):
        await set_close_schedule(here.tenant.admin, CloseScheduleFacts(True, day, 6))
        known = await ensure_schedules(client, 30, known)
        assert set(known) == {*kept(here, there), identifier}
        schedule = (await handle.describe()).schedule
        assert isinstance(schedule.action, ScheduleActionStartWorkflow)
        assert (schedule.action.workflow, schedule.action.task_queue) == ("ScheduledClose", "core")
        assert schedule.action.priority.fairness_key == str(here.tenant.tenant_id)
        calendar = schedule.spec.calendars[0]
        assert (calendar.day_of_month[0].start, calendar.hour[0].start) == (day, 6)
        assert schedule.spec.time_zone_name == here.tenant.admin.time_zone
    await set_close_schedule(here.tenant.admin, CloseScheduleFacts(False, 5, 6))
    assert set(await ensure_schedules(client, 30, known)) == kept(here, there)
    assert await _gone(client, identifier)


async def test_the_poller_is_started_with_its_connection(
    client: Client, here: Exchange, there: Exchange
) -> None:
    await ensure_schedules(client, 3_600)
    identifier = schedule_id(here.tenant.tenant_id, here.connection_id)
    handle = client.get_schedule_handle(identifier)
    await eventually(lambda: _acted(handle))
    run = (await handle.describe()).info.recent_actions[0].action
    history = await client.get_workflow_handle(run.workflow_id).fetch_history()
    assert run.workflow_id.startswith(identifier)
    payloads = history.events[0].workflow_execution_started_event_attributes.input.payloads
    started = await client.data_converter.with_context(_context(run.workflow_id)).decode(
        payloads, [ConnectionInput]
    )
    assert started == [ConnectionInput(here.tenant.tenant_id, here.connection_id)]


async def _acted(handle: ScheduleHandle) -> bool:
    return bool((await handle.describe()).info.recent_actions)


def _context(workflow_id: str) -> WorkflowSerializationContext:
    return WorkflowSerializationContext(namespace="default", workflow_id=workflow_id)


async def test_doing_it_twice_or_in_two_workers_changes_nothing(
    client: Client, here: Exchange, there: Exchange
) -> None:
    first = await ensure_schedules(client, 30)
    assert await ensure_schedules(client, 30) == first
    assert await ensure_schedules(client, 30, first) == first
    await eventually(lambda: _same(client, kept(here, there)))


async def _same(client: Client, wanted: set[str]) -> bool:
    return await listed(client) == wanted


async def test_a_changed_pace_reaches_schedules_that_are_there(
    client: Client, here: Exchange, there: Exchange
) -> None:
    await ensure_schedules(client, 30)
    await ensure_schedules(client, 7)
    for identifier in names(here, there):
        schedule = (await client.get_schedule_handle(identifier).describe()).schedule
        assert schedule.spec.intervals[0].every == timedelta(seconds=7)


async def test_a_larger_plan_gives_a_larger_share_of_the_workers(
    client: Client, here: Exchange, there: Exchange
) -> None:
    known = await ensure_schedules(client, 30)
    await here.tenant.owner.execute(
        "UPDATE tenants SET plan = 'enterprise' WHERE id = $1", here.tenant.tenant_id
    )
    await ensure_schedules(client, 30, known)
    weights = [await _weight(client, one) for one in (here, there)]
    assert weights == [PLANS["enterprise"].fairness_weight, PLANS["pro"].fairness_weight]


async def _weight(client: Client, one: Exchange) -> float | None:
    action = (await client.get_schedule_handle(names(one).pop()).describe()).schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    return action.priority.fairness_weight


async def test_what_the_outbox_starts_stands_in_the_queues_with_its_tenants_share(
    client: Client, here: Exchange, there: Exchange
) -> None:
    workflow_id = f"{here.tenant.tenant_id}/watch/{uuid4()}"
    async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
        told = {"tenant_id": session.tenant_id}
        message = await session.tell("start", workflow_id, "", told, workflow="SubmissionWatch")
    courier.start(client)
    try:
        assert await courier.deliver(here.tenant.tenant_id, [message]) == []
    finally:
        courier.start(None)
    handle = client.get_workflow_handle(workflow_id)
    priority = (await handle.describe()).raw_description.workflow_execution_info.priority
    await handle.terminate()
    assert (priority.fairness_key, priority.fairness_weight) == (
        str(here.tenant.tenant_id),
        PLANS["pro"].fairness_weight,
    )


async def test_a_pause_by_hand_survives(client: Client, here: Exchange, there: Exchange) -> None:
    await ensure_schedules(client, 30)
    handle = client.get_schedule_handle(names(here).pop())
    await handle.pause(note="the partner asked for it")
    await ensure_schedules(client, 30)
    assert (await handle.describe()).schedule.state.paused


async def test_connections_come_and_go(client: Client, here: Exchange, there: Exchange) -> None:
    known = await ensure_schedules(client, 30)
    await here.tenant.owner.execute("UPDATE connections SET active = false WHERE id = $1", here.connection_id)
    known = await ensure_schedules(client, 30, known)
    assert set(known) == kept(there) and await _gone(client, names(here).pop())
    await here.tenant.owner.execute("UPDATE connections SET active = true WHERE id = $1", here.connection_id)
    assert set(await ensure_schedules(client, 30, known)) == kept(here, there)
    await here.tenant.owner.execute(
        "UPDATE tenants SET status = 'closed' WHERE id = $1", there.tenant.tenant_id
    )
    await eventually(lambda: _same(client, kept(here, there)))
    # A worker that starts anew finds and removes what its predecessor left.
    assert set(await ensure_schedules(client, 30)) == kept(here)
    assert await _gone(client, names(there).pop())


async def _gone(client: Client, identifier: str) -> bool:
    try:
        await client.get_schedule_handle(identifier).describe()
    except RPCError:
        return True
    return False


async def test_the_keepers_view_shows_nothing_to_a_tenant(here: Exchange, there: Exchange) -> None:
    async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
        rows = await session.fetch("SELECT id FROM connections")
    assert [row["id"] for row in rows] == [here.connection_id]
