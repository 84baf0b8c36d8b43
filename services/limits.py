"""How much a tenant may ask of the API, by its plan."""

import time
from uuid import UUID

from database.session import platform_session
from domain.tenancy import PLANS
from services import door

# A changed plan counts after a minute at the latest.
REMEMBER_SECONDS = 60.0

_known: dict[UUID, tuple[float, int]] = {}


@door.public("admission asks it of a tenant whose actor is known already; it tells nothing about anybody")
async def requests_a_minute(tenant_id: UUID) -> int:
    """The requests a minute that the tenant's plan allows, remembered for a minute."""
    until, allowed = _known.get(tenant_id, (0.0, 0))
    if until > time.monotonic():
        return allowed
    async with platform_session() as connection:
        plan = await connection.fetchval("SELECT plan FROM tenants WHERE id = $1", tenant_id)
    allowed = PLANS[plan].requests_a_minute
    _known[tenant_id] = (time.monotonic() + REMEMBER_SECONDS, allowed)
    return allowed
