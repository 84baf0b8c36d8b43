"""Replacing a connection's key: a new one beside the present one, tried, then switched to, and the old one forgotten."""

from typing import Any
from uuid import UUID

from activities.edi.mailboxes import sftp_of
from activities.ports import ports
from database.clientele import ConnectionRow
from database.clientele_reads import PRIVATE_KEY
from database.session import Session
from domain.refusals import Conflict, NotFound
from domain.tenancy import Actor
from integrations.clearinghouse import DeskError
from integrations.sftp import MailboxError, SftpSettings
from integrations.ssh_keys import make_key_pair
from policies.permissions import Permission
from services import door
from services.clientele import records
from services.clientele.connection_facts import ConnectionView, shown
from services.clientele.connection_words import ConnectionTest, told
from services.clientele.partners import desk_absent, desk_refusal

NEXT_KEY = "connections.next_private_key"


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def begin_key_rotation(session: Session, id: UUID) -> ConnectionView:
    """Make the key that is to follow. The present one stays in use; give the new public key to the partner."""
    row = await records.one(ConnectionRow, id)
    if row["kind"] != "sftp":
        raise Conflict(
            "connection.no_key", "A REST mailbox has a token, not a key.", "Paste a new token in its form."
        )
    pair, key = make_key_pair(), await session.key()
    values = {
        "next_public_key": pair.public_key,
        "next_private_key": key.seal(NEXT_KEY, pair.private_key.encode()),
        "next_key_tested_at": None,
    }
    return shown(await records.change(ConnectionRow, id, values))


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def give_next_key_to_practice(actor: Actor, id: UUID) -> ConnectionTest:
    """Hand the new public key to the practice clearinghouse, as one would to a partner's support; then try it."""
    desk = ports().desk
    if desk is None:
        raise desk_absent()
    username, present, following = await _public_keys(actor, id)
    try:
        await desk.add_key(username, present, following)
    except DeskError as error:
        raise desk_refusal(error) from error
    return await try_next_key(actor, id)


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def try_next_key(actor: Actor, id: UUID) -> ConnectionTest:
    """Sign in with the new key and look into both folders; the present key stays in use."""
    settings = await _next_settings(actor, id)
    try:
        probe = await ports().mailbox(settings).probe()
    except MailboxError as error:
        return told(error.code)
    await _note_tried(actor, id)
    return told("", waiting=probe.outbound_files)


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def switch_key(actor: Actor, id: UUID) -> ConnectionView:
    """Use the new key from now on. It is tried once more first, and the old one is destroyed."""
    test = await try_next_key(actor, id)
    if not test.works:
        raise Conflict("connection.next_key_refused", test.sentence, test.what_to_do)
    _, before, _ = await _public_keys(actor, id)
    view = await _switched(actor, id)
    desk = ports().desk
    if desk is not None:
        try:
            await desk.forget_key(view.username, view.public_key, before)
        except DeskError:
            # Another partner's key: its support forgets it, as the page says.
            return view
    return view


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def drop_next_key(session: Session, id: UUID) -> ConnectionView:
    """Give the rotation up: the new key is destroyed, the present one stays."""
    values = {"next_public_key": "", "next_private_key": None, "next_key_tested_at": None}
    return shown(await records.change(ConnectionRow, id, values))


@door.query(Permission.CONNECTIONS_MANAGE, of="connections")
async def _public_keys(session: Session, id: UUID) -> tuple[str, str, str]:
    row = await _rotating(session, id)
    return row["username"], row["public_key"], row["next_public_key"]


@door.query(Permission.CONNECTIONS_MANAGE, of="connections")
async def _next_settings(session: Session, id: UUID) -> SftpSettings:
    row = await _rotating(session, id)
    present = await sftp_of(session, id)
    private_key = (await session.key()).open(NEXT_KEY, row["next_private_key"]).decode()
    return SftpSettings(
        present.host,
        present.port,
        present.username,
        present.host_key,
        private_key,
        present.inbound,
        present.outbound,
        present.private_hosts,
    )


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def _note_tried(session: Session, id: UUID) -> None:
    await session.execute("UPDATE connections SET next_key_tested_at = now() WHERE id = $1", id)


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def _switched(session: Session, id: UUID) -> ConnectionView:
    row, key = await _rotating(session, id), await session.key()
    values = {
        "public_key": row["next_public_key"],
        "private_key": key.seal(PRIVATE_KEY, key.open(NEXT_KEY, row["next_private_key"])),
        "next_public_key": "",
        "next_private_key": None,
        "next_key_tested_at": None,
        "last_error": "",
    }
    return shown(await records.change(ConnectionRow, id, values))


async def _rotating(session: Session, id: UUID) -> Any:
    row = await session.row("SELECT * FROM connections WHERE id = $1", id)
    if row["next_private_key"] is None:
        raise NotFound("connection.no_next_key", "No key is waiting to be used.", "Begin the rotation first.")
    return row
