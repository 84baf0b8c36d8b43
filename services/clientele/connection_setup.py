"""Setting up an SFTP connection step by step: partner, key, host key, folders, test file. Every step is kept.

The connection is a row that is not in use yet, so that whoever was interrupted goes on where they stopped.
"""

import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.edi.mailboxes import sftp_of
from activities.ports import ports
from database.clientele import ConnectionRow
from database.clientele_reads import PRIVATE_KEY
from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid, Unavailable
from domain.tenancy import Actor
from integrations.clearinghouse import DeskError
from integrations.sftp import MailboxError, SftpMailbox, SftpSettings, host_key_of
from integrations.ssh_keys import fingerprint, make_key_pair
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.connection_facts import ConnectionFacts, ConnectionView, checked, faults_of, shown
from services.clientele.connection_words import sentence, told, told_of
from services.clientele.connections import must_have_a_free_name, must_have_room
from services.clientele.partners import desk_absent, desk_refusal, must_lead_outside

STEPS = ("partner", "key", "host_key", "folders", "trial")
UNFINISHED = "Being set up"
# Stands in for what a later step asks for, so that the first step can use the same checks.
_LATER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """The first step: what the partner is called, where it is, and who we are to each other."""

    name: str
    host: str
    username: str
    sender_id: str
    receiver_id: str
    port: int = 22


@dataclass(frozen=True, slots=True)
class SeenHostKey:
    """The key that the server shows now, beside the one that is pinned, if any."""

    host_key: str
    fingerprint: str
    pinned_fingerprint: str
    same: bool


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """The partner's folders: which we upload to, which we read from, and where read files are put, if anywhere."""

    inbound_folder: str
    outbound_folder: str
    archive_folder: str = ""


@door.command(Permission.CONNECTIONS_MANAGE)
async def begin_setup(session: Session, facts: PartnerFacts) -> ConnectionView:
    """Keep the partner's facts and make our key pair. The connection is not in use until it is finished."""
    values: dict[str, Any] = _partner_values(facts)
    await must_have_a_free_name(session, values["name"])
    pair, key = make_key_pair(), await session.key()
    values |= {
        "host_key": "",
        "public_key": pair.public_key,
        "private_key": key.seal(PRIVATE_KEY, pair.private_key.encode()),
        "active": False,
        "inactive_reason": UNFINISHED,
        "setup_step": "key",
    }
    return shown(await records.insert(session, ConnectionRow, values))


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def change_partner(session: Session, id: UUID, facts: PartnerFacts) -> ConnectionView:
    """Correct the first step. A new host or port has another host key: it is confirmed again."""
    row = await _unfinished(session, id)
    values = _partner_values(facts)
    await must_have_a_free_name(session, values["name"], id)
    if (values["host"], values["port"]) != (row["host"], row["port"]):
        values |= {"host_key": "", "seen_host_key": "", "setup_step": "key"}
    return shown(await records.change(ConnectionRow, id, values))


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def key_is_with_partner(session: Session, id: UUID) -> ConnectionView:
    """The partner has our public key and lets it in."""
    row = await _unfinished(session, id)
    step = "host_key" if row["setup_step"] == "key" else row["setup_step"]
    return shown(await records.change(ConnectionRow, id, {"setup_step": step}))


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def give_key_to_practice(actor: Actor, id: UUID) -> ConnectionView:
    """Hand our public key to the practice clearinghouse, as one would to a partner's support."""
    desk = ports().desk
    if desk is None:
        raise desk_absent()
    row = await _row(actor, id)
    try:
        await desk.enrol(row["username"], row["public_key"], row["sender_id"])
    except DeskError as error:
        raise desk_refusal(error) from error
    return await key_is_with_partner(actor, id)


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def look_at_host_key(actor: Actor, id: UUID) -> SeenHostKey:
    """Fetch the key that the server shows now, for a person to compare with what the partner published."""
    row = await _row(actor, id)
    try:
        seen = await host_key_of(row["host"], row["port"], private_hosts=ports().private_hosts)
    except MailboxError as error:
        happened, what_to_do = told_of(error.code)
        raise Unavailable(f"connection.{error.code}", happened, what_to_do) from None
    await _keep_seen(actor, id, seen)
    pinned = fingerprint(row["host_key"])
    return SeenHostKey(seen, fingerprint(seen), pinned, bool(pinned) and pinned == fingerprint(seen))


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def pin_host_key(session: Session, id: UUID, published: str, reason: str = "") -> ConnectionView:
    """Pin the key that was seen, when its fingerprint is the one that the partner published. A key that replaces a
    pinned one needs a reason."""
    row = await session.row("SELECT * FROM connections WHERE id = $1 FOR UPDATE", id)
    seen = fingerprint(row["seen_host_key"])
    if not seen:
        raise Conflict("connection.not_seen", "No host key was fetched yet.", "Fetch the server's key first.")
    given = published.strip().removeprefix("SHA256:").rstrip("=")
    if not hmac.compare_digest(given.encode(), seen.removeprefix("SHA256:").encode()):
        raise _differs(seen, published.strip())
    values: dict[str, Any] = {"host_key": row["seen_host_key"], "last_error": ""}
    pinned = fingerprint(row["host_key"])
    if pinned and pinned != seen:
        values["host_key_note"] = checks.reason_of(reason)
    if row["setup_step"] == "host_key":
        values["setup_step"] = "folders"
    return shown(await records.change(ConnectionRow, id, values))


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def list_folders(actor: Actor, id: UUID) -> list[str]:
    """Sign in and list the partner's folders. What fails is refused in words."""
    try:
        return list(await SftpMailbox(await _settings(actor, id)).folders())
    except MailboxError as error:
        raise _failed(error) from None


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def choose_folders(actor: Actor, id: UUID, facts: FolderFacts) -> ConnectionView:
    """Look into the chosen folders and keep them."""
    settings = await _settings(actor, id)
    chosen = SftpSettings(
        settings.host,
        settings.port,
        settings.username,
        settings.host_key,
        settings.private_key,
        facts.inbound_folder.strip().rstrip("/"),
        facts.outbound_folder.strip().rstrip("/"),
        settings.private_hosts,
    )
    _folder_faults(facts)
    try:
        await ports().mailbox(chosen).probe()
    except MailboxError as error:
        raise _failed(error) from None
    return await _keep_folders(actor, id, facts)


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def finish_setup(session: Session, id: UUID, usage_indicator: str = "T") -> ConnectionView:
    """Take the connection into use, for test or production, once a test file was accepted through it."""
    row = await _unfinished(session, id)
    if usage_indicator not in ("T", "P"):
        fault = FieldError("usage_indicator", "usage_indicator.unknown", "Choose test or production.")
        raise Invalid("connection.invalid", "Choose what it is for.", fault.message, fields=(fault,))
    accepted = await session.value(
        "SELECT 1 FROM connection_trials WHERE connection_id = $1 AND status = 'accepted'", id
    )
    if row["setup_step"] != "trial" or not accepted:
        raise Conflict(
            "connection.not_tried",
            "No test file was accepted yet.",
            "Send the test file and wait for its 277CA.",
        )
    await must_have_room(session)
    values = {"setup_step": "", "active": True, "inactive_reason": "", "usage_indicator": usage_indicator}
    return shown(await records.change(ConnectionRow, id, values))


