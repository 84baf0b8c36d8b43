"""Sending a batch: SFTP outside every transaction, then one transaction that records what was proven."""

from datetime import UTC, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.edi.gathering import BODY, WORKFLOW
from activities.edi.mailboxes import mailbox_of
from activities.edi.messages import BatchTask, SendFailed
from activities.work import close_items, open_item
from database.claim_activities import Touch, add_touches
from database.claim_states import lock_claims, store_claims
from database.session import Session, tenant_session
from domain import work
from domain.claims.states import Event
from domain.remittances.ledger import RECEIVABLE, REVENUE
from domain.tenancy import workflow_actor
from integrations.sftp import MailboxFailed, MailboxRefused

REFUSED = "mailbox.refused"

# The charge of this version less what earlier versions charged: a replacement posts only the difference.
_CHARGES = """
SELECT c.id, v.charge_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_entries l
        WHERE l.tenant_id = c.tenant_id AND l.claim_id = c.id AND l.posting_id = c.id AND l.account = 'receivable'), 0) AS cents
FROM edi_batch_claims b JOIN claims c ON c.tenant_id = b.tenant_id AND c.id = b.claim_id
JOIN claim_versions v ON v.tenant_id = b.tenant_id AND v.claim_id = b.claim_id AND v.version = b.version
WHERE b.tenant_id = current_tenant() AND b.batch_id = $1
"""


@activity.defn
async def send_batch(task: BatchTask) -> str:
    """Upload the batch's file under its own name; the receipt's SHA-256 in hexadecimal. Sending twice sends once."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await session.row(
            "SELECT f.body, f.remote_name FROM edi_batches b JOIN edi_files f ON f.tenant_id = b.tenant_id"
            " AND f.id = b.file_id WHERE b.id = $1",
            task.batch_id,
        )
        mailbox = await mailbox_of(session, task.connection_id)
        body = (await session.key()).open(BODY, row["body"])
    try:
        receipt = await mailbox.upload(row["remote_name"], body)
    except MailboxFailed as error:
        raise ApplicationError(f"mailbox: {error.code}", type="mailbox.failed") from None
    except MailboxRefused as error:
        raise ApplicationError(error.code, type=REFUSED, non_retryable=True) from None
    return receipt.sha256


@activity.defn
async def record_sent(task: BatchTask) -> None:
    """The file has arrived: its claims are sent, and their charges are owed."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        changed = await session.execute(
            "UPDATE edi_batches SET status = 'sent', sent_at = now() WHERE id = $1 AND sent_at IS NULL",
            task.batch_id,
        )
        if not changed:
            return
        await session.execute(
            "UPDATE edi_files SET status = 'sent', finished_at = now()"
            " WHERE id = (SELECT file_id FROM edi_batches WHERE id = $1)",
            task.batch_id,
        )
        await session.execute(
            "UPDATE connections SET last_error = '' WHERE id = $1 AND last_error <> ''", task.connection_id
        )
        await session.execute(
            "UPDATE claim_versions v SET submitted_at = now() FROM edi_batch_claims b WHERE b.batch_id = $1"
            " AND v.tenant_id = b.tenant_id AND v.claim_id = b.claim_id AND v.version = b.version",
            task.batch_id,
        )
        await _charge(session, task)
        await _mark_sent(session, task)


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
            workflow_id=f"{failure.tenant_id}/batch/{failure.connection_id}",
        )


async def _charge(session: Session, task: BatchTask) -> None:
    rows = await session.fetch(_CHARGES, task.batch_id)
    entries = [
        (task.tenant_id, row["id"], account, row["id"], cents)
        for row in rows
        for account, cents in ((RECEIVABLE, int(row["cents"])), (REVENUE, -int(row["cents"])))
        if cents
    ]
    await session.copy(
        "ledger_entries", ("tenant_id", "posting_id", "account", "claim_id", "amount_cents"), entries
    )


async def _mark_sent(session: Session, task: BatchTask) -> None:
    rows = await session.fetch(
        "SELECT claim_id, version FROM edi_batch_claims WHERE batch_id = $1", task.batch_id
    )
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
    await close_items(session, "batch", task.batch_id, ["incident"], decision="retry")
