"""The day on which somebody keeps decision tables."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from database.session import Session


async def today_of(session: Session) -> date:
    """The tenant's calendar day."""
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id)
    return datetime.now(ZoneInfo(zone)).date()
