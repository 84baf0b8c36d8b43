"""Sending a batch: SFTP outside every transaction, then one transaction that records what was proven."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import courier
from activities.edi.charging import charge_sent
from activities.edi.circuits import Paused, admitted, note_failure, note_success
from activities.edi.gathering import BODY, WORKFLOW
from activities.edi.heartbeats import beating
from activities.edi.mailboxes import mailbox_of
from activities.edi.messages import BatchTask, SendFailed
from activities.work import close_items, open_item
from database import incidents
from database.claim_activities import Touch, add_touches
from database.claim_states import lock_claims, store_claims
from database.incidents import Failing
from database.session import Session, tenant_session
from domain import work
from domain.circuits import ABOUT_ONE_FILE
from domain.claims.states import Event
from domain.incidents import What, code_of_partner
from domain.tenancy import workflow_actor
from integrations.sftp import MailboxFailed, MailboxRefused

REFUSED = "mailbox.refused"


@activity.defn
async def send_batch(task: BatchTask) -> str:
    """Upload the batch's file under its own name; the receipt's SHA-256 in hexadecimal. Sending twice sends once."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await session.row(
            "SELECT f.body, f.remote_name FROM edi_batches b JOIN edi_files f ON f.tenant_id = b.tenant_id"
            " AND f.id = b.file_id WHERE b.id = $1",
            task.batch_id,
        )
        paused = await admitted(session, task.connection_id)
        mailbox = await mailbox_of(session, task.connection_id)
        body = (await session.key()).open(BODY, row["body"])
    if paused:
        raise _waiting(paused)
    try:
        async with beating():
            receipt = await mailbox.upload(row["remote_name"], body)
    except MailboxFailed as error:
        await _failed(task, error.code)
        raise ApplicationError(f"mailbox: {error.code}", type="mailbox.failed") from None
    except MailboxRefused as error:
        await _failed(task, error.code)
        raise ApplicationError(error.code, type=REFUSED, non_retryable=True) from None
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        await note_success(session, task.connection_id)
    await courier.deliver(task.tenant_id, session.messages)
    return receipt.sha256


async def _failed(task: BatchTask, code: str) -> None:
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        if code in ABOUT_ONE_FILE:
            await note_success(session, task.connection_id)  # the partner itself answers
        else:
            await note_failure(session, task.connection_id, code)
    await courier.deliver(task.tenant_id, session.messages)


def _waiting(paused: Paused) -> ApplicationError:
    """The file stays ready. While the partner is left alone it is tried when that is over; after a refusal, when a
    person says so."""
    if paused.retry_at is None:
        return ApplicationError(paused.code, type=REFUSED, non_retryable=True)
    wait = paused.retry_at - datetime.now(UTC)
    again = min(max(wait, timedelta(seconds=2)), timedelta(minutes=5))
    return ApplicationError(f"paused: {paused.code}", type="mailbox.paused", next_retry_delay=again)


@activity.defn
async def record_sent(task: BatchTask) -> None:
    """The file has arrived: its claims are sent, and their charges are owed."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        changed = await session.execute(
            # An answer may have come first, and says more than that the file arrived.
            "UPDATE edi_batches SET status = CASE status WHEN 'encoded' THEN 'sent' ELSE status END, sent_at = now()"
            " WHERE id = $1 AND sent_at IS NULL",
            task.batch_id,
        )
        if not changed:
            return
        await session.execute(
            "UPDATE edi_files SET status = CASE status WHEN 'stored' THEN 'sent' ELSE status END, finished_at = now()"
            " WHERE id = (SELECT file_id FROM edi_batches WHERE id = $1)",
            task.batch_id,
        )
        await session.execute(
            "UPDATE connections SET last_error = '' WHERE id = $1 AND last_error <> ''", task.connection_id
        )
        rows = await session.fetch(
            "SELECT claim_id, version FROM edi_batch_claims WHERE batch_id = $1", task.batch_id
        )
        await charge_sent(session, [(row["claim_id"], row["version"]) for row in rows])
        await _mark_sent(session, rows)
        await close_items(session, "batch", task.batch_id, ["incident"], decision="retry")
        await incidents.mended(session, _process(task), "done", (What.WAITING,))


@activity.defn
async def report_send_failure(failure: SendFailed) -> None:
    """The partner refused for good: the connection shows it and somebody is asked to mend it. Nothing is lost."""
    async with tenant_session(workflow_actor(failure.tenant_id, WORKFLOW)) as session:
        name = await session.value("SELECT name FROM connections WHERE id = $1", failure.connection_id)
        await session.execute(
            "UPDATE connections SET last_error = $2 WHERE id = $1", failure.connection_id, failure.code
        )
        await open_item(
            session,
            f"send:{failure.batch_id}",
            work.Kind.INCIDENT,
            work.title(work.Kind.INCIDENT, name, f"a batch cannot be sent ({failure.code})"),
            subject_type="batch",
            subject_id=failure.batch_id,
            workflow_id=_process(failure),
            again=True,
        )
        failing = Failing(
            _process(failure),
            What.WAITING,
            code_of_partner(failure.code),
            "send_batch",
            mends=("connection", failure.connection_id),
        )
        await incidents.record(session, failing)


def _process(task: BatchTask | SendFailed) -> str:
    return f"{task.tenant_id}/batch/{task.connection_id}"


async def _mark_sent(session: Session, rows: Sequence[Any]) -> None:
    states = await lock_claims(session, [row["claim_id"] for row in rows])
    now = datetime.now(UTC)
    touches = []
    for row in rows:
        state = states[row["claim_id"]]
        if state.version == row["version"]:
            state.happened(Event.SENT)
            state.know(sent_at=now)
        touches.append(Touch(state.id, "sent", "Sent to the clearinghouse", f"sent:{row['version']}"))
    await store_claims(session, states.values())
    await add_touches(session, touches)
