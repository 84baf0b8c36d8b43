"""Clearinghouse connections: where files go and come from, with a key pair of our own and the partner's key pinned."""

import re
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.edi.circuits import note_failure, note_success, resume
from activities.edi.mailboxes import mailbox_of
from activities.ports import ports
from database.clientele import ConnectionRow
from database.clientele_reads import PRIVATE_KEY
from database.mailbox_access import ACCESS_TOKEN
from database.session import Session
from domain.paging import Page
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from domain.tenancy import PLANS, Actor
from integrations.clearinghouse import DeskError, Enrolment, RestEnrolment
from integrations.sftp import Mailbox, MailboxError
from integrations.ssh_keys import KeyPair, make_key_pair
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.connection_facts import ConnectionFacts, ConnectionView, checked, shown
from services.clientele.connection_words import ConnectionTest, told
from services.clientele.partners import desk_absent, desk_refusal, must_lead_outside

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
    page = await records.page(query, (ConnectionRow.name, ConnectionRow.id), cursor, limit, lambda row: row)
    circuits = await _circuits(session, [row["id"] for row in page.items])
    return Page([shown(row, circuits.get(row["id"])) for row in page.items], page.next)


@door.query(Permission.CONNECTIONS_VIEW, of="connections")
async def get_connection(session: Session, id: UUID) -> ConnectionView:
    """One connection with its public key; the private one never leaves the database but to sign in at the partner."""
    return await _shown(session, await records.one(ConnectionRow, id))


@door.command(Permission.CONNECTIONS_MANAGE)
async def add_connection(session: Session, facts: ConnectionFacts) -> ConnectionView:
    """Add a connection by hand. Over SFTP a key pair is made: give its public key to the partner before testing.
    Over REST it needs the token that the partner gave."""
    return await _store(session, facts, make_key_pair() if facts.kind != "rest" else None)


@door.bulk(Permission.CONNECTIONS_MANAGE)
async def add_practice_connection(actor: Actor, name: str) -> ConnectionView:
    """Enrol with the practice clearinghouse and add the connection, ready to use."""
    desk = ports().desk
    if desk is None:
        raise desk_absent()
    identity, pair = await _identity(actor, name), make_key_pair()
    try:
        enrolment = await desk.enrol(identity.username, pair.public_key, identity.sender_id)
    except DeskError as error:
        raise desk_refusal(error) from error
    return await _store_enrolled(actor, name, identity, enrolment, pair)


