"""Admission and discharge: when, how, from where and to where."""

from collections.abc import Iterator

from domain.claims.institutional import InstitutionalClaim
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.institutional import (
    ADMISSION_TYPES,
    ADMITTING_FACILITIES,
    INPATIENT_FACILITIES,
    NEWBORN,
    NEWBORN_ORIGINS,
    PATIENT_STATUSES,
    POINTS_OF_ORIGIN,
    STILL_PATIENT,
    is_hour,
)

_NON_PATIENT_LABORATORY = "14"


def _inpatient(claim: InstitutionalClaim) -> bool:
    return claim.facts.facility_code in INPATIENT_FACILITIES


def _admission_date_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.facility_code in ADMITTING_FACILITIES and claim.facts.admission_date is None:
        yield "facts.admission_date"


def _admitted_after_statement(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    admitted, last = claim.facts.admission_date, claim.facts.statement_to
    if admitted and last and admitted > last:
        yield "facts.admission_date"


def _hour_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for name in ("admission_hour", "discharge_hour"):
        hour = getattr(claim.facts, name)
        if hour and not is_hour(hour):
            yield f"facts.{name}"


def _admission_hour_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    facts = claim.facts
    if _inpatient(claim) and facts.admission_date is not None and not facts.admission_hour:
        yield "facts.admission_hour"


def _hour_without_date(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.admission_hour and claim.facts.admission_date is None:
        yield "facts.admission_hour"


def _discharge_hour_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    final = claim.frequency in ("1", "4") and claim.facts.patient_status != STILL_PATIENT
    if _inpatient(claim) and final and not claim.facts.discharge_hour:
        yield "facts.discharge_hour"


def _admission_type_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if _inpatient(claim) and not claim.facts.admission_type.strip():
        yield "facts.admission_type"


def _admission_type_unknown(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    given = claim.facts.admission_type.strip()
    if given and given not in ADMISSION_TYPES:
        yield "facts.admission_type"


def _origin_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    facts = claim.facts
    if facts.facility_code != _NON_PATIENT_LABORATORY and not facts.admission_source.strip():
        yield "facts.admission_source"


def _origin_unknown(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    given = claim.facts.admission_source.strip()
    if given and given not in POINTS_OF_ORIGIN:
        yield "facts.admission_source"


def _newborn_origin(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    facts = claim.facts
    if facts.admission_type == NEWBORN and facts.admission_source not in NEWBORN_ORIGINS:
        yield "facts.admission_source"


def _status_unknown(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.patient_status not in PATIENT_STATUSES:
        yield "facts.patient_status"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.INSTITUTIONAL

RULES: tuple[Rule[InstitutionalClaim], ...] = (
    Rule(
        "CL-INS-012",
        _F,
        _E,
        "A claim of an inpatient, home health or hospice bill type has the day of admission or start of care.",
        "Enter the day of admission or start of care.",
        "X223A2 2300 DTP*435; X12 RFI 1479, 1520; Medicare Claims Processing Manual ch. 25 §75.1 (FL 12)",
        _admission_date_missing,
    ),
    Rule(
        "CL-INS-013",
        _F,
        _E,
        "The admission is not later than the last day of the statement.",
        "Correct the day of admission or the statement.",
        "X223A2 2300 DTP*434, DTP*435",
        _admitted_after_statement,
    ),
    Rule(
        "CL-INS-014",
        _F,
        _E,
        "The hours of admission and discharge are times of day.",
        "Enter the hour with four digits, such as 1430.",
        "X223A2 2300 DTP*096, DTP*435",
        _hour_malformed,
    ),
    Rule(
        "CL-INS-015",
        _F,
        _W,
        "An inpatient claim has the hour of admission.",
        "Enter the hour of admission.",
        "X223A2 2300 DTP*435; X12 RFI 1520",
        _admission_hour_missing,
    ),
    Rule(
        "CL-INS-016",
        _F,
        _E,
        "An hour of admission comes with its day.",
        "Enter the day of admission, or remove the hour.",
        "X223A2 2300 DTP*435",
        _hour_without_date,
    ),
    Rule(
        "CL-INS-017",
        _F,
        _W,
        "A final inpatient claim has the hour of discharge.",
        "Enter the hour of discharge.",
        "X223A2 2300 DTP*096",
        _discharge_hour_missing,
    ),
    Rule(
        "CL-INS-018",
        _F,
        _E,
        "An inpatient claim has the type of admission.",
        "Choose the type of admission.",
        "X223A2 2300 CL101; Medicare Claims Processing Manual ch. 25 §75.1 (FL 14)",
        _admission_type_missing,
    ),
    Rule(
        "CL-INS-019",
        _F,
        _E,
        "The type of admission is a code in use.",
        "Choose emergency, urgent, elective, newborn, trauma or not available.",
        "X223A2 2300 CL101; Medicare Claims Processing Manual ch. 25 §75.1 (FL 14)",
        _admission_type_unknown,
    ),
    Rule(
        "CL-INS-020",
        _F,
        _E,
        "Every claim but that of a laboratory for non-patients has the point of origin.",
        "Choose where the patient came from.",
        "X223A2 2300 CL102; Medicare Claims Processing Manual ch. 25 §75.1 (FL 15)",
        _origin_missing,
    ),
    Rule(
        "CL-INS-021",
        _F,
        _E,
        "The point of origin is a code in use.",
        "Choose where the patient came from; codes that have ended cannot be sent.",
        "X223A2 2300 CL102; Medicare Claims Processing Manual ch. 25 §75.1 (FL 15)",
        _origin_unknown,
    ),
    Rule(
        "CL-INS-022",
        _F,
        _E,
        "A newborn was born inside or outside this hospital.",
        "Choose point of origin 5 or 6, or correct the type of admission.",
        "Medicare Claims Processing Manual ch. 25 §75.1 (FL 14, FL 15)",
        _newborn_origin,
    ),
    Rule(
        "CL-INS-023",
        _F,
        _E,
        "The patient's discharge status is a code in use.",
        "Choose where the patient was at the end of the statement.",
        "X223A2 2300 CL103; Medicare Claims Processing Manual ch. 25 §75.2 (FL 17)",
        _status_unknown,
    ),
)
