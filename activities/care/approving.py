"""What comes of a decision on back-dated time: approved, it counts; refused, an accepted time sheet that held it says so;
and a month that waited for it computes its patient anew."""

from typing import Any
from uuid import UUID

from activities.care.month_rows import SUBJECT, lock_patient_month, month_workflow, note
from activities.work import close_items_of
from database.care_months import held_months
from database.care_sheets import accepted_over, mark_changed
from database.session import Session
from domain.care.closing import Outcome
from domain.work import Kind

COUNT_TIME = "count_care_time"
_ENTRY = """
SELECT t.patient_id, t.staff_id, t.starts_at, t.ends_at, e.client_id FROM care_time_entries t
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id WHERE t.id = $1
"""
# Who decided on time that is worked no more and that no other entry stands in for.
_REFUSED = """
SELECT coalesce((SELECT d.decided_by FROM approval_decisions d WHERE d.tenant_id = a.tenant_id AND d.approval_id = a.id
    ORDER BY d.level DESC LIMIT 1), a.requester_id)
FROM approvals a WHERE a.id = $1
    AND NOT EXISTS (SELECT 1 FROM care_time_decisions t WHERE t.tenant_id = a.tenant_id AND t.entry_id = $2)
    AND NOT EXISTS (SELECT 1 FROM care_time_entries s WHERE s.tenant_id = a.tenant_id AND s.supersedes = $2)
"""
NOT_APPROVED = "Late time in it was not approved."
_BEING_CLOSED = """
SELECT p.id FROM care_patient_months p
JOIN care_months m ON m.tenant_id = p.tenant_id AND m.id = p.care_month_id AND m.step IN ('computing', 'exceptions')
WHERE p.tenant_id = current_tenant() AND p.patient_id = $1 AND p.month = ANY($2) AND NOT p.superseded ORDER BY p.id
"""


async def count_time(session: Session, entry_id: UUID, approval_id: UUID) -> None:
    """Note the decision beside the entry, once; the entry itself never changes."""
    await session.execute(
        "INSERT INTO care_time_decisions (tenant_id, entry_id, approved, decided_by)"
        " SELECT $1, $2, true, d.decided_by FROM approval_decisions d WHERE d.tenant_id = $1 AND d.approval_id = $3"
        " ORDER BY d.level DESC LIMIT 1 ON CONFLICT (tenant_id, entry_id) DO NOTHING",
        session.tenant_id,
        entry_id,
        approval_id,
    )


async def after_decision(session: Session, entry_id: UUID, approval_id: UUID) -> None:
    """Have the patient's months that are being closed around this entry computed again, whatever was decided on it, and
    mark the accepted sheets that counted on it when it was refused.

    Neither misses the other: a freeze waits for this, or this for the freeze; and whoever computes holds the patient's row.
    """
    entry = await session.row(_ENTRY, entry_id)
    months = await held_months(session, entry["client_id"], entry["starts_at"], entry["ends_at"])
    for found in await session.fetch(_BEING_CLOSED, entry["patient_id"], months):
        row = await lock_patient_month(session, found["id"])
        if row["outcome"] == Outcome.EXCEPTION and not row["superseded"]:
            await _compute_again(session, row, approval_id)
    decided_by = await session.value(_REFUSED, approval_id, entry_id)
    if decided_by is not None:
        sheets = await accepted_over(session, entry["staff_id"], entry["starts_at"], entry["ends_at"])
        await mark_changed(session, sheets, entry_id, NOT_APPROVED, decided_by)


async def _compute_again(session: Session, row: Any, approval_id: UUID) -> None:
    await session.execute("UPDATE care_patient_months SET outcome = 'waiting' WHERE id = $1", row["id"])
    await close_items_of(session, SUBJECT, [row["id"]], [Kind.CARE_EXCEPTION])
    month = {"id": row["care_month_id"], "revision": row["revision"]}
    key = f"time_decided:{approval_id}:{row['id']}"
    await note(session, month, "computed_again", key, patient_month_id=row["id"])
    told = {"tenant_id": session.tenant_id, "patient_month_id": row["id"]}
    await session.tell(
        "signal", month_workflow(session.tenant_id, row["care_month_id"]), "patient_changed", told
    )
