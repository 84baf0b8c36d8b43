"""Who opens a document: a care plan whoever looks after the patient, an evidence packet also whoever bills it, an invoice
whoever sees invoices, and any other whoever sees what it is about."""

from typing import Any
from uuid import UUID

from database.session import Session
from policies.guard import require
from policies.permissions import Permission
from services.care.scope import another_roster, mine, rosters
from services.work.notes import READS

PLAN, PACKET, INVOICE = "care_plan", "care_packet", "care_invoice"
_ON_ROSTER = """
SELECT 1 FROM care_enrolments WHERE tenant_id = current_tenant() AND patient_id = $2
    AND ($1::uuid[] IS NULL OR coordinator_id = ANY($1)) LIMIT 1
"""


async def must_be_readable(session: Session, kind: str, subject_type: str, subject_id: UUID) -> None:
    """Refuse a document to whoever may not read it; without a kind, the list of a subject's documents."""
    if subject_type == "care_enrolment" or kind == PLAN:
        require(session.actor, Permission.CARE_VIEW)
        await mine(session, subject_id)
    elif subject_type == INVOICE or kind == INVOICE:
        require(session.actor, Permission.INVOICES_VIEW)
    elif kind == PACKET or not (kind or _sees(session, subject_type)):
        if Permission.CARE_BILLING not in session.actor.permissions:
            await _must_care_for(session, subject_id)
    else:
        require(session.actor, READS[subject_type])


async def readable(session: Session, rows: list[Any]) -> list[Any]:
    """Those rows of one subject's documents that the asker may open; a patient's are of several areas."""
    packets = {one["subject_id"] for one in rows if one["kind"] == PACKET}
    billed = Permission.CARE_BILLING in session.actor.permissions
    opened = billed or all([await _cares_for(session, one) for one in packets])
    return [one for one in rows if (opened if one["kind"] == PACKET else _sees(session, one["subject_type"]))]


def _sees(session: Session, subject_type: str) -> bool:
    return subject_type != "patient" or Permission.PATIENTS_VIEW in session.actor.permissions


async def _must_care_for(session: Session, patient_id: UUID) -> None:
    require(session.actor, Permission.CARE_VIEW)
    if not await _cares_for(session, patient_id):
        raise another_roster()


async def _cares_for(session: Session, patient_id: UUID) -> bool:
    sees = Permission.CARE_VIEW in session.actor.permissions
    return sees and bool(await session.value(_ON_ROSTER, await rosters(session), patient_id))
