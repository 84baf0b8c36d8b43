"""The way into a partner's mailbox over HTTP, its token opened; over SFTP see `clientele_reads.sftp_settings`."""

from dataclasses import dataclass, field
from uuid import UUID

from database.session import Session

ACCESS_TOKEN = "connections.access_token"


@dataclass(frozen=True, slots=True)
class RestAccess:
    """All that opens a mailbox over HTTP: never log or store this object."""

    base_url: str
    token: str = field(repr=False)


async def rest_access(session: Session, connection_id: UUID) -> RestAccess | None:
    """How to reach a REST connection; None for one of another kind. LookupError when it has no token."""
    row = await session.row(
        "SELECT kind, base_url, access_token FROM connections WHERE id = $1", connection_id
    )
    if row is None or row["kind"] != "rest":
        return None
    if row["access_token"] is None:
        raise LookupError(f"connection {connection_id} has no token")
    return RestAccess(row["base_url"], (await session.key()).open(ACCESS_TOKEN, row["access_token"]).decode())
