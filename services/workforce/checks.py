"""What the records of the workforce are checked against: one change at a time, members of this tenant, real zones."""

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from database.session import Session
from domain.refusals import FieldError, Invalid
from services.clientele.checks import Faults


async def lock_workforce(session: Session) -> None:
    """One change of a tenant's teams, absences or imports at a time: two of them together could close a circle."""
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{session.tenant_id}workforce"
    )


def zone(faults: Faults, field: str, value: str) -> None:
    """A zone of the IANA list."""
    if value not in available_timezones():
        faults.add(field, f"{field}.unknown", "Choose a time zone such as America/Chicago.")


def refused(field: str, code: str, title: str, what_to_do: str) -> Invalid:
    """A refusal of one field."""
    return Invalid(code, title, what_to_do, fields=(FieldError(field, code, what_to_do),))


async def must_be_member(session: Session, user_id: UUID, employee_id: UUID | None) -> None:
    """Refuse somebody who is no member of this tenant, or stands behind another employee."""
    row: Any = await session.row(
        "SELECT m.status, e.name FROM memberships m LEFT JOIN employees e ON e.tenant_id = m.tenant_id"
        " AND e.user_id = m.user_id AND e.id IS DISTINCT FROM $2"
        " WHERE m.tenant_id = current_tenant() AND m.user_id = $1",
        user_id,
        employee_id,
    )
    if row is None or row["status"] == "ended":
        words = "Choose somebody who can sign in to this company."
        raise refused("user_id", "user_id.no_member", "This person is no member of the company.", words)
    if row["name"] is not None:
        words = f"{row['name']} signs in as this person; choose another."
        raise refused("user_id", "user_id.taken", "Somebody else signs in as this person.", words)
