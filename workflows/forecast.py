"""The daily forecast of care of one tenant."""

from datetime import date, timedelta
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.care.forecast_messages import Asked, ForecastInput, ForecastTask, PortionTask
    from activities.care.forecast_risks import ask_about_risks
    from activities.care.forecasting import begin_forecast, gather_paces, measure_forecast, score_portion
    from workflows.options import RETRY

A_PORTION: dict[str, Any] = {"start_to_close_timeout": timedelta(minutes=5), "retry_policy": RETRY}
A_WHOLE: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=30),
    "heartbeat_timeout": timedelta(seconds=30),
    "retry_policy": RETRY,
}


@workflow.defn
class CareForecast:
    """Count finished months that are not known yet, measure the forecast on them, score everybody, ask about risks."""

    @workflow.run
    async def run(self, given: ForecastInput) -> Asked:
        task = ForecastTask(given.tenant_id, workflow.now(), given.anew)
        plan = await workflow.execute_activity(begin_forecast, task, **A_PORTION)
        for month in plan.months:
            await self._each_portion(gather_paces, task, plan.day, month)
        if plan.measure:
            await workflow.execute_activity(measure_forecast, task, **A_WHOLE)
        await self._each_portion(score_portion, task, plan.day)
        asking = PortionTask(task.tenant_id, task.now, plan.day)
        return await workflow.execute_activity(ask_about_risks, asking, **A_WHOLE)

    async def _each_portion(
        self, step: Any, task: ForecastTask, day: date, month: date | None = None
    ) -> None:
        cursor = None
        while True:
            portion = await workflow.execute_activity(
                step, PortionTask(task.tenant_id, task.now, day, month, cursor), **A_PORTION
            )
            cursor = portion.cursor
            if cursor is None:
                return
