"""Delivery of committed messages to Temporal: at once when the server answers, later by the dispatcher when not.

A message is leased, delivered and marked. A crash in between delivers it again, so starts and updates carry ids and
signals carry the id of the fact they announce, which workflows remember.
"""

import asyncio
import json
import logging
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.compensating import undo
from activities.incidents import reaching
from activities.tenants import apart
from database.session import platform_session, tenant_session
from domain.incidents import What
from domain.tenancy import PLANS, workflow_actor

T = TypeVar("T")
log = logging.getLogger("caseload.courier")

LEASE_SECONDS = 15
ANSWER_WITHIN = timedelta(seconds=4)
AT_ONCE = 20
AT_MOST = 500
# Tenants; each holds a connection of the pool for moments.
SIDE_BY_SIDE = 5
# A client that has never been connected raises a bare RuntimeError when nobody answers.
UNREACHABLE = (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError, RuntimeError)

_LEASE = """
UPDATE outbox o SET attempts = attempts + 1,
    next_attempt_at = now() + make_interval(secs => $1 * least(attempts + 1, 20))
{which} AND o.tenant_id = current_tenant() AND o.delivered_at IS NULL AND o.refused IS NULL AND o.next_attempt_at <= now()
RETURNING o.id, o.tenant_id, o.kind, o.workflow, o.workflow_id, o.task_queue, o.name, o.payload, o.signal_payload,
    (SELECT t.plan FROM tenants t WHERE t.id = o.tenant_id) AS plan
"""
_LEASE_THESE = _LEASE.format(which="WHERE o.id = ANY($2::uuid[])")
# Materialised: inlined, the planner may run the inner query once for each row.
_LEASE_DUE = f"""
WITH due AS MATERIALIZED (
    SELECT id FROM outbox WHERE tenant_id = current_tenant() AND delivered_at IS NULL AND refused IS NULL
        AND next_attempt_at <= now() ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
{_LEASE.format(which="FROM due WHERE o.id = due.id")}
"""

_NOTHING_TO_RETRY = {
    "incident.went_on": "The process has gone on by itself meanwhile.",
    "incident.ended": "The process has ended meanwhile.",
    "incident.by_itself": "It cannot be hurried; it is tried again by itself.",
}
_STARTS = ("start", "signal_with_start")
_NOT_POSSIBLE = (
    RPCStatusCode.INVALID_ARGUMENT,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.UNIMPLEMENTED,
)

# The server's word for an update whose run ended, or was begun anew, before it had answered.
_OVERTAKEN = "AcceptedUpdateCompletedWorkflow"

_client: Client | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One outbox row on its way."""

    id: UUID
    tenant_id: UUID
    kind: str
    workflow: str
    workflow_id: str
    task_queue: str
    name: str
    payload: dict[str, Any]
    signal_payload: dict[str, Any] | None
    plan: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that the workflow refused for good: its code and the sentence for the person who asked."""

    message_id: UUID
    code: str
    reason: str


def start(client: Client | None) -> None:
    """Give the courier its client; None leaves everything to the dispatcher of another process."""
    global _client
    _client = client


def client() -> Client:
    """The client of this process, for the few reads that ask Temporal itself."""
    if _client is None:
        raise RuntimeError("activities.courier.start was not called with a client")
    return _client


async def deliver(tenant_id: UUID, message_ids: Iterable[UUID]) -> list[Refused]:
    """Deliver these messages now. What cannot be delivered stays for the dispatcher; refusals are returned."""
    ids = list(message_ids)
    if not ids or _client is None:
        return []
    try:
        return await _deliver_all(await _lease(tenant_id, ids))
    except OSError as error:
        # What was asked is committed: whoever asked must not hear that it failed.
        log.warning("delivery postponed: %s", type(error).__name__)
        return []


