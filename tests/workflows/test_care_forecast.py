"""The forecast of each morning on a clock that leaps: learning from months that end, asking in time, letting go by itself."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.care.forecast_messages import ForecastInput
from activities.registry import ACTIVITIES
from tests.fixtures.exchange import Exchange
from tests.fixtures.forecasting import ForecastDesk, months_back
from tests.fixtures.leaping import leaping_server
from workflows.forecast import CareForecast


async def test_mornings_of_a_month_ask_in_time_and_let_go(here: Exchange, there: Exchange) -> None:
    async with _leaping() as environment:
        desk, elsewhere = ForecastDesk(here), ForecastDesk(there)
        await desk.open()
        await elsewhere.open()
        now = await environment.get_current_time()
        begun = months_back(now.date(), 2)
        behind = await desk.since(begun)
        await elsewhere.since(begun)
        for back in (1, 2):
            await desk.worked(behind, months_back(now.date(), back).replace(day=12), 5)
        following = months_back(now.date(), -1)
        assert await _open_after(environment, desk, following, 5) == 0
        assert await _open_after(environment, desk, following, 14) == 1
        assert await _open_after(environment, desk, following, 15) == 1
        await desk.worked(behind, following.replace(day=15), 20)
        assert await _open_after(environment, desk, following, 16) == 0
        # The month that has ended is learned from, and what was open about it is over.
        await desk.worked(behind, following.replace(day=17), 1)
        later = months_back(following, -1)
        await _morning(environment, desk, later, 3)
        paces = await here.rows("SELECT month, seconds FROM care_paces ORDER BY month")
        assert (paces[-1]["month"], paces[-1]["seconds"]) == (following, 21 * 60)
        assert await there.count("care_scores") == await there.count("care_paces") == 0


async def recorded(here: Exchange) -> WorkflowHistory:
    """The history of one morning with a finished month to learn from."""
    async with _leaping() as environment:
        desk = ForecastDesk(here)
        await desk.open()
        await desk.since(months_back((await environment.get_current_time()).date(), 1))
        given = ForecastInput(here.tenant.tenant_id)
        run = await environment.client.start_workflow(
            CareForecast.run, given, id=f"{given.tenant_id}/forecast/{uuid4()}", task_queue="core"
        )
        await run.result()
        return await run.fetch_history()


async def _open_after(environment: WorkflowEnvironment, desk: ForecastDesk, month: date, day: int) -> int:
    """How many months at risk are work after the forecast of a morning."""
    await _morning(environment, desk, month, day)
    return len(await desk.exchange.items("care_risk"))


async def _morning(environment: WorkflowEnvironment, desk: ForecastDesk, month: date, day: int) -> None:
    """Leap to the morning of a day, and forecast."""
    now = await environment.get_current_time()
    wanted = datetime.fromisoformat(f"{month:%Y-%m}-{day:02}T14:00:00+00:00")
    await environment.sleep(max(wanted - now, timedelta(0)))
    given = ForecastInput(desk.exchange.tenant.tenant_id)
    # Between two mornings the clock is ours alone: waiting for an answer would let it leap to a workflow's own end.
    with environment.auto_time_skipping_disabled():
        await environment.client.execute_workflow(
            CareForecast.run, given, id=f"{given.tenant_id}/forecast/{uuid4()}", task_queue="core"
        )


class _leaping:
    """A server whose clock is ours to move, and a worker."""

    async def __aenter__(self) -> WorkflowEnvironment:
        self._environment = await leaping_server()
        needed = [one for one in ACTIVITIES["core"] if one.__module__.startswith("activities.care.forecast")]
        self._worker = Worker(
            self._environment.client, task_queue="core", workflows=[CareForecast], activities=needed
        )
        await self._worker.__aenter__()
        return self._environment

    async def __aexit__(self, *failure: object) -> None:
        await self._worker.__aexit__(None, None, None)
        await self._environment.shutdown()
