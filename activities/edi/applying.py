"""Applying a stored file: decode it by its kind and let it change the claims it speaks of, once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from temporalio import activity

from activities import courier
from activities.edi.acknowledging import apply_277ca, apply_999, apply_ta1
from activities.edi.fetching import WORKFLOW
from activities.edi.gathering import BODY
from activities.edi.messages import Applied, FileTask
from activities.remittances.posting import post_835
from activities.work import open_item
from database.session import Session, tenant_session
from domain import work
from domain.tenancy import workflow_actor
from domain.x12.errors import Unreadable

Appliance = Callable[[Session, UUID, UUID, bytes], Awaitable[Applied]]


async def _apply_277ca(session: Session, file_id: UUID, _connection_id: UUID, body: bytes) -> Applied:
    return await apply_277ca(session, file_id, body)


async def _post_835(session: Session, file_id: UUID, _connection_id: UUID, body: bytes) -> Applied:
    return await post_835(session, file_id, body)


_BY_KIND: dict[str, Appliance] = {
    "TA1": apply_ta1,
    "999": apply_999,
    "277CA": _apply_277ca,
    "835": _post_835,
}


@activity.defn
async def apply_file(task: FileTask) -> Applied:
    """Decode and apply one file in one transaction, then tell the claims. What cannot be read is kept and worked."""
    try:
        async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
            applied = await _apply(session, task.file_id)
    except Unreadable as refusal:
        return await _refuse(task, refusal)
    while session.messages:
        portion, session.messages = session.messages[:500], session.messages[500:]
        await courier.deliver(task.tenant_id, portion)
        activity.heartbeat(len(session.messages))
    return applied


async def _apply(session: Session, file_id: UUID) -> Applied:
    row = await session.row("SELECT * FROM edi_files WHERE id = $1 FOR UPDATE", file_id)
    if row["status"] != "stored":
        return Applied(row["status"])  # applied by an earlier attempt
    appliance = _BY_KIND.get(row["kind"])
    if appliance is None:
        raise Unreadable("file_kind_unexpected", "This file is none of TA1, 999, 277CA and 835.")
    body = await asyncio.to_thread((await session.key()).open, BODY, row["body"])
    applied = await appliance(session, file_id, row["connection_id"], body)
    await session.execute(
        "UPDATE edi_files SET status = $2, finished_at = now() WHERE id = $1", file_id, applied.status
    )
    return applied


async def _refuse(task: FileTask, refusal: Unreadable) -> Applied:
    """Nothing of the file was stored but its bytes; somebody is asked to look."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row: Any = await session.row("SELECT remote_name, kind FROM edi_files WHERE id = $1", task.file_id)
        await session.execute(
            "UPDATE edi_files SET status = 'unreadable', reason = $2, finished_at = now() WHERE id = $1",
            task.file_id,
            refusal.code,
        )
        await open_item(
            session,
            f"file:{task.file_id}",
            work.Kind.FILE,
            work.title(work.Kind.FILE, row["remote_name"], refusal.code),
            subject_type="file",
            subject_id=task.file_id,
        )
    return Applied("unreadable")
