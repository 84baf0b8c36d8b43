"""Diagnoses of an institutional claim: principal, admitting, reasons for the visit, external causes, POA, DRG."""

from collections.abc import Iterator

from domain.claims.institutional import InstitutionalClaim, InstitutionalDiagnosis
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes import icd10cm
from domain.codes.institutional import (
    ACUTE_INPATIENT,
    INPATIENT_FACILITIES,
    PRESENT_ON_ADMISSION,
    is_drg,
    is_unscheduled,
)

MOST_REASONS, MOST_CAUSES, MOST_OTHERS = 3, 12, 24
_ADMITTING = frozenset({"11", "12", "18", "21", "22"})
_VISITS, _UNPLANNED = frozenset({"13", "78", "85"}), frozenset("125")
# Chapters of external causes and of factors of health status: nearly all of them are exempt from POA.
_EXEMPT_CHAPTERS = ("V", "W", "X", "Y", "Z")


def present_on_admission(claim: InstitutionalClaim) -> Iterator[tuple[str, InstitutionalDiagnosis]]:
    """Each diagnosis that may carry POA, with its path."""
    facts = claim.facts
    if facts.principal is not None:
        yield "facts.principal", facts.principal
    for kind in ("external_causes", "other_diagnoses"):
        for position, one in enumerate(getattr(facts, kind), 1):
            yield f"facts.{kind}.{position}", one


def _inpatient(claim: InstitutionalClaim) -> bool:
    return claim.facts.facility_code in INPATIENT_FACILITIES


def _principal_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.principal is None or not claim.facts.principal.code.strip():
        yield "facts.principal"


