"""What no activity can notice itself: processes whose own program fails, processes that ended with a failure, and
incidents that are over although nobody said so. One loop in each worker looks; what it finds is stored once."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import InterfaceError, PostgresError
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
)
from temporalio.exceptions import ActivityError, ApplicationError, FailureError
from temporalio.service import RPCError, RPCStatusCode

from activities.incidents.noticing import ACTOR, code_of
from database import incidents
from database.incidents import Failing
from database.session import platform_session, tenant_session
from domain.incidents import What, code_of_class, fault
from domain.process_model import without_time
from domain.processes import PROCESSES, parts_of
from domain.tenancy import workflow_actor

log = logging.getLogger("caseload.incidents")

EVERY = 15.0
# A restart of every worker is over sooner; what failed meanwhile is still found.
LOOK_BACK = timedelta(hours=1)
_PATIENCE = timedelta(seconds=5)
# A local activity is tried again within a minute: three minutes without a failure mean that it has succeeded.
_LOCAL_PAUSE = timedelta(minutes=3)
# The server's own mark of a process whose workflow tasks fail again and again.
PROBLEMS = "TemporalReportedProblems"
_STUCK = (
    f"ExecutionStatus = 'Running' AND {PROBLEMS} IN"
    " ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')"
)
_FAILED = "ExecutionStatus = 'Failed' AND CloseTime > '{since}'"
_AT_ONCE = 500
_KNOWN = """
SELECT state, run_id, closed_at FROM incidents WHERE tenant_id = current_tenant() AND workflow_id = $1 AND what = $2
ORDER BY id DESC LIMIT 1
"""
_OPEN = """
SELECT tenant_id, id, workflow_id, kind, process_id, what, activity, last_failed_at FROM incidents WHERE state = 'open'
ORDER BY last_failed_at LIMIT $1
"""


async def scan_forever(client: Client, every: float = EVERY) -> None:
    """Look until cancelled. Run by the worker."""
    while True:
        try:
            await scan_once(client)
        except (OSError, RPCError, RuntimeError, TimeoutError, PostgresError, InterfaceError) as error:
            # Both servers come back by themselves, and the next look finds what this one left.
            log.warning("the scan for incidents is postponed: %s", type(error).__name__)
        await asyncio.sleep(every)


async def scan_once(client: Client) -> None:
    """Find what is stuck or has failed, then close what is over."""
    await _find(client, _STUCK, What.STUCK)
    since = (datetime.now(UTC) - LOOK_BACK).strftime("%Y-%m-%dT%H:%M:%SZ")
    await _find(client, _FAILED.format(since=since), What.FAILED)
    await close_what_is_over(client)


async def _find(client: Client, query: str, what: What) -> None:
    """Record each process that the query finds, by its newest run."""
    seen: set[str] = set()
    async for found in client.list_workflows(query, limit=_AT_ONCE):
        tenant, kind, _ = parts_of(found.id)
        # Somebody who looks into a mailbox by hand is told on the connection's own page.
        if kind not in PROCESSES or kind == "look":
            continue
        # Each scheduled look is a run of its own: those that fail one after the other are one incident.
        place = without_time(found.id) if what is What.FAILED else found.id
        if place not in seen:
            seen.add(place)
            await _record(client, found, UUID(tenant), place, what)


async def _record(client: Client, found: WorkflowExecution, tenant_id: UUID, place: str, what: What) -> None:
    async with tenant_session(workflow_actor(tenant_id, ACTOR)) as session:
        known = await session.row(_KNOWN, place, str(what))
    if known and (known["state"] == "open" or what is What.FAILED) and known["run_id"] == found.run_id:
        return
    if known and known["closed_at"] and found.close_time and found.close_time <= known["closed_at"]:
        return
    code, activity = await _why(client, found) if what is What.FAILED else ("stuck", "")
    if what is What.FAILED and await _runs_again(client, found):
        return
    failing = Failing(place, what, code, activity, run_id=found.run_id, mends=_mends(place, code))
    async with tenant_session(workflow_actor(tenant_id, ACTOR)) as session:
        await incidents.record(session, failing)


async def _runs_again(client: Client, found: WorkflowExecution) -> bool:
    """Whether a newer run of the same process goes on, or has ended well."""
    newest = await client.get_workflow_handle(found.id).describe(rpc_timeout=_PATIENCE)
    return newest.run_id != found.run_id


async def _why(client: Client, found: WorkflowExecution) -> tuple[str, str]:
    """The code of a failure and the activity that it came from."""
    try:
        await client.get_workflow_handle(found.id, run_id=found.run_id).result(rpc_timeout=_PATIENCE)
    except WorkflowFailureError as failure:
        cause: BaseException | None = failure.cause
        if isinstance(cause, ActivityError):
            return _code(cause.cause), cause.activity_type
        return _code(cause), ""
    return "failed", ""


def _code(cause: BaseException | None) -> str:
    if isinstance(cause, ApplicationError) and cause.type and cause.type.isidentifier():
        return code_of_class([cause.type])  # an exception that Temporal carried over by its class's name
    return code_of(cause) if isinstance(cause, FailureError) else "failed"


def _mends(place: str, code: str) -> tuple[str, UUID | None]:
    _, kind, which = parts_of(place)
    return ("connection", UUID(which)) if kind == "poll" and fault(code).mends == "connection" else ("", None)


async def close_what_is_over(client: Client) -> None:
    """Close incidents whose process went on or ended without anybody noticing, as after a restart of the worker."""
    async with platform_session(purpose="incidents") as connection:
        rows = await connection.fetch(_OPEN, _AT_ONCE)
    for row in rows:
        outcome = await _outcome(client, row)
        if outcome:
            async with tenant_session(workflow_actor(row["tenant_id"], ACTOR)) as session:
                await incidents.close(session, [row["id"]], outcome)


async def _outcome(client: Client, row: Any) -> str:
    """How an incident ended; empty while it is open."""
    if row["kind"] == "poll" and row["what"] == What.FAILED:
        return await _of_mailbox(row)
    try:
        described = await client.get_workflow_handle(row["workflow_id"]).describe(rpc_timeout=_PATIENCE)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return "ended"
        raise
    what, status = What(row["what"]), described.status
    if status is WorkflowExecutionStatus.RUNNING:
        return _of_running(described, row, what)
    if status is WorkflowExecutionStatus.FAILED:
        return "" if what is What.FAILED else "ended"
    return "done" if status is WorkflowExecutionStatus.COMPLETED else "ended"


def _of_running(described: WorkflowExecutionDescription, row: Any, what: What) -> str:
    if what is What.ACTIVITY:
        pending = {one.activity_type.name for one in described.raw_description.pending_activities}
        return "" if row["activity"] in pending else "done"
    if what is What.LOCAL:
        return "done" if row["last_failed_at"] < datetime.now(UTC) - _LOCAL_PAUSE else ""
    if what is What.STUCK:
        return "" if PROBLEMS in described.raw_info.search_attributes.indexed_fields else "done"
    return "done" if what is What.FAILED else ""


async def _of_mailbox(row: Any) -> str:
    """Every look is a run of its own: what counts is whether the last one worked."""
    async with tenant_session(workflow_actor(row["tenant_id"], ACTOR)) as session:
        works = await session.value(
            "SELECT last_error = '' AND last_polled_at > $2 OR NOT active FROM connections WHERE id = $1",
            row["process_id"],
            row["last_failed_at"],
        )
    return "done" if works else ""
