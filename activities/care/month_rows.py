"""A month of care as its activities hold it: locked, moved a step, and with what happened noted once."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from database.care_months import SAID
from database.session import Session
from domain.care.closing import Event, Step, following

ACTOR = "CareMonthEnd"
SUBJECT = "care_patient_month"
_NOTE = """
INSERT INTO care_month_events (tenant_id, care_month_id, patient_month_id, key, event, revision, detail, said, actor_id,
    actor_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce((SELECT name FROM users WHERE id = $9), $10))
ON CONFLICT (tenant_id, care_month_id, key) DO NOTHING
"""
_PATIENT = """
SELECT p.*, m.started_by, m.release_claims, m.revision AS month_revision, m.step, m.frozen_at,
    (SELECT string_agg(e.reference, ' ' ORDER BY e.id) FROM care_enrolments e WHERE e.tenant_id = p.tenant_id
        AND e.patient_id = p.patient_id AND e.step <> 'referred') AS care_references
FROM care_patient_months p
JOIN care_months m ON m.tenant_id = p.tenant_id AND m.id = p.care_month_id
WHERE p.id = $1 FOR UPDATE OF p
"""


def month_workflow(tenant_id: UUID, month_id: UUID) -> str:
    """The id of a month's process."""
    return f"{tenant_id}/care_month/{month_id}"


async def lock_month(session: Session, month_id: UUID) -> Any:
    """The month's row, locked."""
    return await session.row("SELECT * FROM care_months WHERE id = $1 FOR UPDATE", month_id)


async def lock_patient_month(session: Session, patient_month_id: UUID) -> Any:
    """The row of one patient's month, locked, with what its month says and the patient's account number."""
    return await session.row(_PATIENT, patient_month_id)


async def change_step(session: Session, row: Any, event: Event) -> Step:
    """Move the month on; the step it stands at now."""
    step = following(Step(row["step"]), event)
    await session.execute(
        "UPDATE care_months SET step = $2, version = version + 1 WHERE id = $1", row["id"], step.value
    )
    return step


async def note(
    session: Session,
    month: Any,
    event: str,
    key: str,
    detail: Mapping[str, Any] | None = None,
    *,
    patient_month_id: UUID | None = None,
    said: str = "",
    by: UUID | None = None,
) -> None:
    """Add to the month's history, once per key. `said` is free text and is sealed."""
    sealed = (await session.key()).seal(SAID, said.encode()) if said else None
    await session.execute(
        _NOTE,
        session.tenant_id,
        month["id"],
        patient_month_id,
        key,
        str(event),
        month["revision"],
        json.dumps(detail or {}, default=str),
        sealed,
        by,
        session.actor.name,
    )
