"""The limits in force: up to where nobody needs to be asked."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from database.session import Session
from domain.approvals.limits import Limit, LimitKind, in_force

_LIMITS = """
SELECT kind, effective_from, free_up_to, second_from FROM approval_limits
WHERE tenant_id = current_tenant() AND kind = $1 ORDER BY effective_from, id
"""


async def limit_of(session: Session, kind: LimitKind, own: int | None = None) -> Limit:
    """The limit of a kind today, where the tenant is; `own` is what holds while the tenant has set none."""
    rows = await session.fetch(_LIMITS, kind.value)
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()")
    today = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    return in_force([limit_from(row) for row in rows], kind, today, own)


def limit_from(row: Any) -> Limit:
    """A row as the domain's limit."""
    return Limit(LimitKind(row["kind"]), row["effective_from"], row["free_up_to"], row["second_from"])
