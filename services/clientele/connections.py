"""Clearinghouse connections: where files go and come from, with a key pair of our own and the partner's key pinned."""

import re
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.ports import ports
from database.clientele import ConnectionRow
from database.clientele_reads import PRIVATE_KEY, sftp_settings
from database.session import Session
from domain.paging import Page
from domain.refusals import Conflict, NotFound, Refusal, Unavailable
from domain.tenancy import PLANS, Actor
from integrations.clearinghouse import DeskError, Enrolment
from integrations.sftp import MailboxError, SftpSettings
from integrations.ssh_keys import KeyPair, make_key_pair
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.connection_facts import ConnectionFacts, ConnectionView, checked, shown
from services.clientele.connection_words import ConnectionTest, told

__all__ = ["ConnectionFacts", "ConnectionTest", "ConnectionView"]


@door.query(Permission.CONNECTIONS_VIEW)
async def list_connections(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
) -> Page[ConnectionView]:
    """Connections by name."""
    query = ConnectionRow.select()
    if active is not None:
        query = query.where(ConnectionRow.active == active)
    if words := text.strip():
        query = query.where(ConnectionRow.name.ilike(records.like(words)))
    return await records.page(query, (ConnectionRow.name, ConnectionRow.id), cursor, limit, shown)


@door.query(Permission.CONNECTIONS_VIEW, of="connections")
async def get_connection(session: Session, id: UUID) -> ConnectionView:
    """One connection with its public key; the private one never leaves the database but to sign in at the partner."""
    return shown(await records.one(ConnectionRow, id))


@door.command(Permission.CONNECTIONS_MANAGE)
async def add_connection(session: Session, facts: ConnectionFacts) -> ConnectionView:
    """Add a connection by hand. A key pair is made; give its public key to the partner before testing."""
    return await _store(session, facts, make_key_pair())


@door.bulk(Permission.CONNECTIONS_MANAGE)
async def add_practice_connection(actor: Actor, name: str) -> ConnectionView:
    """Enrol with the practice clearinghouse and add the connection, ready to use."""
    desk = ports().desk
    if desk is None:
        raise Unavailable(
            "desk.absent",
            "There is no practice clearinghouse here.",
            "Add a connection by hand with what your clearinghouse gave you.",
        )
    identity, pair = await _identity(actor, name), make_key_pair()
    try:
        enrolment = await desk.enrol(identity.username, pair.public_key, identity.sender_id)
    except DeskError as error:
        raise _desk_refusal(error) from error
    return await _store_enrolled(actor, name, identity, enrolment, pair)


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def change_connection(
    session: Session, id: UUID, facts: ConnectionFacts, expected_version: int | None = None
) -> ConnectionView:
    """Replace a connection's facts; its key pair stays. A changed host key counts from the next look."""
    values = checked(facts)
    await _must_have_a_free_name(values["name"], id)
    return shown(await records.change(ConnectionRow, id, {**values, "last_error": ""}, expected_version))


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def deactivate_connection(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> ConnectionView:
    """Take a connection out of use: nothing is sent or fetched. Claims of its payers wait."""
    return shown(await records.switch(ConnectionRow, id, False, checks.reason_of(reason), expected_version))


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def reactivate_connection(
    session: Session, id: UUID, expected_version: int | None = None
) -> ConnectionView:
    """Take a connection back into use."""
    await must_have_room(session)
    return shown(await records.switch(ConnectionRow, id, True, "", expected_version))


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def test_connection(actor: Actor, id: UUID) -> ConnectionTest:
    """Connect, sign in and look into both folders; says in words what failed. Never a refusal: the answer is the test."""
    try:
        probe = await ports().mailbox(await _settings(actor, id)).probe()
    except MailboxError as error:
        return await _noted(actor, id, told(error.code))
    return await _noted(actor, id, told("", waiting=probe.outbound_files))


@dataclass(frozen=True, slots=True)
class _Identity:
    """Who we are at the practice clearinghouse."""

    username: str
    sender_id: str


@door.query(Permission.CONNECTIONS_MANAGE)
async def _identity(session: Session, name: str) -> _Identity:
    """Chosen before enrolling, after everything that could refuse the connection later."""
    await must_have_room(session)
    await _must_have_a_free_name(checks.clean(name))
    subdomain = await session.value("SELECT subdomain FROM tenants WHERE id = $1", session.tenant_id)
    mark = secrets.token_hex(3)
    letters = re.sub(r"[^A-Z0-9]", "", subdomain.upper())[:9]
    return _Identity(f"{subdomain}-{mark}", f"{letters}{mark.upper()}")


@door.command(Permission.CONNECTIONS_MANAGE)
async def _store_enrolled(
    session: Session, name: str, identity: _Identity, enrolment: Enrolment, pair: KeyPair
) -> ConnectionView:
    facts = ConnectionFacts(
        name=name,
        host=enrolment.host,
        port=enrolment.port,
        username=identity.username,
        host_key=enrolment.host_key,
        sender_id=identity.sender_id,
        receiver_id=enrolment.receiver_id,
        inbound_folder=enrolment.inbound,
        outbound_folder=enrolment.outbound,
    )
    return await _store(session, facts, pair)


@door.query(Permission.CONNECTIONS_MANAGE, of="connections")
async def _settings(session: Session, id: UUID) -> SftpSettings:
    try:
        access = await sftp_settings(session, id)
    except LookupError:
        raise NotFound("connection.no_key", "This connection has no key.", "Add it again.") from None
    return SftpSettings(
        access.host,
        access.port,
        access.username,
        access.host_key,
        access.private_key,
        access.inbound,
        access.outbound,
    )


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def _noted(session: Session, id: UUID, test: ConnectionTest) -> ConnectionTest:
    """Not a change of the record, so its version stays: a test must not make an open form stale."""
    await session.execute(
        "UPDATE connections SET last_tested_at = now(), last_error = $2 WHERE id = $1", id, test.code
    )
    return test


async def _store(session: Session, facts: ConnectionFacts, pair: KeyPair) -> ConnectionView:
    values: dict[str, Any] = checked(facts)
    await must_have_room(session)
    await _must_have_a_free_name(values["name"])
    key = await session.key()
    values["public_key"] = pair.public_key
    values["private_key"] = key.seal(PRIVATE_KEY, pair.private_key.encode())
    return shown(await records.insert(session, ConnectionRow, values))


async def must_have_room(session: Session) -> None:
    """The tenant's row is locked, so that two people cannot both take the last place of the plan."""
    plan = await session.value("SELECT plan FROM tenants WHERE id = $1 FOR UPDATE", session.tenant_id)
    used = await session.value("SELECT count(*) FROM connections WHERE active")
    if used >= PLANS[plan].connections:
        raise Conflict(
            "plan.connections_full",
            f"The {PLANS[plan].name} plan has room for {PLANS[plan].connections} connections, and all are in use.",
            "Take one out of use, or change to a larger plan.",
        )


async def _must_have_a_free_name(name: str, but: UUID | None = None) -> None:
    query = ConnectionRow.exists().where(ConnectionRow.name == name)
    if but is not None:
        query = query.where(ConnectionRow.id != but)
    records.must_be_new(
        await query, "name", "There is a connection of this name already.", "Choose another name."
    )


def _desk_refusal(error: DeskError) -> Refusal:
    if error.code == "unreachable":
        return Unavailable(
            "desk.unreachable", "The practice clearinghouse does not answer.", "Try again in a minute."
        )
    return Conflict(
        f"desk.{error.code}",
        "The practice clearinghouse did not enrol us.",
        "Try again; if it stays, tell support.",
    )
