"""Which page shows what notes, work items and notifications are about."""

from uuid import UUID

_PLACES = {
    "appeal": "/appeals/{}",
    "approval": "/approvals/{}",
    "audit": "/quality/{}",
    "batch": "/batches/{}",
    "care_enrolment": "/care/{}",
    "care_move": "/care/assignment/moves/{}",
    "care_month": "/care/months/{}",
    "care_patient_month": "/care/months/patients/{}",
    "claim": "/claims/{}",
    "client": "/clients/{}",
    "connection": "/connections/{}",
    "deposit": "/deposits/{}",
    "enrolment": "/enrolments/{}",
    "file": "/files/{}",
    "float_assignment": "/team/float/assignments/{}",
    "float_proposal": "/team/float/proposals/{}",
    "patient": "/patients/{}",
    "payer": "/payers/{}",
    "reassignment": "/team/reassign/{}",
    "remittance": "/remittances/{}",
    "provider_balance": "/provider-balances/{}",
    "remittance_claim": "/unmatched/{}",
    "remittance_lines": "/remittance-lines/{}",
    "time_sheet": "/care/timesheets/{}",
}


def place_of(subject_type: str, subject_id: UUID | None) -> str:
    """The page of what an item is about; empty when it has none of its own."""
    pattern = _PLACES.get(subject_type, "")
    return pattern.format(subject_id) if pattern and subject_id else ""
