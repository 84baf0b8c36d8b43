"""The daily e-mail of one person: put together in one transaction, sent, and recorded.

Between sending and recording the worker may be killed; the next attempt then sends the same letter again, under the
same Message-ID and with the same words. That is the one moment at which it can arrive twice.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.ports import ports
from database.notifications import choices_of
from database.session import Session, tenant_session
from domain.digests import DigestState, Unread, subject_of, text_of
from domain.notifications import Notice
from domain.tenancy import workflow_actor
from integrations.mail import Letter, MailRefused, MailUnavailable

# Read since, or not meant for the e-mail any more, is left out. The index `notifications_undigested` serves it.
_GATHER = """
UPDATE notifications SET digest_id = $1 WHERE tenant_id = $2 AND user_id = $3 AND in_digest AND digest_id IS NULL
    AND read_at IS NULL AND NOT (kind = ANY($4::text[]))
"""
_RECEIVER = """
SELECT u.email, u.name, t.name AS tenant, t.subdomain, d.state, d.due_at FROM digests d
JOIN users u ON u.id = d.user_id JOIN tenants t ON t.id = d.tenant_id
JOIN memberships m ON m.tenant_id = d.tenant_id AND m.user_id = d.user_id AND m.status = 'active'
WHERE d.id = $1
"""
_MOVE = """
UPDATE digests SET state = $2::text, visited = visited || $2::text, failure = $3,
    sent_at = CASE WHEN $2::text = 'sent' THEN now() END WHERE id = $1 AND state = 'gathered'
"""


@dataclass(frozen=True, slots=True)
class DigestInput:
    """Starts `DailyDigest`. The row of the e-mail is stored already."""

    tenant_id: UUID
    digest_id: UUID


@dataclass(frozen=True, slots=True)
class DigestTask:
    """What the activities are given; `now` is the workflow's own time."""

    tenant_id: UUID
    digest_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class DigestPosition:
    """Where the e-mail stands, and when it is due."""

    state: DigestState
    due_at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What stops an e-mail from being sent: a code, never the server's words, which may hold an address."""

    tenant_id: UUID
    digest_id: UUID
    code: str


@activity.defn
async def gather_digest(task: DigestTask) -> DigestPosition:
    """Put together what is unread once the hour has come; before that, say when it comes. Again changes nothing."""
    async with tenant_session(workflow_actor(task.tenant_id, "digest")) as session:
        # Whoever is being told something at this moment holds the row shared: they come first, and are in it.
        row = await session.row("SELECT * FROM digests WHERE id = $1 FOR UPDATE", task.digest_id)
        state = DigestState(row["state"])
        if state is not DigestState.WAITING or row["due_at"] > task.now:
            return DigestPosition(state, row["due_at"])
        entries = await _gathered(session, task.digest_id, row["user_id"])
        state = DigestState.GATHERED if entries else DigestState.NOTHING
        await session.execute(
            "UPDATE digests SET state = $2::text, visited = visited || $2::text, entries = $3 WHERE id = $1",
            task.digest_id,
            state,
            entries,
        )
        return DigestPosition(state, row["due_at"])


@activity.defn
async def send_digest(task: DigestTask) -> None:
    """Send what was put together, and record it. What the server refuses for good is not tried again."""
    mail = ports().mail
    if mail is None:
        raise ApplicationError("there is no way for e-mail to leave", type="mail.none", non_retryable=True)
    async with tenant_session(workflow_actor(task.tenant_id, "digest")) as session:
        letter = await _letter(session, task)
    if letter is None:
        return
    try:
        await mail.send(letter)
    except MailRefused as error:
        raise ApplicationError(
            "the mail server refused it", type=f"mail.refused.{error.code}", non_retryable=True
        ) from None
    except MailUnavailable as error:
        raise ApplicationError("the mail server is not there", type=f"mail.unavailable.{error}") from None
    async with tenant_session(workflow_actor(task.tenant_id, "digest")) as session:
        await session.execute(_MOVE, task.digest_id, DigestState.SENT, "")
        await session.audit("notifications.digest_sent", "digests", task.digest_id)


@activity.defn
async def give_up_digest(given: GivenUp) -> None:
    """Record that it could not be sent; what it held goes into the next one."""
    async with tenant_session(workflow_actor(given.tenant_id, "digest")) as session:
        if await session.execute(_MOVE, given.digest_id, DigestState.FAILED, given.code):
            await session.execute(
                "UPDATE notifications SET digest_id = NULL WHERE digest_id = $1", given.digest_id
            )
            await session.audit(
                "notifications.digest_failed", "digests", given.digest_id, detail={"code": given.code}
            )


async def _gathered(session: Session, digest_id: UUID, user_id: UUID) -> int:
    """Take what is to be told into this e-mail; the number of notifications. None when its person wants none or has left."""
    receiver = await session.row(_RECEIVER, digest_id)
    choices = await choices_of(session, user_id)
    if receiver is None or not choices.digest:
        return 0
    return await session.execute(
        _GATHER, digest_id, session.tenant_id, user_id, sorted(choices.not_in_digest)
    )


async def _letter(session: Session, task: DigestTask) -> Letter | None:
    """The letter of a digest that is put together and not sent; the same for every attempt."""
    receiver = await session.row(_RECEIVER, task.digest_id)
    if receiver is None or receiver["state"] != DigestState.GATHERED:
        return None
    rows = await session.fetch(
        "SELECT kind, title FROM notifications WHERE tenant_id = $1 AND digest_id = $2 ORDER BY id",
        task.tenant_id,
        task.digest_id,
    )
    unread = [Unread(Notice(row["kind"]), row["title"]) for row in rows]
    pages = ports().pages.format(receiver["subdomain"])
    return Letter(
        f"digest.{task.digest_id}",
        receiver["email"],
        subject_of(receiver["tenant"], unread),
        text_of(receiver["name"], receiver["tenant"], unread, pages),
        receiver["due_at"],
    )
