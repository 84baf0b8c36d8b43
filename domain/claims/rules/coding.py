"""Diagnoses and the pointers from the service lines to them."""

from collections.abc import Iterator

from domain.claims.model import Claim
from domain.claims.rules.fields import diagnoses, lines, service_dates
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes import icd10cm

MOST_DIAGNOSES = 12
MOST_POINTERS = 4
MOST_LINES = 50


def _no_diagnosis(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.diagnoses:
        yield "diagnoses"


def _too_many_diagnoses(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if len(claim.diagnoses) > MOST_DIAGNOSES:
        yield "diagnoses"


def _diagnosis_not_plain(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (path for path, code in diagnoses(claim) if code != icd10cm.plain(code))


def _diagnosis_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (path for path, code in diagnoses(claim) if not icd10cm.is_valid(code))


def _diagnosis_incomplete(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, code in diagnoses(claim):
        if icd10cm.is_valid(code) and not icd10cm.is_billable(code):
            yield path


def _diagnosis_not_in_force(claim: Claim, context: ScrubContext) -> Iterator[str]:
    first = min(service_dates(claim), default=context.today)
    for path, code in diagnoses(claim):
        if icd10cm.is_billable(code) and not icd10cm.is_billable(code, first):
            yield path


def _diagnosis_repeated(claim: Claim, context: ScrubContext) -> Iterator[str]:
    seen: set[str] = set()
    for path, code in diagnoses(claim):
        bare = icd10cm.plain(code)
        if bare in seen:
            yield path
        seen.add(bare)


def _external_cause_first(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.diagnoses and icd10cm.plain(claim.diagnoses[0])[:1] in ("V", "W", "X", "Y"):
        yield "diagnoses.1"


def _pregnancy_of_a_man(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.patient.sex == "M":
        yield from (path for path, code in diagnoses(claim) if icd10cm.plain(code).startswith("O"))


def _diagnosis_pointed_to_by_no_line(claim: Claim, context: ScrubContext) -> Iterator[str]:
    used = {pointer for line in claim.lines for pointer in line.pointers}
    if claim.lines:
        yield from (f"diagnoses.{place}" for place in range(1, len(claim.diagnoses) + 1) if place not in used)


def _no_pointer(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.pointers" for path, line in lines(claim) if not line.pointers)


def _too_many_pointers(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.pointers" for path, line in lines(claim) if len(line.pointers) > MOST_POINTERS)


def _pointer_past_l(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if any(not 1 <= pointer <= MOST_DIAGNOSES for pointer in line.pointers):
            yield f"{path}.pointers"


def _pointer_to_nothing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if any(len(claim.diagnoses) < pointer <= MOST_DIAGNOSES for pointer in line.pointers):
            yield f"{path}.pointers"


def _pointer_repeated(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if len(set(line.pointers)) < len(line.pointers):
            yield f"{path}.pointers"


def _no_lines(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.lines:
        yield "lines"


def _too_many_lines(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if len(claim.lines) > MOST_LINES:
        yield "lines"


def _lines_misnumbered(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for position, line in enumerate(claim.lines, 1):
        if line.number != position:
            yield f"lines.{position}.number"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.CODING

RULES = (
    Rule(
        "CL-COD-001",
        _F,
        _E,
        "A claim has at least one diagnosis.",
        "Enter the diagnosis that is the chief reason for the service.",
        "X222A1 2300 HI (ABK)",
        _no_diagnosis,
    ),
    Rule(
        "CL-COD-002",
        _F,
        _E,
        "A claim has at most 12 diagnoses.",
        "Keep the 12 diagnoses that the services need, or split the claim.",
        "X222A1 2300 HI",
        _too_many_diagnoses,
    ),
    Rule(
        "CL-COD-003",
        _F,
        _E,
        "A diagnosis is written in capitals without a decimal point.",
        "Remove the decimal point and spaces, and use capitals.",
        "X222A1 2300 HI01-2",
        _diagnosis_not_plain,
    ),
    Rule(
        "CL-COD-004",
        _F,
        _E,
        "A diagnosis is an ICD-10-CM code.",
        "Choose an existing code; search by its words.",
        "ICD-10-CM tabular list; 45 CFR 162.1002",
        _diagnosis_unknown,
    ),
    Rule(
        "CL-COD-005",
        _F,
        _E,
        "A diagnosis is coded to its last character.",
        "Choose a complete code below this heading.",
        "ICD-10-CM Official Guidelines I.B.2",
        _diagnosis_incomplete,
    ),
    Rule(
        "CL-COD-006",
        _F,
        _E,
        "A diagnosis code was in force on the first service date.",
        "Choose a code that was in force on the service date, or check that date.",
        "ICD-10-CM effective dates; 45 CFR 162.1002",
        _diagnosis_not_in_force,
    ),
    Rule(
        "CL-COD-007",
        _F,
        _E,
        "No diagnosis appears twice.",
        "Remove the repeated diagnosis and point the lines to the one that stays.",
        "ICD-10-CM Official Guidelines I.B.8",
        _diagnosis_repeated,
    ),
    Rule(
        "CL-COD-008",
        _F,
        _E,
        "An external cause (V, W, X, Y) is never the first diagnosis.",
        "Put the injury or condition first and the external cause after it.",
        "ICD-10-CM Official Guidelines I.C.20.a",
        _external_cause_first,
    ),
    Rule(
        "CL-COD-009",
        _F,
        _W,
        "Codes of pregnancy and childbirth stand on a mother's claim only.",
        "Check the patient's sex and the diagnosis.",
        "ICD-10-CM Official Guidelines I.C.15.a",
        _pregnancy_of_a_man,
    ),
    Rule(
        "CL-COD-010",
        _F,
        _W,
        "Every diagnosis is pointed to by a line.",
        "Point a line to this diagnosis, or remove it if it did not affect the care.",
        "ICD-10-CM Official Guidelines IV.J; X222A1 2400 SV107",
        _diagnosis_pointed_to_by_no_line,
    ),
    Rule(
        "CL-COD-011",
        _F,
        _E,
        "Every line points to at least one diagnosis.",
        "Choose the diagnosis that this service was for.",
        "X222A1 2400 SV107-1",
        _no_pointer,
    ),
    Rule(
        "CL-COD-012",
        _F,
        _E,
        "A line points to at most four diagnoses.",
        "Keep the four diagnoses that matter most for this service.",
        "X222A1 2400 SV107",
        _too_many_pointers,
    ),
    Rule(
        "CL-COD-013",
        _F,
        _E,
        "Pointers are A to L (1 to 12).",
        "Choose pointers from A to L.",
        "X222A1 2400 SV107; CMS-1500 item 24E",
        _pointer_past_l,
    ),
    Rule(
        "CL-COD-014",
        _F,
        _E,
        "Every pointer leads to a diagnosis of the claim.",
        "Choose among the diagnoses entered, or enter the one that is missing.",
        "X222A1 2400 SV107",
        _pointer_to_nothing,
    ),
    Rule(
        "CL-COD-015",
        _F,
        _E,
        "A line points to a diagnosis only once.",
        "Remove the repeated pointer.",
        "X222A1 2400 SV107",
        _pointer_repeated,
    ),
    Rule(
        "CL-COD-016",
        _F,
        _E,
        "A claim has at least one service line.",
        "Enter the service that was rendered.",
        "X222A1 2400 LX",
        _no_lines,
    ),
    Rule(
        "CL-COD-017",
        _F,
        _E,
        "A professional claim has at most 50 lines.",
        "Split the claim: 50 lines are the most.",
        "X222A1 2400 LX",
        _too_many_lines,
    ),
    Rule(
        "CL-COD-018",
        _F,
        _E,
        "Lines are numbered 1, 2, 3 and so on.",
        "Number the lines from 1 without a gap.",
        "X222A1 2400 LX01",
        _lines_misnumbered,
    ),
)
