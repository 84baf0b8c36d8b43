"""Classes of denials: what kind of refusal it is, whether it could have been prevented, and what usually helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class DenialClass(StrEnum):
    """Why payers refuse. Values are stored and appear in addresses: never rename one."""

    REGISTRATION = "registration"
    AUTHORIZATION = "authorization"
    TIMELY_FILING = "timely_filing"
    DUPLICATE = "duplicate"
    CODING = "coding"
    MEDICAL_NECESSITY = "medical_necessity"
    MISSING_INFORMATION = "missing_information"
    COORDINATION = "coordination"
    ENROLMENT = "enrolment"
    NON_COVERED = "non_covered"
    CONTRACTUAL = "contractual"
    PATIENT = "patient"
    OTHER = "other"


class Route(StrEnum):
    """What is recommended. Values are stored: never rename one."""

    CORRECT = "correct"
    RESUBMIT = "resubmit"
    APPEAL = "appeal"
    NEXT_PAYER = "next_payer"
    WRITE_OFF = "write_off"
    BILL_PATIENT = "bill_patient"


ROUTE_WORDS: Mapping[Route, str] = {
    Route.CORRECT: "Correct (7)",
    Route.RESUBMIT: "Send again",
    Route.APPEAL: "Appeal",
    Route.NEXT_PAYER: "Bill next payer",
    Route.WRITE_OFF: "Write off",
    Route.BILL_PATIENT: "Bill patient",
}


@dataclass(frozen=True, slots=True)
class ClassRules:
    """What holds for a class until a tenant says otherwise."""

    label: str
    preventable: bool
    route: Route


CLASSES: Mapping[DenialClass, ClassRules] = {
    DenialClass.REGISTRATION: ClassRules("Registration and eligibility", True, Route.CORRECT),
    DenialClass.AUTHORIZATION: ClassRules("Authorization and referral", True, Route.APPEAL),
    DenialClass.TIMELY_FILING: ClassRules("Timely filing", True, Route.APPEAL),
    DenialClass.DUPLICATE: ClassRules("Duplicate", True, Route.WRITE_OFF),
    DenialClass.CODING: ClassRules("Coding and bundling", True, Route.CORRECT),
    DenialClass.MEDICAL_NECESSITY: ClassRules("Medical necessity", False, Route.APPEAL),
    DenialClass.MISSING_INFORMATION: ClassRules("Missing information", True, Route.CORRECT),
    DenialClass.COORDINATION: ClassRules("Coordination of benefits", True, Route.NEXT_PAYER),
    DenialClass.ENROLMENT: ClassRules("Provider enrolment", True, Route.APPEAL),
    DenialClass.NON_COVERED: ClassRules("Not covered", False, Route.APPEAL),
    DenialClass.CONTRACTUAL: ClassRules("Contract and underpayment", False, Route.APPEAL),
    DenialClass.PATIENT: ClassRules("Patient's responsibility", False, Route.BILL_PATIENT),
    DenialClass.OTHER: ClassRules("Other", False, Route.APPEAL),
}


def label_of(code: str) -> str:
    """The words of a class; an unknown one shows its own code."""
    return CLASSES[DenialClass(code)].label if code in set(DenialClass) else code
