"""Whose patients somebody sees: their own roster and that of those they stand in for; managers see all."""

from typing import Any
from uuid import UUID

from activities.work_acts import absent_of
from database.session import Session
from domain.refusals import NotFound
from policies.permissions import Permission

ROW = """
SELECT e.*, p.account_number, p.person, c.name AS client_name, u.name AS coordinator_name,
    concat_ws(', ', d.last_name, d.first_name) AS practitioner_name,
    (now() AT TIME ZONE coalesce(w.zone, t.time_zone))::date AS today_there
FROM care_enrolments e
JOIN patients p ON p.tenant_id = e.tenant_id AND p.id = e.patient_id
JOIN clients c ON c.tenant_id = e.tenant_id AND c.id = e.client_id
JOIN providers d ON d.tenant_id = e.tenant_id AND d.id = e.practitioner_id
JOIN tenants t ON t.id = e.tenant_id
LEFT JOIN care_practices w ON w.tenant_id = e.tenant_id AND w.client_id = e.client_id
LEFT JOIN users u ON u.id = e.coordinator_id
WHERE e.tenant_id = current_tenant() AND ($1::uuid[] IS NULL OR e.coordinator_id = ANY($1))
"""

# Of ROW: the plan is late, or nobody has looked it over by its day.
_TODAY = "(now() AT TIME ZONE coalesce(w.zone, t.time_zone))::date"
OVERDUE = (
    f"(e.step = 'planning' AND e.plan_due_on < {_TODAY} OR e.step = 'active' AND e.review_on < {_TODAY})"
)
# Whether a patient is in care, and on none of the rosters `mine`; null or false: not in care yet, or one's own.
ANOTHERS = """
SELECT NOT bool_or(coordinator_id IS NOT NULL AND coordinator_id = ANY({mine})) FROM care_enrolments
WHERE tenant_id = current_tenant() AND patient_id = {patient} AND step <> 'ended' AND {mine} IS NOT NULL
"""


async def rosters(session: Session) -> list[UUID] | None:
    """The coordinators whose patients the asker sees; None: everybody's. It is the first argument of every query."""
    if Permission.CARE_MANAGE in session.actor.permissions:
        return None
    me = session.actor.user_id
    return [*([me] if me else []), *await absent_of(session, me)]


async def mine(session: Session, enrolment_id: UUID) -> Any:
    """The enrolment's row with its names; `NotFound`, which the door keeps in the audit trail, for another's patient."""
    row = await session.row(f"{ROW} AND e.id = $2", await rosters(session), enrolment_id)
    if row is None:
        raise another_roster()
    return row


async def must_not_be_anothers(session: Session, patient_id: UUID) -> None:
    """Refuse a patient who is in care and on other rosters only; whoever is not in care yet may be enrolled by anybody."""
    asked = ANOTHERS.format(mine="$1::uuid[]", patient="$2")
    if await session.value(asked, await rosters(session), patient_id):
        raise another_roster()


def another_roster() -> NotFound:
    """The refusal of whatever is asked for another's patient."""
    return NotFound(
        "not_found",
        "There is nothing here under this id, or it is not yours.",
        "Ask whoever leads you to put the patient on your roster.",
    )