async def dispatch_forever(every: float = 1.0) -> None:
    """Deliver what is due until cancelled, the tenants side by side: processes of one that do not answer hold up no
    other. Run by the worker."""
    under_way: set[UUID] = set()
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(tenant_id: UUID) -> None:
        async with room:
            await _postponed_on_outage(_dispatch(tenant_id))
        under_way.discard(tenant_id)

    async with asyncio.TaskGroup() as group:
        while True:
            for tenant_id in await _postponed_on_outage(_waiting_tenants()) or ():
                if tenant_id not in under_way:
                    under_way.add(tenant_id)
                    group.create_task(one(tenant_id))
            await asyncio.sleep(every)


async def _postponed_on_outage(step: Coroutine[Any, Any, T]) -> T | None:
    """Both servers come back by themselves, and what is due stays due; None until then."""
    try:
        return await step
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, *UNREACHABLE) as error:
        log.warning("dispatch postponed: %s", type(error).__name__)
        return None


async def _waiting_tenants() -> list[UUID]:
    async with platform_session(purpose="dispatch") as connection:
        rows = await connection.fetch(
            "SELECT DISTINCT tenant_id FROM outbox"
            " WHERE delivered_at IS NULL AND refused IS NULL AND next_attempt_at <= now()"
        )
    return [row["tenant_id"] for row in rows]


async def _dispatch(tenant_id: UUID) -> None:
    """Deliver what is due of a tenant, until nothing is. What cannot be is tried again ever later."""
    with apart(log, "messages", tenant_id):
        while messages := await _lease(tenant_id, None):
            await _deliver_all(messages)


async def _lease(tenant_id: UUID, ids: list[UUID] | None) -> list[Message]:
    """Take these messages, or those that are due, for LEASE_SECONDS. What somebody else has taken is left to them."""
    async with tenant_session(workflow_actor(tenant_id, "courier")) as session:
        if ids is None:
            rows = await session.fetch(_LEASE_DUE, LEASE_SECONDS, AT_MOST)
        else:
            rows = await session.fetch(_LEASE_THESE, LEASE_SECONDS, ids)
    messages = [_message(row) for row in rows]
    return sorted(messages, key=lambda message: (message.workflow_id, message.id))


def _message(row: Any) -> Message:
    facts = dict(row)
    facts["payload"] = json.loads(facts["payload"])
    facts["signal_payload"] = json.loads(facts["signal_payload"]) if facts["signal_payload"] else None
    return Message(**facts)


async def _deliver_all(messages: list[Message]) -> list[Refused]:
    """Messages of one workflow in their order, different workflows side by side; then one UPDATE marks them all."""
    room = asyncio.Semaphore(AT_ONCE)
    outcomes: dict[UUID, Refused | None] = {}

    async def one_workflow(group: list[Message]) -> None:
        async with room:
            for message in group:
                try:
                    outcomes[message.id] = await _send(message)
                except UNREACHABLE as error:
                    # Later messages of this workflow must not overtake this one; the dispatcher tries again.
                    log.info("message to %s postponed: %s", message.name, type(error).__name__)
                    return

    groups = [list(group) for _, group in groupby(messages, key=lambda message: message.workflow_id)]
    await asyncio.gather(*(one_workflow(group) for group in groups))
    if messages:
        await _mark(messages[0].tenant_id, messages, outcomes)
    return [refused for refused in outcomes.values() if refused]


async def _mark(tenant_id: UUID, messages: list[Message], outcomes: dict[UUID, Refused | None]) -> None:
    """Note what was delivered; of what was refused for good, also undo what its command has stored."""
    done = [identifier for identifier, refused in outcomes.items() if refused is None]
    refusals = [(message, refused) for message in messages if (refused := outcomes.get(message.id))]
    async with tenant_session(workflow_actor(tenant_id, "courier")) as session:
        await session.execute(
            "UPDATE outbox SET delivered_at = now() WHERE tenant_id = current_tenant() AND id = ANY($1)", done
        )
        for message, refused in refusals:
            await session.execute("UPDATE outbox SET refused = $2 WHERE id = $1", message.id, refused.code)
            if message.kind == "update":
                await undo(
                    session, message.name, message.workflow_id, message.payload, refused.code, refused.reason
                )


