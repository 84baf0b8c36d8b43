"""What a kind of work is: its name, who may take it, by when, and how it can be decided."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """Why something waits for a person. Values are stored: never rename one."""

    HOLD = "hold"
    REJECTION = "rejection"
    DENIAL = "denial"
    UNMATCHED = "unmatched"
    QUARANTINE = "quarantine"
    SILENCE = "silence"
    FILING = "filing"
    FILE = "file"
    INCIDENT = "incident"
    MATCH = "match"
    PROVIDER_LEVEL = "provider_level"
    APPEAL = "appeal"
    NEXT_PAYER = "next_payer"
    EARLIER_PAYER = "earlier_payer"
    DEPOSIT = "deposit"
    MISSING_MONEY = "missing_money"
    ENROLMENT = "enrolment"
    CONNECTION = "connection"
    AUDIT = "audit"
    AUDIT_ACKNOWLEDGEMENT = "audit_acknowledgement"
    AUDIT_DISPUTE = "audit_dispute"
    CARE_ENROLMENT = "care_enrolment"
    CARE_EXCEPTION = "care_exception"
    CARE_TASK = "care_task"
    CARE_RISK = "care_risk"
    CARE_PLAN = "care_plan"
    APPROVAL = "approval"
    FLOAT_OFFER = "float_offer"
    FLOAT_PROPOSAL = "float_proposal"


@dataclass(frozen=True, slots=True)
class Decision:
    """One way to finish an item. `code` is stored and told to the workflow; `hint` says what happens then."""

    code: str
    label: str
    hint: str
    needs_comment: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a kind. `priority` 1 is the most urgent; `permission` is that of those who may take it."""

    label: str
    permission: str
    priority: int
    due_within: timedelta
    decisions: tuple[Decision, ...]
