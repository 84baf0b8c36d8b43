"""The first connection: a mailbox at the practice clearinghouse, where there is one, so that a first claim has somewhere to go."""

import os
from typing import Any

from temporalio import activity

from activities.ports import ports
from activities.tenancy.onboarding import Onboarding, StepDone, at_step, for_good, session_of
from database.clientele_reads import PRIVATE_KEY
from database.session import Session
from integrations.clearinghouse import DeskError, Enrolment
from integrations.ssh_keys import make_key_pair

NAME = "Practice clearinghouse"


@activity.defn
async def make_first_connection(onboarding: Onboarding) -> StepDone:
    """Make a key pair, keep it in an inactive connection, enrol it, and make the connection active.

    The desk is asked outside any transaction, and with the key that is already stored: it knows a name by its key.
    """
    desk = ports().desk
    async with session_of(onboarding) as session:
        await at_step(session, onboarding, "connection")
        wanted = await _prepared(session) if desk else None
    if desk is None or wanted is None or wanted["active"]:
        return StepDone(False)
    try:
        enrolment = await desk.enrol(wanted["username"], wanted["public_key"], wanted["sender_id"])
    except DeskError as refusal:
        if refusal.code == "unreachable" or refusal.status >= 500:
            raise
        raise for_good(
            "connection.refused", "The practice clearinghouse refused the new connection."
        ) from None
    async with session_of(onboarding) as session:
        await _enrolled(session, wanted["id"], enrolment)
        await session.audit("tenancy.onboarding.connection", "connections", wanted["id"])
    return StepDone(True)


async def _prepared(session: Session) -> Any:
    """The connection's row, made inactive with a fresh key when it is not there yet."""
    pair = make_key_pair()
    key = await session.key()
    suffix = os.urandom(5).hex()
    await session.execute(
        "INSERT INTO connections (tenant_id, name, host, port, username, host_key, private_key, public_key,"
        " sender_id, receiver_id, active) VALUES ($1, $2, 'not enrolled yet', 22, $3, '', $4, $5, $6, '', false)"
        " ON CONFLICT (tenant_id, name) DO NOTHING",
        session.tenant_id,
        NAME,
        f"practice-{suffix}",
        key.seal(PRIVATE_KEY, pair.private_key.encode()),
        pair.public_key,
        f"CL{suffix}".upper(),
    )
    return await session.row("SELECT * FROM connections WHERE name = $1", NAME)


async def _enrolled(session: Session, connection_id: Any, enrolment: Enrolment) -> None:
    await session.execute(
        "UPDATE connections SET host = $2, port = $3, host_key = $4, inbound_folder = $5, outbound_folder = $6,"
        " receiver_id = $7, active = true, version = version + 1 WHERE id = $1",
        connection_id,
        enrolment.host,
        enrolment.port,
        enrolment.host_key,
        enrolment.inbound,
        enrolment.outbound,
        enrolment.receiver_id,
    )
