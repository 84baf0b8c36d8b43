"""The way into a connection's mailbox."""

from uuid import UUID

from activities.ports import ports
from database.clientele_reads import sftp_settings
from database.session import Session
from integrations.sftp import Mailbox, SftpSettings


async def mailbox_of(session: Session, connection_id: UUID) -> Mailbox:
    """The mailbox of a connection, not yet connected: use it after the session has ended."""
    access = await sftp_settings(session, connection_id)
    return ports().mailbox(
        SftpSettings(
            access.host,
            access.port,
            access.username,
            access.host_key,
            access.private_key,
            access.inbound,
            access.outbound,
        )
    )
