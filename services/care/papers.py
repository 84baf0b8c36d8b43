"""Who opens a document of care: a plan whoever looks after the patient, an evidence packet also whoever bills it, and an
invoice whoever sees invoices."""

from typing import Any
from uuid import UUID

from database.session import Session
from domain.refusals import NotFound
from policies.guard import require
from policies.permissions import Permission
from services.care.scope import mine, rosters

PLAN, PACKET, INVOICE = "care_plan", "care_packet", "care_invoice"
_ON_ROSTER = """
SELECT 1 FROM care_enrolments WHERE tenant_id = current_tenant() AND patient_id = $2
    AND ($1::uuid[] IS NULL OR coordinator_id = ANY($1)) LIMIT 1
"""


async def must_be_readable(session: Session, kind: str, subject_type: str, subject_id: UUID) -> None:
    """Refuse a document of care to whoever may not read it; documents of other areas pass."""
    if subject_type == "care_enrolment" or kind == PLAN:
        require(session.actor, Permission.CARE_VIEW)
        await mine(session, subject_id)
    elif subject_type == INVOICE or kind == INVOICE:
        require(session.actor, Permission.INVOICES_VIEW)
    elif kind == PACKET and Permission.CARE_BILLING not in session.actor.permissions:
        require(session.actor, Permission.CARE_VIEW)
        if not await _cares_for(session, subject_id):
            raise NotFound(
                "not_found",
                "There is nothing here under this id, or it is not yours.",
                "Ask whoever leads you to put the patient on your roster.",
            )


async def readable(session: Session, lines: list[Any]) -> list[Any]:
    """The rows of one subject's documents without the evidence packets that the asker may not open."""
    packets = [one for one in lines if one["kind"] == PACKET]
    if not packets or Permission.CARE_BILLING in session.actor.permissions:
        return lines
    allowed = Permission.CARE_VIEW in session.actor.permissions
    if allowed and await _cares_for(session, packets[0]["subject_id"]):
        return lines
    return [one for one in lines if one["kind"] != PACKET]


async def _cares_for(session: Session, patient_id: UUID) -> bool:
    return bool(await session.value(_ON_ROSTER, await rosters(session), patient_id))
