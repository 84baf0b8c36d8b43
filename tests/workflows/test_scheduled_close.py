"""A month closed by schedule on a clock that leaps: it waits until the last practice's month has ended, and begins once."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.care.month_messages import ScheduledCloseInput
from activities.care.month_starting import begin_scheduled_close
from services.care import close_schedule, practices
from services.care.close_schedule import CloseScheduleFacts
from services.care.practices import PracticeFacts
from tests.fixtures.care_months import MonthDesk
from tests.fixtures.exchange import Exchange
from tests.fixtures.leaping import leaping_server
from tests.fixtures.lifecycle import eventually
from workflows.care_months import ScheduledClose

Run = WorkflowHandle[ScheduledClose, UUID | None]


async def test_a_month_is_begun_once_it_has_ended_for_the_last_practice(
    here: Exchange, there: Exchange
) -> None:
    async with await leaping_server() as environment, _worker(environment):
        with environment.auto_time_skipping_disabled():
            run, month = await _waiting(environment, here)
            assert await here.count("care_months") == 0
            await environment.sleep(timedelta(hours=7))
            begun = await run.result()
            row = await here.one("SELECT id, month FROM care_months")
            assert (begun, month) == (row["id"], row["month"])
            assert await (await _start(environment, here)).result() is None
            assert await (await _start(environment, there)).result() is None
        assert await there.count("care_months") == 0


async def recorded(here: Exchange) -> WorkflowHistory:
    """The history of a start that had to wait."""
    async with await leaping_server() as environment, _worker(environment):
        with environment.auto_time_skipping_disabled():
            run, _ = await _waiting(environment, here)
            await environment.sleep(timedelta(hours=7))
            await run.result()
            return await run.fetch_history()


async def _waiting(environment: WorkflowEnvironment, exchange: Exchange) -> tuple[Run, date]:
    """A start at the first moment of a month where the company is, while a practice of it has hours to go; the month."""
    desk = await MonthDesk(exchange).open()
    await desk.patients(1)
    await practices.save_practice(desk.admin, exchange.client_id, PracticeFacts("Pacific/Honolulu"))
    view = await close_schedule.set_close_schedule(desk.admin, CloseScheduleFacts(True, 1, 0))
    assert view.next_at is not None and view.next_month is not None
    await environment.sleep(view.next_at - await environment.get_current_time())
    run = await _start(environment, exchange)

    async def asleep() -> bool:
        events = (await run.fetch_history()).events
        return any(one.HasField("timer_started_event_attributes") for one in events)

    await eventually(asleep)
    return run, view.next_month


async def _start(environment: WorkflowEnvironment, exchange: Exchange) -> Run:
    given = ScheduledCloseInput(exchange.tenant.tenant_id)
    return await environment.client.start_workflow(
        ScheduledClose.run, given, id=f"{given.tenant_id}/care_close/{uuid4()}", task_queue="core"
    )


def _worker(environment: WorkflowEnvironment) -> Worker:
    return Worker(
        environment.client, task_queue="core", workflows=[ScheduledClose], activities=[begin_scheduled_close]
    )
