"""A test file's way: written under the connection's own numbers, uploaded, and followed by its answers."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.clientele.messages import Looked, TrialFailed, TrialInput
from activities.edi.fetching import store_inbound
from activities.edi.heartbeats import beating
from activities.edi.mailboxes import mailbox_of
from database.clientele_reads import billing_provider, payer_facts
from database.session import Session, tenant_session
from domain.edi import batch_reference
from domain.tenancy import workflow_actor
from domain.trials import trial_claim
from domain.x12.batch_837p import Batch837P, Partner
from domain.x12.decode_277ca import read_277ca
from domain.x12.decode_999 import read_999
from domain.x12.decode_ta1 import read_ta1
from domain.x12.encode_837p import encode_837p
from domain.x12.errors import CannotEncode, Unreadable
from domain.x12.kind import kind_of
from integrations.sftp import MailboxFailed, MailboxRefused

WORKFLOW = "ConnectionTrial"
BODY, MEMBER = "edi_files.body", "connection_trials.member_id"
# A step that no second try mends before somebody has done something.
REFUSED = "trial.refused"
_NEXT_NUMBER = """
INSERT INTO control_numbers (tenant_id, connection_id, kind, last_value) VALUES ($1, $2, $3, 1)
ON CONFLICT (tenant_id, connection_id, kind) DO UPDATE SET last_value = control_numbers.last_value % 999999999 + 1
RETURNING last_value
"""
_FACTS = """
SELECT t.*, k.sender_id, k.receiver_id, k.name AS receiver_name, n.name AS sender_name,
    coalesce(n.settings->>'contact_name', 'Billing Office') AS contact, coalesce(n.settings->>'phone', '8005550100') AS phone
FROM connection_trials t JOIN connections k ON k.tenant_id = t.tenant_id AND k.id = t.connection_id
JOIN tenants n ON n.id = t.tenant_id WHERE t.id = $1 FOR UPDATE OF t
"""


@activity.defn
async def prepare_trial(given: TrialInput) -> None:
    """Write the file and keep it; a second attempt finds the first one's."""
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        row = await session.row(_FACTS, given.trial_id)
        if row["file_id"] is not None:
            return
        connection, tenant = row["connection_id"], given.tenant_id
        isa13 = await session.value(_NEXT_NUMBER, tenant, connection, "interchange")
        gs06 = await session.value(_NEXT_NUMBER, tenant, connection, "group")
        number = f"T{secrets.token_hex(6).upper()}"
        try:
            data = await _encoded(session, row, number, (isa13, gs06))
        except CannotEncode:
            raise ApplicationError("cannot_encode", type=REFUSED, non_retryable=True) from None
        await _keep(session, row, number, (isa13, gs06), data)


async def _encoded(session: Session, row: Any, number: str, numbers: tuple[int, int]) -> bytes:
    payer = payer_facts(await session.row("SELECT * FROM payers WHERE id = $1", row["payer_id"]))
    billing = billing_provider(await session.row("SELECT * FROM clients WHERE id = $1", row["client_id"]))
    member = (await session.key()).open(MEMBER, row["member_id"]).decode()
    us, them = row["sender_id"], row["receiver_id"]
    batch = Batch837P(
        sender=Partner("ZZ", us, name=row["sender_name"], identifier=us, contact_name=row["contact"], phone=row["phone"]),
        receiver=Partner("ZZ", them, name=row["receiver_name"], identifier=them),
        isa13=numbers[0],
        gs06=numbers[1],
        st02=1,
        bht03=batch_reference(numbers[0]),
        created=datetime.now(UTC),
        usage="T",
        claims=(trial_claim(billing, payer, member, number, datetime.now(UTC).date()),),
    )  # fmt: skip
    return (await asyncio.to_thread(encode_837p, batch)).data


async def _keep(session: Session, row: Any, number: str, numbers: tuple[int, int], data: bytes) -> None:
    digest = hashlib.sha256(data)
    file_id = await session.value(
        "INSERT INTO edi_files (tenant_id, connection_id, direction, kind, remote_name, sha256, size, body, status, reason)"
        " VALUES ($1, $2, 'out', '837P', $3, $4, $5, $6, 'stored', 'test file of the connection') RETURNING id",
        session.tenant_id,
        row["connection_id"],
        f"TEST_{row['receiver_id'].lower()}_{numbers[0]:09d}.x12",
        digest.digest(),
        len(data),
        (await session.key()).seal(BODY, data),
    )
    await session.execute(
        "UPDATE connection_trials SET step = 'upload', file_id = $2, claim_number = $3, interchange_number = $4,"
        " group_number = $5, sha256 = $6 WHERE id = $1",
        row["id"],
        file_id,
        number,
        *numbers,
        digest.hexdigest(),
    )


@activity.defn
async def upload_trial(given: TrialInput) -> None:
    """Upload the file under its own name and read it back; uploading twice uploads once."""
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        row = await session.row(
            "SELECT t.connection_id, t.file_id, f.body, f.remote_name FROM connection_trials t JOIN edi_files f"
            " ON f.tenant_id = t.tenant_id AND f.id = t.file_id WHERE t.id = $1",
            given.trial_id,
        )
        mailbox = await mailbox_of(session, row["connection_id"])
        body = (await session.key()).open(BODY, row["body"])
    try:
        async with beating():
            await mailbox.upload(row["remote_name"], body)
    except MailboxFailed as error:
        raise ApplicationError(error.code, type="mailbox.failed") from None
    except MailboxRefused as error:
        raise ApplicationError(error.code, type=REFUSED, non_retryable=True) from None
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        await session.execute(
            "UPDATE edi_files SET status = 'sent', finished_at = now() WHERE id = $1", row["file_id"]
        )
        await session.execute(
            "UPDATE connection_trials SET step = 'answers', status = 'running', code = '',"
            " uploaded_at = coalesce(uploaded_at, now()) WHERE id = $1",
            given.trial_id,
        )