def _indicator_unknown(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for path, one in present_on_admission(claim):
        if one.present_on_admission and one.present_on_admission not in PRESENT_ON_ADMISSION:
            yield f"{path}.present_on_admission"


def _indicator_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.facility_code != ACUTE_INPATIENT:
        return
    for path, one in present_on_admission(claim):
        exempt = icd10cm.plain(one.code).startswith(_EXEMPT_CHAPTERS)
        if one.code and not exempt and not one.present_on_admission:
            yield f"{path}.present_on_admission"


def _indicator_of_an_outpatient(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.facility_code and not _inpatient(claim):
        for path, one in present_on_admission(claim):
            if one.present_on_admission:
                yield f"{path}.present_on_admission"


def _admitting_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.facility_code in _ADMITTING and not claim.facts.admitting.strip():
        yield "facts.admitting"


def _code_unusable(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    """Principal and other diagnoses are judged by the rules that all claims share."""
    facts = claim.facts
    if facts.admitting and not _usable(facts.admitting):
        yield "facts.admitting"
    for position, code in enumerate(facts.reasons_for_visit, 1):
        if not _usable(code):
            yield f"facts.reasons_for_visit.{position}"
    for position, one in enumerate(facts.external_causes, 1):
        if not _usable(one.code):
            yield f"facts.external_causes.{position}.code"


def _usable(code: str) -> bool:
    return code == icd10cm.plain(code) and icd10cm.is_billable(code)


def _reason_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    facts = claim.facts
    unplanned = facts.facility_code in _VISITS and facts.admission_type in _UNPLANNED
    came_by_itself = any(is_unscheduled(line.revenue_code) for line in facts.lines)
    if unplanned and came_by_itself and facts.admission_type and not facts.reasons_for_visit:
        yield "facts.reasons_for_visit"


def _reason_of_an_inpatient(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if _inpatient(claim) and claim.facts.reasons_for_visit:
        yield "facts.reasons_for_visit"


def _cause_elsewhere(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for position, one in enumerate(claim.facts.external_causes, 1):
        if icd10cm.plain(one.code)[:1] not in ("V", "W", "X", "Y"):
            yield f"facts.external_causes.{position}.code"


def _too_many(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    room = (
        ("reasons_for_visit", MOST_REASONS),
        ("external_causes", MOST_CAUSES),
        ("other_diagnoses", MOST_OTHERS),
    )
    return (f"facts.{kind}" for kind, most in room if len(getattr(claim.facts, kind)) > most)


def _drg_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.drg and not is_drg(claim.facts.drg):
        yield "facts.drg"


def _drg_of_an_outpatient(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.drg and not _inpatient(claim):
        yield "facts.drg"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.INSTITUTIONAL

RULES: tuple[Rule[InstitutionalClaim], ...] = (
    Rule(
        "CL-INS-024",
        _F,
        _E,
        "An institutional claim has a principal diagnosis.",
        "Enter the diagnosis that is chiefly responsible for the care.",
        "X223A2 2300 HI (ABK); Medicare Claims Processing Manual ch. 25 §75.6 (FL 67)",
        _principal_missing,
    ),
    Rule(
        "CL-INS-025",
        _F,
        _E,
        "A present-on-admission indicator is Y, N, U or W, or left out.",
        "Choose Y, N, U or W, or leave it out for an exempt diagnosis.",
        "X223A2 2300 HI C022-09",
        _indicator_unknown,
    ),
    Rule(
        "CL-INS-026",
        _F,
        _W,
        "Every diagnosis of an acute inpatient stay that is not exempt says whether it was present on admission.",
        "Choose whether it was present; exempt hospitals and diagnoses leave it out.",
        "Deficit Reduction Act of 2005 §5001(c); X223A2 2300 HI C022-09",
        _indicator_missing,
    ),
    Rule(
        "CL-INS-027",
        _F,
        _W,
        "Only inpatient claims say what was present on admission.",
        "Remove the indicator from this outpatient claim.",
        "X223A2 2300 HI C022-09",
        _indicator_of_an_outpatient,
    ),
    Rule(
        "CL-INS-028",
        _F,
        _E,
        "An inpatient claim has an admitting diagnosis.",
        "Enter the diagnosis for which the patient was admitted.",
        "X223A2 2300 HI (ABJ); X12 RFI 1479; Medicare Claims Processing Manual ch. 25 §75.6 (FL 69)",
        _admitting_missing,
    ),
    Rule(
        "CL-INS-029",
        _F,
        _E,
        "Admitting diagnosis, reasons for the visit and external causes are complete ICD-10-CM codes without a point.",
        "Choose a complete code; search by its words.",
        "X223A2 2300 HI (ABJ, APR, ABN); 45 CFR 162.1002",
        _code_unusable,
    ),
    Rule(
        "CL-INS-030",
        _F,
        _E,
        "An unscheduled outpatient visit says why the patient came.",
        "Enter up to three reasons for the visit, as the patient told them.",
        "X223A2 2300 HI (APR); Medicare Claims Processing Manual ch. 25 §75.6 (FL 70)",
        _reason_missing,
    ),
    Rule(
        "CL-INS-031",
        _F,
        _W,
        "Only outpatient claims have reasons for the visit.",
        "Remove the reasons for the visit: the admitting diagnosis says it.",
        "X223A2 2300 HI (APR)",
        _reason_of_an_inpatient,
    ),
    Rule(
        "CL-INS-032",
        _F,
        _E,
        "An external cause is a code that begins with V, W, X or Y.",
        "Move this code to the other diagnoses, or choose an external cause.",
        "ICD-10-CM Official Guidelines I.C.20",
        _cause_elsewhere,
    ),
    Rule(
        "CL-INS-033",
        _F,
        _E,
        "There are at most 3 reasons for the visit, 12 external causes and 24 other diagnoses.",
        "Keep the codes that matter most.",
        "X223A2 2300 HI (APR, ABN, ABF)",
        _too_many,
    ),
    Rule(
        "CL-INS-034",
        _F,
        _E,
        "A DRG has three digits, or four with its severity.",
        "Enter the digits of the DRG.",
        "X223A2 2300 HI (DR)",
        _drg_malformed,
    ),
    Rule(
        "CL-INS-035",
        _F,
        _W,
        "Only inpatient claims have a DRG.",
        "Remove the DRG from this outpatient claim.",
        "X223A2 2300 HI (DR)",
        _drg_of_an_outpatient,
    ),
)
