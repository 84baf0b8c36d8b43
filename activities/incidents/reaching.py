"""Reaching into Temporal for an incident: try again now, cancel, and what a process's own record of steps says.

Only names, numbers of attempts and times are read from it; payloads and texts of failures stay where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetActivityRequest, ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from domain.incidents import What

ANSWER_WITHIN = timedelta(seconds=5)
_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
_FAILED = (EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED, EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT)
# A local activity's result, failed or not, is a marker; one that failed for good stands right before the end.
_LONGEST_HISTORY = 20_000


class NothingToRetry(Exception):
    """The process does not wait where the incident says: it went on, or it has ended. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def retry(client: Client, workflow_id: str, what: What, activity: str, run_id: str = "") -> None:
    """Have what fails be tried at once. Raises NothingToRetry; RPCError when the server does not answer.

    A waiting activity is reset; whatever runs inside a workflow task begins anew at the last task that was completed, so
    that nothing before it is done again.
    """
    if what is What.ACTIVITY:
        await _reset_activity(client, workflow_id, activity)
    else:
        await _reset_workflow(client, workflow_id, what, run_id)


async def _reset_activity(client: Client, workflow_id: str, activity: str) -> None:
    described = await _described(client, workflow_id)
    waiting = [one for one in described.pending_activities if one.activity_type.name == activity]
    if not waiting:
        raise NothingToRetry("incident.went_on")
    for one in waiting:
        request = ResetActivityRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=workflow_id),
            id=one.activity_id,
            identity="caseload",
        )
        await client.workflow_service.reset_activity(request, timeout=ANSWER_WITHIN)


async def _reset_workflow(client: Client, workflow_id: str, what: What, run_id: str) -> None:
    handle = client.get_workflow_handle(workflow_id, run_id=run_id or None)
    running = (await handle.describe(rpc_timeout=ANSWER_WITHIN)).status is WorkflowExecutionStatus.RUNNING
    if running == (what is What.FAILED):
        raise NothingToRetry("incident.went_on")
    events = [event async for event in handle.fetch_history_events()]
    point = _point(events, ended=not running)
    if point is None:
        raise NothingToRetry("incident.by_itself")
    request = ResetWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=workflow_id, run_id=run_id),
        reason="retried after an incident",
        workflow_task_finish_event_id=point,
        request_id=str(uuid4()),
    )
    await client.workflow_service.reset_workflow_execution(request, timeout=ANSWER_WITHIN)


def _point(events: Sequence[Any], *, ended: bool) -> int | None:
    """The completed workflow task to begin anew at: of an ended process the one that asked for the activity that failed."""
    completed = [event.event_id for event in events if event.event_type == _COMPLETED]
    failed = [event for event in events if event.event_type in _FAILED]
    if ended and failed:
        told = failed[-1].activity_task_failed_event_attributes.scheduled_event_id
        told = told or failed[-1].activity_task_timed_out_event_attributes.scheduled_event_id
        before = [number for number in completed if number < told]
        return before[-1] if before else None
    return completed[-1] if completed else None


async def cancel(client: Client, workflow_id: str, *, by_force: bool) -> None:
    """Ask the process to end; by force where its own program fails and it could not hear. One that has ended is left."""
    handle = client.get_workflow_handle(workflow_id)
    try:
        if by_force:
            await handle.terminate("cancelled after an incident", rpc_timeout=ANSWER_WITHIN)
        else:
            await handle.cancel(rpc_timeout=ANSWER_WITHIN)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


@dataclass(frozen=True, slots=True)
class Pending:
    """An activity that the process waits for. `next_attempt_at` None: it runs just now."""

    activity: str
    attempt: int
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a technical history."""

    number: int
    what: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Technical:
    """How a process stands in Temporal: names and numbers only."""

    status: str
    run_id: str
    started_at: datetime | None
    closed_at: datetime | None
    events: int
    pending: list[Pending]
    history: list[Happened]


async def technical(client: Client, workflow_id: str, last: int = 200) -> Technical | None:
    """The process as Temporal knows it, its newest steps first; None when Temporal knows it no longer."""
    handle = client.get_workflow_handle(workflow_id)
    try:
        described = await handle.describe(rpc_timeout=ANSWER_WITHIN)
        events = await _events(handle)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    lines = [line for event in events if (line := _line(event))]
    return Technical(
        described.status.name.replace("_", " ").capitalize() if described.status else "Unknown",
        described.run_id or "",
        described.start_time,
        described.close_time,
        described.history_length,
        [_pending(one) for one in described.raw_description.pending_activities],
        list(reversed(lines))[:last],
    )


async def _events(handle: WorkflowHandle[Any, Any]) -> list[Any]:
    found = []
    async for event in handle.fetch_history_events():
        found.append(event)
        if len(found) >= _LONGEST_HISTORY:
            break
    return found


async def _described(client: Client, workflow_id: str) -> Any:
    handle = client.get_workflow_handle(workflow_id)
    try:
        described = await handle.describe(rpc_timeout=ANSWER_WITHIN)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NothingToRetry("incident.ended") from None
        raise
    if described.status is not WorkflowExecutionStatus.RUNNING:
        raise NothingToRetry("incident.ended")
    return described.raw_description


def _pending(one: Any) -> Pending:
    following = one.next_attempt_schedule_time
    at = following.ToDatetime(tzinfo=UTC) if one.HasField("next_attempt_schedule_time") else None
    return Pending(one.activity_type.name, one.attempt, at)


def _line(event: Any) -> Happened | None:
    """What happened, where it tells something to a reader; the bookkeeping of workflow tasks does not."""
    kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
    if kind.startswith("WORKFLOW_TASK_") and "FAILED" not in kind and "TIMED_OUT" not in kind:
        return None
    return Happened(
        event.event_id,
        kind.replace("_", " ").lower().capitalize(),
        _name(event),
        event.event_time.ToDatetime(tzinfo=UTC),
    )


def _name(event: Any) -> str:
    """The name of the activity, signal, update or marker that an event is about."""
    attributes = getattr(event, event.WhichOneof("attributes"))
    for field in ("activity_type", "workflow_type"):
        if hasattr(attributes, field):
            return str(getattr(attributes, field).name)
    if hasattr(attributes, "accepted_request"):
        return str(attributes.accepted_request.input.name)
    return str(getattr(attributes, "signal_name", "") or getattr(attributes, "marker_name", ""))