@activity.defn
async def look_for_answers(given: TrialInput) -> Looked:
    """Fetch what is new, keep it, and read what it says of the test file."""
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        row = await session.row("SELECT * FROM connection_trials WHERE id = $1", given.trial_id)
        mailbox = await mailbox_of(session, row["connection_id"])
        seen = {
            (one["remote_name"], one["size"])
            for one in await session.fetch(
                "SELECT remote_name, size FROM edi_deliveries WHERE connection_id = $1", row["connection_id"]
            )
        }
    try:
        async with beating(), mailbox:
            fresh = [one for one in await mailbox.list() if (one.name, one.size) not in seen]
            for one in fresh:
                await _take(given, row["connection_id"], one.name, await mailbox.fetch(one.name), one.mtime)
    except MailboxFailed as error:
        raise ApplicationError(error.code, type="mailbox.failed") from None
    except MailboxRefused as error:
        raise ApplicationError(error.code, type=REFUSED, non_retryable=True) from None
    return await _judge(given)


async def _take(given: TrialInput, connection_id: UUID, name: str, body: bytes, mtime: datetime) -> None:
    """Keep the file. What answers the trial is dealt with here; anything else waits for the poller."""
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        row = await session.row("SELECT * FROM connection_trials WHERE id = $1 FOR UPDATE", given.trial_id)
        file_id = await store_inbound(session, connection_id, name, body, mtime)
        told = [{**one, "file_id": str(file_id)} for one in _answers(row, body)]
        if not told:
            return
        await session.execute(
            "UPDATE edi_files SET status = 'applied', reason = 'answer to the test file', finished_at = now() WHERE id = $1",
            file_id,
        )
        known = json.loads(row["answers"])
        await session.execute(
            "UPDATE connection_trials SET answers = $2 WHERE id = $1",
            given.trial_id,
            json.dumps([*known, *(one for one in told if one not in known)]),
        )


def _answers(row: Any, body: bytes) -> list[dict[str, Any]]:
    """What a file says of the trial; nothing when it is about something else or cannot be read."""
    readers = {"TA1": _of_ta1, "999": _of_999, "277CA": _of_277ca}
    reader = readers.get(kind_of(body))
    try:
        return list(reader(row, body)) if reader else []
    except Unreadable:
        return []


def _of_ta1(row: Any, body: bytes) -> Iterator[dict[str, Any]]:
    for one in read_ta1(body):
        if one.interchange_control_number.strip().lstrip("0") == str(row["interchange_number"]):
            yield _said(
                "TA1", "clearinghouse", "accepted" if one.accepted else "rejected", [one.verdict, one.note]
            )


def _of_999(row: Any, body: bytes) -> Iterator[dict[str, Any]]:
    for group in read_999(body):
        if group.group_control_number.strip().lstrip("0") == str(row["group_number"]):
            good = all(one.accepted for one in group.sets) if group.sets else group.verdict == "A"
            codes = [code for one in group.sets for code in one.codes]
            yield _said("999", "clearinghouse", "accepted" if good else "rejected", [group.verdict, *codes])


def _of_277ca(row: Any, body: bytes) -> Iterator[dict[str, Any]]:
    for answer in read_277ca(body):
        sender = "payer" if answer.sender.is_payer else "clearinghouse"
        for claim in answer.claims:
            if claim.claim_number == row["claim_number"]:
                codes = [f"{one.category}:{one.code}" for one in claim.statuses]
                yield _said("277CA", sender, claim.verdict, codes)


def _said(kind: str, sender: str, verdict: str, codes: list[str]) -> dict[str, Any]:
    return {"kind": kind, "sender": sender, "verdict": verdict, "codes": [code for code in codes if code]}


async def _judge(given: TrialInput) -> Looked:
    """Accepted by any 277CA; rejected by any answer, which outweighs what was accepted before it."""
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        row = await session.row("SELECT * FROM connection_trials WHERE id = $1 FOR UPDATE", given.trial_id)
        told = json.loads(row["answers"])
        if any(one["verdict"] in ("rejected", "not_found") for one in told):
            return Looked(code="rejected")
        if not any(one["kind"] == "277CA" and one["verdict"] == "accepted" for one in told):
            return Looked()
        await session.execute(
            "UPDATE connection_trials SET step = 'accepted', status = 'accepted', code = '', finished_at = now()"
            " WHERE id = $1 AND status <> 'accepted'",
            given.trial_id,
        )
        return Looked(accepted=True)


@activity.defn
async def report_trial(failed: TrialFailed) -> None:
    """The step came to nothing: the page says why and waits for a person. An empty code: it goes on, `ended`: given up."""
    status = {"": "running", "ended": "ended"}.get(failed.code, "waiting")
    async with tenant_session(workflow_actor(failed.tenant_id, WORKFLOW)) as session:
        await session.execute(
            "UPDATE connection_trials SET status = $2, code = $3,"
            " finished_at = CASE $2 WHEN 'ended' THEN now() END WHERE id = $1",
            failed.trial_id,
            status,
            failed.code if status == "waiting" else "",
        )


@activity.defn
async def renew_trial(given: TrialInput) -> None:
    """Begin with a new file: what was rejected is never sent again under its numbers."""
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        await session.execute(
            "UPDATE connection_trials SET step = 'prepare', status = 'running', code = '', file_id = NULL,"
            " claim_number = '', answers = '[]', uploaded_at = NULL WHERE id = $1",
            given.trial_id,
        )
