"""The way into a connection's mailbox."""

from uuid import UUID

from activities.ports import ports
from database.clientele_reads import sftp_settings
from database.mailbox_access import rest_access
from database.session import Session
from integrations.sftp import Mailbox, RestSettings, SftpSettings


async def mailbox_of(session: Session, connection_id: UUID) -> Mailbox:
    """The mailbox of a connection, not yet connected: use it after the session has ended. LookupError without a key."""
    if rest := await rest_access(session, connection_id):
        return ports().rest(RestSettings(rest.base_url, rest.token, ports().private_hosts))
    return ports().mailbox(await sftp_of(session, connection_id))


async def sftp_of(session: Session, connection_id: UUID) -> SftpSettings:
    """The settings of an SFTP connection with its present key."""
    access = await sftp_settings(session, connection_id)
    return SftpSettings(
        access.host,
        access.port,
        access.username,
        access.host_key,
        access.private_key,
        access.inbound,
        access.outbound,
        ports().private_hosts,
        access.archive,
    )
