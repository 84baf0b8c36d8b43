"""The worker's interceptor that notices activities which keep failing, and that they succeed at last."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from temporalio import activity
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from database import incidents
from database.incidents import Failing
from database.session import tenant_session
from domain.incidents import FROM_ATTEMPT, What, code_of_class, code_of_partner, fault
from domain.processes import PROCESSES, parts_of
from domain.tenancy import workflow_actor

log = logging.getLogger("caseload.incidents")

ACTOR = "Caseload"
_MAILBOX = ("mailbox.failed", "mailbox.paused", "mailbox.refused")
# Workflows for which this worker has noted a failure: only their successes are worth a look at the database.
_failing: set[tuple[str, str]] = set()
MOST_REMEMBERED = 20_000


def code_of(error: BaseException) -> str:
    """What an exception is called in `domain.incidents`. Its text is read only where it is a code of our own."""
    if isinstance(error, ApplicationError):
        if error.type in _MAILBOX:
            return code_of_partner(error.message)
        return f"fault.{error.type}" if error.type else "fault"
    return code_of_class([one.__name__ for one in type(error).__mro__])


class NoticeFailures(Interceptor):
    """Has every activity of the worker watched."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """The watch around an activity."""
        return _Watch(next)


class _Watch(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        try:
            result = await self.next.execute_activity(input)
        except Exception as error:
            await _noted(_failed(activity.info(), input, error))
            raise
        info = activity.info()
        if info.attempt >= FROM_ATTEMPT or (info.workflow_id, info.activity_type) in _failing:
            await _noted(_succeeded(info))
        return result


async def _noted(note: Any) -> None:
    """A note that cannot be taken must not fail the activity: the scanner looks again."""
    try:
        await asyncio.wait_for(note, timeout=5)
    except Exception as error:  # noqa: BLE001 - whatever it is, the activity's own outcome stands
        log.warning("an incident could not be noted: %s", type(error).__name__)


def _place(info: activity.Info) -> tuple[UUID, str] | None:
    """The tenant and the workflow's id; None for what is no process of ours."""
    tenant, kind, _ = parts_of(info.workflow_id or "")
    if kind not in PROCESSES:
        return None
    return UUID(tenant), info.workflow_id or ""


async def _failed(info: activity.Info, input: ExecuteActivityInput, error: Exception) -> None:
    place = _place(info)
    if place is None:
        return
    if _is_final(info, error):
        # What it means is for the workflow to say: it works it, or ends with a failure, which is an incident of its own.
        await _close(*place, info.activity_type, "gave_up")
        return
    if info.attempt < FROM_ATTEMPT and (info.workflow_id, info.activity_type) not in _failing:
        return
    tenant_id, workflow_id = place
    code = code_of(error)
    failing = Failing(
        workflow_id,
        What.LOCAL if info.is_local else What.ACTIVITY,
        code,
        info.activity_type,
        info.activity_id,
        info.workflow_run_id or "",
        info.attempt,
        datetime.now(UTC) + _wait(info, error),
        _mends(code, input),
    )
    async with tenant_session(workflow_actor(tenant_id, ACTOR)) as session:
        await incidents.record(session, failing)
    if len(_failing) >= MOST_REMEMBERED:
        _failing.clear()  # the scanner closes what is forgotten here
    _failing.add((info.workflow_id or "", info.activity_type))


async def _succeeded(info: activity.Info) -> None:
    if place := _place(info):
        await _close(*place, info.activity_type, "done")
    _failing.discard((info.workflow_id or "", info.activity_type))


async def _close(tenant_id: UUID, workflow_id: str, activity_type: str, outcome: str) -> None:
    async with tenant_session(workflow_actor(tenant_id, ACTOR)) as session:
        await incidents.mended(session, workflow_id, outcome, (What.ACTIVITY, What.LOCAL), activity_type)


def _is_final(info: activity.Info, error: Exception) -> bool:
    """Whether the server will not try this activity again."""
    if isinstance(error, ApplicationError) and error.non_retryable:
        return True
    policy = info.retry_policy
    return policy is not None and 0 < policy.maximum_attempts <= info.attempt


def _wait(info: activity.Info, error: Exception) -> timedelta:
    """How long until the next attempt: as the error says, else as the retry policy reckons."""
    if isinstance(error, ApplicationError) and error.next_retry_delay is not None:
        return error.next_retry_delay
    policy = info.retry_policy or RetryPolicy()
    grown = policy.initial_interval * policy.backoff_coefficient ** min(info.attempt - 1, 40)
    longest = policy.maximum_interval or policy.initial_interval * 100
    return min(grown, longest) if grown > timedelta(0) else longest


def _mends(code: str, input: ExecuteActivityInput) -> tuple[str, UUID | None]:
    """The record that the activity was about, where a fault of this code is mended."""
    kind = fault(code).mends
    asked = input.args[0] if input.args else None
    identifier = getattr(asked, f"{kind}_id", None) if kind else None
    return (kind, identifier) if isinstance(identifier, UUID) else ("", None)
