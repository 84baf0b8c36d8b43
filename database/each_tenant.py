"""One tenant after the other inside a transaction of the platform's staff, for what concerns them all at once."""

from collections.abc import AsyncIterator
from typing import Any

from database.session import Session
from domain.tenancy import Actor


async def each_tenant(connection: Any) -> AsyncIterator[Session]:
    """A session confined to each tenant in turn, until the next one is asked for. `connection` is that of
    `platform_session`: what is written commits together, or not at all."""
    for row in await connection.fetch("SELECT id FROM tenants ORDER BY id"):
        await connection.execute("SELECT set_config('app.tenant_id', $1, true)", str(row["id"]))
        yield Session(Actor(row["id"], None, "platform", "Platform staff"), connection)
    await connection.execute("SELECT set_config('app.tenant_id', '', true)")
