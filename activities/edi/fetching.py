"""Taking files in: whatever a partner offers is stored once, by content, before anybody looks into it."""

import hashlib
from datetime import datetime
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import courier
from activities.edi.circuits import admitted, note_failure, note_success
from activities.edi.gathering import BODY
from activities.edi.heartbeats import beating
from activities.edi.mailboxes import mailbox_of
from activities.edi.messages import ConnectionInput, FilesTaken
from database.session import Session, tenant_session
from domain.tenancy import workflow_actor
from domain.x12.kind import kind_of
from integrations.sftp import Mailbox, MailboxError, MailboxRefused, RemoteFile

WORKFLOW = "ConnectionPoller"
# What a partner may refuse about one file without refusing us.
ABOUT_ONE_FILE = frozenset({"name_unusable", "not_there", "not_permitted", "too_large"})

_STORE = """
INSERT INTO edi_files (tenant_id, connection_id, direction, kind, remote_name, sha256, size, body, status)
VALUES ($1, $2, 'in', $3, $4, $5, $6, $7, 'stored') ON CONFLICT (tenant_id, direction, sha256) DO NOTHING RETURNING id
"""


@activity.defn
async def take_in_files(poll: ConnectionInput) -> FilesTaken:
    """Fetch what is new in the mailbox and store it. Answers the files not applied yet, earlier leftovers first."""
    async with tenant_session(workflow_actor(poll.tenant_id, WORKFLOW)) as session:
        if await admitted(session, poll.connection_id):
            return await _stored(
                session, poll
            )  # the partner is left alone for a while; what is here is applied
        mailbox = await mailbox_of(session, poll.connection_id)
    try:
        left = await _take(poll, mailbox)
    except MailboxError as error:
        await _note_error(poll, error.code)
        raise ApplicationError(error.code, type="mailbox.failed", non_retryable=True) from None
    return await _to_apply(poll, left)


async def _take(poll: ConnectionInput, mailbox: Mailbox) -> str:
    """Fetch and store what is new. Answers why a file was left where it is, or nothing: others are taken all the same."""
    left = ""
    async with beating(), mailbox:
        for offered in await _new(poll, await mailbox.list()):
            try:
                body = await mailbox.fetch(offered.name)
            except MailboxRefused as refusal:
                if refusal.code not in ABOUT_ONE_FILE:
                    raise
                left = refusal.code
                continue
            async with tenant_session(workflow_actor(poll.tenant_id, WORKFLOW)) as session:
                await store_inbound(session, poll.connection_id, offered.name, body, offered.mtime)
            left = await _put_away(mailbox, offered.name) or left
    return left


async def _put_away(mailbox: Mailbox, name: str) -> str:
    """Only what is stored is moved. A partner that refuses keeps the file where it is: that is told, and nothing is lost."""
    try:
        await mailbox.put_away(name)
    except MailboxError as error:
        if error.code in ("connection_lost", "timed_out"):
            raise
        return "not_permitted"
    return ""


async def _new(poll: ConnectionInput, offered: list[RemoteFile]) -> list[RemoteFile]:
    """Those not looked at yet. A partner may use a name again, so its size and time belong to it."""
    async with tenant_session(workflow_actor(poll.tenant_id, WORKFLOW)) as session:
        rows = await session.fetch(
            "SELECT remote_name, size, modified_at FROM edi_deliveries"
            " WHERE connection_id = $1 AND remote_name = ANY($2::text[])",
            poll.connection_id,
            [one.name for one in offered],
        )
    seen = {(row["remote_name"], row["size"], row["modified_at"]) for row in rows}
    return [one for one in offered if (one.name, one.size, one.mtime) not in seen]


async def store_inbound(
    session: Session, connection_id: UUID, name: str, body: bytes, modified_at: datetime | None = None
) -> UUID:
    """Store a file by its content; the same bytes again, under whatever name, are noted as a duplicate delivery.

    `modified_at` is the partner's time of the file, None for one that a person brings.
    """
    digest = hashlib.sha256(body).digest()
    file_id: UUID | None = await session.value(
        _STORE,
        session.tenant_id,
        connection_id,
        kind_of(body),
        name,
        digest,
        len(body),
        (await session.key()).seal(BODY, body),
    )
    duplicate = file_id is None
    if file_id is None:
        file_id = await session.value(
            "SELECT id FROM edi_files WHERE direction = 'in' AND sha256 = $1", digest
        )
    await session.execute(
        "INSERT INTO edi_deliveries (tenant_id, connection_id, remote_name, size, modified_at, file_id, duplicate)"
        " VALUES ($1, $2, $3, $4, coalesce($5, clock_timestamp()), $6, $7) ON CONFLICT DO NOTHING",
        session.tenant_id,
        connection_id,
        name,
        len(body),
        modified_at,
        file_id,
        duplicate,
    )
    return UUID(str(file_id))


async def _to_apply(poll: ConnectionInput, left: str) -> FilesTaken:
    await _note_error(poll, left)
    async with tenant_session(workflow_actor(poll.tenant_id, WORKFLOW)) as session:
        return await _stored(session, poll)


async def _stored(session: Session, poll: ConnectionInput) -> FilesTaken:
    rows = await session.fetch(
        # An answer's own order, so that one look into a full mailbox reads like the exchange went.
        "SELECT id FROM edi_files WHERE connection_id = $1 AND direction = 'in' AND status = 'stored'"
        " ORDER BY array_position(ARRAY['TA1', '999', '277CA', '835'], kind), id",
        poll.connection_id,
    )
    return FilesTaken([row["id"] for row in rows])


async def _note_error(poll: ConnectionInput, code: str) -> None:
    async with tenant_session(workflow_actor(poll.tenant_id, WORKFLOW)) as session:
        await session.execute(
            "UPDATE connections SET last_polled_at = now(), last_error = $2 WHERE id = $1",
            poll.connection_id,
            code,
        )
        if code and code not in ABOUT_ONE_FILE:
            await note_failure(session, poll.connection_id, code)
        else:
            await note_success(session, poll.connection_id)
    await courier.deliver(poll.tenant_id, session.messages)
