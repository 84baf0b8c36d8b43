"""From a registration to a tenant whose administrator can sign in: completely, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.tenancy import connection, onboarding, undoing
    from activities.tenancy.onboarding import Onboarding

# A step is tried for some ten minutes; whoever registered is looking at the progress page.
TRY = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30), maximum_attempts=20
)
# The way back must come to its end, however long the outage.
UNTIL_DONE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
ONE_TRY = timedelta(seconds=30)
NO_ANSWER = (
    "A part that is needed did not answer for too long. Nothing was kept; please register again later."
)


@dataclass(frozen=True, slots=True)
class Onboarded:
    """How an onboarding ended: `ready`, or `failed` with the code of the reason."""

    tenant_id: UUID
    status: str
    code: str = ""


@workflow.defn
class TenantOnboarding:
    """One registration. Its progress is shown from the registration's row, which every step updates."""

    def __init__(self) -> None:
        self._way_back: list[Callable[..., Any]] = []

    @workflow.run
    async def run(self, given: Onboarding) -> Onboarded:
        """Take every step; when one fails for good, undo what was begun, the last first."""
        try:
            await self._step(onboarding.reserve_address, given)
            await self._step(onboarding.make_data_key, given, undoing.destroy_data_key)
            await self._step(onboarding.seed_roles, given, undoing.remove_roles)
            await self._step(onboarding.add_first_admin, given, undoing.remove_first_admin)
            await self._step(onboarding.set_plan, given)
            await self._step(onboarding.open_billing, given, undoing.close_billing)
            await self._step(connection.make_first_connection, given, undoing.remove_first_connection)
            await self._step(onboarding.open_doors, given)
        except ActivityError as failure:
            return await self._give_up(given, failure)
        return Onboarded(given.tenant_id, "ready")

    async def _step(
        self, step: Callable[..., Any], given: Onboarding, undo: Callable[..., Any] | None = None
    ) -> None:
        """The way back is noted before the step: one that timed out may still have done its work."""
        if undo is not None:
            self._way_back.append(undo)
        await workflow.execute_activity(step, given, start_to_close_timeout=ONE_TRY, retry_policy=TRY)

    async def _give_up(self, given: Onboarding, failure: ActivityError) -> Onboarded:
        code, reason = _why(failure)
        for undo in reversed(self._way_back):
            await workflow.execute_activity(
                undo, given, start_to_close_timeout=ONE_TRY, retry_policy=UNTIL_DONE
            )
        await workflow.execute_activity(
            undoing.give_back_address,
            undoing.Refusal(given.tenant_id, given.registration_id, code, reason),
            start_to_close_timeout=ONE_TRY,
            retry_policy=UNTIL_DONE,
        )
        return Onboarded(given.tenant_id, "failed", code)


def _why(failure: ActivityError) -> tuple[str, str]:
    """The refusal's own code and sentence; of an outage only that it was one, since its text is for engineers."""
    cause = failure.cause
    if isinstance(cause, ApplicationError) and cause.non_retryable and cause.type:
        return cause.type, cause.message
    return "onboarding.no_answer", NO_ANSWER