@door.bulk(Permission.CONNECTIONS_MANAGE)
async def add_practice_rest_connection(actor: Actor, name: str) -> ConnectionView:
    """Enrol with the practice clearinghouse for a mailbox over HTTP and add the connection, ready to use."""
    desk = ports().desk
    if desk is None:
        raise desk_absent()
    identity = await _identity(actor, name)
    try:
        enrolment = await desk.enrol_rest(identity.username, identity.sender_id)
    except DeskError as error:
        raise desk_refusal(error) from error
    return await _store_rest(actor, name, identity, enrolment)


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def change_connection(
    session: Session, id: UUID, facts: ConnectionFacts, expected_version: int | None = None
) -> ConnectionView:
    """Replace a connection's facts; its key pair stays, and its token when none is given. The partner may be tried again
    at once."""
    values = checked(facts)
    must_lead_outside(facts)
    await _must_keep_its_kind(session, id, values["kind"])
    await must_have_a_free_name(session, values["name"], id)
    if facts.kind == "rest" and facts.access_token:
        values["access_token"] = (await session.key()).seal(ACCESS_TOKEN, facts.access_token.strip().encode())
    row = await records.change(ConnectionRow, id, {**values, "last_error": ""}, expected_version)
    await session.execute("DELETE FROM connection_circuits WHERE connection_id = $1", id)
    await resume(session, id)
    return await _shown(session, row)


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def deactivate_connection(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> ConnectionView:
    """Take a connection out of use: nothing is sent or fetched. Claims of its payers wait."""
    row = await records.switch(ConnectionRow, id, False, checks.reason_of(reason), expected_version)
    return await _shown(session, row)


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def reactivate_connection(
    session: Session, id: UUID, expected_version: int | None = None
) -> ConnectionView:
    """Take a connection back into use."""
    if await session.value("SELECT setup_step <> '' FROM connections WHERE id = $1", id):
        raise Conflict(
            "connection.unfinished",
            "This connection is still being set up.",
            "Finish its steps, then it goes live.",
        )
    await must_have_room(session)
    return await _shown(session, await records.switch(ConnectionRow, id, True, "", expected_version))


@door.bulk(Permission.CONNECTIONS_MANAGE, of="connections")
async def test_connection(actor: Actor, id: UUID) -> ConnectionTest:
    """Connect, sign in and look into both folders; says in words what failed. Never a refusal: the answer is the test.
    A partner that was left alone goes on when the test works."""
    mailbox = await _mailbox(actor, id)
    try:
        probe = await mailbox.probe()
    except MailboxError as error:
        return await _noted(actor, id, told(error.code))
    return await _noted(actor, id, told("", waiting=probe.outbound_files))


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def close_circuit(session: Session, id: UUID, reason: str) -> ConnectionView:
    """Let a partner that was left alone be called again at once, whatever happened, with the reason."""
    words = checks.reason_of(reason)
    changed = await session.execute(
        "UPDATE connection_circuits SET state = 'closed', failures = 0, openings = 0, code = '', retry_at = NULL,"
        " closed_reason = $2, closed_by = $3, changed_at = now() WHERE connection_id = $1 AND state <> 'closed'",
        id,
        words,
        session.actor.user_id,
    )
    if not changed:
        raise Conflict(
            "connection.not_paused", "This partner is not left alone.", "Nothing needs to be done."
        )
    await resume(session, id)
    return await _shown(session, await records.one(ConnectionRow, id))


@dataclass(frozen=True, slots=True)
class _Identity:
    """Who we are at the practice clearinghouse."""

    username: str
    sender_id: str


@door.query(Permission.CONNECTIONS_MANAGE)
async def _identity(session: Session, name: str) -> _Identity:
    """Chosen before enrolling, after everything that could refuse the connection later."""
    await must_have_room(session)
    await must_have_a_free_name(session, checks.clean(name))
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


@door.command(Permission.CONNECTIONS_MANAGE)
async def _store_rest(
    session: Session, name: str, identity: _Identity, enrolment: RestEnrolment
) -> ConnectionView:
    facts = ConnectionFacts(
        name=name,
        username=identity.username,
        sender_id=identity.sender_id,
        receiver_id=enrolment.receiver_id,
        kind="rest",
        base_url=enrolment.base_url,
        access_token=enrolment.token,
    )
    return await _store(session, facts, None)


@door.query(Permission.CONNECTIONS_MANAGE, of="connections")
async def _mailbox(session: Session, id: UUID) -> Mailbox:
    try:
        return await mailbox_of(session, id)
    except LookupError:
        raise NotFound("connection.no_key", "This connection has no key.", "Add it again.") from None


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def _noted(session: Session, id: UUID, test: ConnectionTest) -> ConnectionTest:
    """Not a change of the record, so its version stays: a test must not make an open form stale."""
    await session.execute(
        "UPDATE connections SET last_tested_at = now(), last_error = $2 WHERE id = $1", id, test.code
    )
    if test.works:
        await note_success(session, id)
    else:
        await note_failure(session, id, test.code)
    return test


async def _store(session: Session, facts: ConnectionFacts, pair: KeyPair | None) -> ConnectionView:
    values: dict[str, Any] = checked(facts)
    must_lead_outside(facts)
    await must_have_room(session)
    await must_have_a_free_name(session, values["name"])
    key = await session.key()
    if pair is not None:
        values["public_key"] = pair.public_key
        values["private_key"] = key.seal(PRIVATE_KEY, pair.private_key.encode())
    elif facts.access_token.strip():
        values["access_token"] = key.seal(ACCESS_TOKEN, facts.access_token.strip().encode())
    else:
        fault = FieldError(
            "access_token", "access_token.missing", "Paste the token that the partner gave you."
        )
        raise Invalid("connection.invalid", "The token is missing.", fault.message, fields=(fault,))
    return shown(await records.insert(session, ConnectionRow, values))


async def _shown(session: Session, row: records.Row) -> ConnectionView:
    return shown(row, (await _circuits(session, [row["id"]])).get(row["id"]))


async def _circuits(session: Session, ids: list[UUID]) -> dict[UUID, Any]:
    rows = await session.fetch("SELECT * FROM connection_circuits WHERE connection_id = ANY($1::uuid[])", ids)
    return {row["connection_id"]: row for row in rows}


async def _must_keep_its_kind(session: Session, id: UUID, kind: str) -> None:
    if await session.value("SELECT kind FROM connections WHERE id = $1", id) != kind:
        fault = FieldError("kind", "kind.fixed", "Add another connection instead.")
        raise Invalid("connection.kind_fixed", "A connection keeps its kind.", fault.message, fields=(fault,))


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


async def must_have_a_free_name(session: Session, name: str, but: UUID | None = None) -> None:
    query = ConnectionRow.exists().where(ConnectionRow.name == name)
    if but is not None:
        query = query.where(ConnectionRow.id != but)
    records.must_be_new(
        await query, "name", "There is a connection of this name already.", "Choose another name."
    )