def _partner_values(facts: PartnerFacts) -> dict[str, Any]:
    """The columns of the first step, judged as those of a whole connection."""
    whole = ConnectionFacts(
        facts.name, facts.host, facts.port, facts.username, _LATER, facts.sender_id, facts.receiver_id
    )
    values = checked(whole)
    must_lead_outside(whole)
    names = ("name", "host", "port", "username", "sender_id", "receiver_id")
    return {name: values[name] for name in names}


def _folder_faults(facts: FolderFacts) -> None:
    whole = ConnectionFacts(
        "x", "x.example", 22, "x", _LATER, "XX", "XX", facts.inbound_folder, facts.outbound_folder,
        archive_folder=facts.archive_folder,
    )  # fmt: skip
    faults_of(whole).refuse()


async def _unfinished(session: Session, id: UUID) -> Any:
    row = await session.row("SELECT * FROM connections WHERE id = $1 FOR UPDATE", id)
    if not row["setup_step"]:
        raise Conflict(
            "connection.finished", "This connection is set up already.", "Change it on its page instead."
        )
    return row


@door.query(Permission.CONNECTIONS_MANAGE, of="connections")
async def _row(session: Session, id: UUID) -> dict[str, Any]:
    return await records.one(ConnectionRow, id)


@door.query(Permission.CONNECTIONS_MANAGE, of="connections")
async def _settings(session: Session, id: UUID) -> SftpSettings:
    row = await records.one(ConnectionRow, id)
    if row["kind"] != "sftp" or not row["host_key"]:
        raise Conflict(
            "connection.not_pinned", "The server's key is not confirmed yet.", "Confirm the host key first."
        )
    return await sftp_of(session, id)


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def _keep_seen(session: Session, id: UUID, seen: str) -> None:
    await session.execute("UPDATE connections SET seen_host_key = $2 WHERE id = $1", id, seen)


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def _keep_folders(session: Session, id: UUID, facts: FolderFacts) -> ConnectionView:
    row = await session.row("SELECT setup_step FROM connections WHERE id = $1 FOR UPDATE", id)
    values = {
        "inbound_folder": facts.inbound_folder.strip().rstrip("/"),
        "outbound_folder": facts.outbound_folder.strip().rstrip("/"),
        "archive_folder": facts.archive_folder.strip().rstrip("/"),
    }
    if row["setup_step"] == "folders":
        values["setup_step"] = "trial"
    return shown(await records.change(ConnectionRow, id, values))


def _differs(seen: str, published: str) -> Conflict:
    return Conflict(
        "connection.host_key_differs",
        f"The server shows {seen}, not {published or 'nothing'}. Nothing was pinned and nothing was sent.",
        "Ask the partner by telephone which of the two is theirs. If it is the second, somebody else answers here.",
        fields=(FieldError("published", "published.differs", f"The server shows {seen}."),),
    )


def _failed(error: MailboxError) -> Conflict:
    test = told(error.code)
    return Conflict(f"connection.{error.code}", sentence(error.code), test.what_to_do)