async def _send(message: Message) -> Refused | None:
    """Hand one message to Temporal. None when it is delivered, `Refused` when it never can be."""
    try:
        if message.kind == "start":
            await _start(message)
        elif message.kind == "signal":
            await (
                client()
                .get_workflow_handle(message.workflow_id)
                .signal(message.name, message.payload, rpc_timeout=ANSWER_WITHIN)
            )
        elif message.kind == "signal_with_start":
            await _start(message, start_signal=message.name, start_signal_args=[message.signal_payload])
        elif message.kind in ("retry", "cancel"):
            await _reach(message)
        else:
            await (
                client()
                .get_workflow_handle(message.workflow_id)
                .execute_update(message.name, message.payload, id=str(message.id), rpc_timeout=ANSWER_WITHIN)
            )
    except WorkflowAlreadyStartedError:
        return None  # started by an earlier delivery of the same message
    except WorkflowUpdateFailedError as error:
        if getattr(error.cause, "type", "") == _OVERTAKEN:
            raise TimeoutError from error  # the run ended over it: the next delivery finds what came of it
        return _refused(message, error)
    except reaching.NothingToRetry as nothing:
        return Refused(message.id, nothing.code, _NOTHING_TO_RETRY[nothing.code])
    except RPCError as error:
        # What is to be started cannot have ended: a server that does not find it is not ready, and is asked again.
        if error.status == RPCStatusCode.NOT_FOUND and not await _to_be_started(message):
            return Refused(message.id, "process.ended", "This process has already ended.")
        if message.kind == "retry" and error.status in _NOT_POSSIBLE:
            return Refused(message.id, "incident.by_itself", _NOTHING_TO_RETRY["incident.by_itself"])
        raise
    return None


async def _to_be_started(message: Message) -> bool:
    """Whether this message starts its process, or another does that is still on its way and was overtaken."""
    if message.kind in _STARTS:
        return True
    async with tenant_session(workflow_actor(message.tenant_id, "courier")) as session:
        return bool(
            await session.value(
                "SELECT EXISTS (SELECT FROM outbox WHERE tenant_id = current_tenant() AND workflow_id = $1"
                " AND kind = ANY($2) AND delivered_at IS NULL AND refused IS NULL)",
                message.workflow_id,
                _STARTS,
            )
        )


async def _reach(message: Message) -> None:
    """Try again what fails in a process, or have the process end."""
    told = message.payload
    if message.kind == "cancel":
        await reaching.cancel(client(), message.workflow_id, by_force=bool(told.get("by_force")))
        return
    await reaching.retry(
        client(), message.workflow_id, What(told["what"]), message.name, str(told.get("run_id", ""))
    )


def fairness(tenant_id: UUID, plan: str) -> Priority:
    """With what a process and all that it asks for stand in the queues: one tenant's flood must not hold up another, and
    where several wait, each gets the share of busy workers that its plan gives."""
    return Priority(fairness_key=str(tenant_id), fairness_weight=PLANS[plan].fairness_weight)


async def _start(message: Message, **signal: Any) -> None:
    await client().start_workflow(
        message.workflow,
        message.payload,
        id=message.workflow_id,
        task_queue=message.task_queue,
        id_reuse_policy=(
            WorkflowIDReusePolicy.ALLOW_DUPLICATE if signal else WorkflowIDReusePolicy.REJECT_DUPLICATE
        ),
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        priority=fairness(message.tenant_id, message.plan),
        rpc_timeout=ANSWER_WITHIN,
        **signal,
    )


def _refused(message: Message, error: WorkflowUpdateFailedError) -> Refused:
    cause = error.cause
    code = (cause.type or "process.refused") if isinstance(cause, ApplicationError) else "process.refused"
    return Refused(message.id, code, getattr(cause, "message", "") or "The process refused this step.")
