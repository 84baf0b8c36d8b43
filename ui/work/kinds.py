"""How kinds of work and their subjects look and where they lead."""

from domain.work import KINDS, Kind
from domain.work_places import place_of
from ui.parts.chips import chip
from ui.parts.markup import Markup, span

__all__ = ["PRIORITIES", "kind_chip", "place_of", "priority", "words_of"]

_TONES = {
    Kind.HOLD: "warn",
    Kind.REJECTION: "bad",
    Kind.DENIAL: "bad",
    Kind.APPEAL: "info",
    Kind.UNMATCHED: "warn",
    Kind.QUARANTINE: "bad",
    Kind.SILENCE: "warn",
    Kind.FILING: "bad",
    Kind.FILE: "info",
    Kind.INCIDENT: "bad",
    Kind.MATCH: "warn",
    Kind.PROVIDER_LEVEL: "warn",
    Kind.NEXT_PAYER: "warn",
    Kind.EARLIER_PAYER: "warn",
    Kind.DEPOSIT: "warn",
    Kind.MISSING_MONEY: "warn",
    Kind.ENROLMENT: "info",
    Kind.CONNECTION: "bad",
    Kind.AUDIT: "info",
    Kind.AUDIT_ACKNOWLEDGEMENT: "info",
    Kind.AUDIT_DISPUTE: "warn",
    Kind.APPROVAL: "warn",
    Kind.CARE_ENROLMENT: "info",
    Kind.CARE_EXCEPTION: "warn",
    Kind.CARE_TASK: "info",
    Kind.CARE_RISK: "warn",
    Kind.FLOAT_OFFER: "info",
    Kind.FLOAT_PROPOSAL: "bad",
}
_WORDS = {
    "appeal": "Open the appeal",
    "approval": "See what is asked",
    "audit": "Open the audit",
    "batch": "Open the batch",
    "care_enrolment": "Open the patient in care",
    "care_month": "Open the month",
    "care_move": "Open the move",
    "care_patient_month": "Open the patient's month",
    "care_plan": "Open the patient in care",
    "claim": "Open the claim",
    "connection": "Open the connection",
    "deposit": "Open the deposit",
    "enrolment": "Open the enrolment",
    "file": "Open the file",
    "float_assignment": "Open the assignment",
    "float_proposal": "See the candidates",
    "reassignment": "Open the move",
    "remittance": "Open the remittance",
    "provider_balance": "Open the balance",
    "remittance_claim": "Match the payment",
    "remittance_lines": "Pick the lines",
    "time_sheet": "Open the time sheet",
}
PRIORITIES = {1: "first", 2: "high", 3: "usual", 4: "low", 5: "last"}


def kind_chip(kind: str) -> Markup:
    """The chip of a kind of work."""
    return chip(KINDS[Kind(kind)].label, _TONES[Kind(kind)])


def words_of(subject_type: str) -> str:
    """What the link to that page says."""
    return _WORDS.get(subject_type, "Open")


def priority(value: int) -> Markup:
    """A priority from 1 to 5."""
    return span(str(value), cls=f"priority p{value}", title=f"Priority {value}: {PRIORITIES.get(value, '')}")
