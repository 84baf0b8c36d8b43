"""Revenue lines: what was charged, when, with which procedure."""

from collections.abc import Iterator
from decimal import Decimal

from domain.claims.institutional import InstitutionalClaim, RevenueLine
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.institutional import (
    ACUTE_INPATIENT,
    HIPPS_REVENUE_CODES,
    INPATIENT_FACILITIES,
    TOTAL_LINE,
    asks_procedure,
    is_accommodation,
    is_hipps,
    is_revenue_code,
)
from domain.codes.procedures import is_procedure

MOST_LINES = 999
_UNITS = frozenset({"UN", "DA"})
_SKILLED_NURSING = "21"
# Modifiers that tell the payer that a repetition is meant.
_MEANT = frozenset({"59", "76", "77", "91", "XE", "XP", "XS", "XU"})


def _lines(claim: InstitutionalClaim) -> Iterator[tuple[str, RevenueLine]]:
    return ((f"facts.lines.{position}", line) for position, line in enumerate(claim.facts.lines, 1))


def _inpatient(claim: InstitutionalClaim) -> bool:
    return claim.facts.facility_code in INPATIENT_FACILITIES


def _too_many_lines(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if len(claim.facts.lines) > MOST_LINES:
        yield "facts.lines"


def _revenue_code_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.revenue_code" for path, line in _lines(claim) if not is_revenue_code(line.revenue_code))


def _total_line(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.revenue_code" for path, line in _lines(claim) if line.revenue_code == TOTAL_LINE)


def _no_accommodation(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    stays = claim.facts.facility_code in (ACUTE_INPATIENT, _SKILLED_NURSING) and claim.facts.lines
    if stays and not any(is_accommodation(line.revenue_code) for line in claim.facts.lines):
        yield "facts.lines"


def _accommodation_of_an_outpatient(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.facility_code in ("13", "14", "85"):
        for path, line in _lines(claim):
            if is_accommodation(line.revenue_code):
                yield f"{path}.revenue_code"


def _accommodation_not_in_days(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for path, line in _lines(claim):
        if is_accommodation(line.revenue_code) and line.unit != "DA":
            yield f"{path}.unit"


def _unit_unknown(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.unit" for path, line in _lines(claim) if line.unit not in _UNITS)


def _units_unusable(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.units" for path, line in _lines(claim) if not _usable(line.units))


def _usable(units: Decimal) -> bool:
    """Finite (a comparison with NaN would raise), positive, at most eight digits and three decimals."""
    if not units.is_finite() or not 0 < units <= 99_999_999:
        return False
    return units.normalize().as_tuple().exponent >= -3  # type: ignore[operator]  # finite: never 'n' or 'F'


def _procedure_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if not _inpatient(claim):
        for path, line in _lines(claim):
            if asks_procedure(line.revenue_code) and not line.procedure.strip():
                yield f"{path}.procedure"


def _procedure_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for path, line in _lines(claim):
        if (
            line.procedure
            and line.revenue_code not in HIPPS_REVENUE_CODES
            and not is_procedure(line.procedure)
        ):
            yield f"{path}.procedure"


def _rate_code_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for path, line in _lines(claim):
        if line.revenue_code in HIPPS_REVENUE_CODES and not is_hipps(line.procedure):
            yield f"{path}.procedure"


def _modifier_alone(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.modifiers" for path, line in _lines(claim) if line.modifiers and not line.procedure)


def _date_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if not _inpatient(claim):
        for path, line in _lines(claim):
            if line.procedure and line.service_from is None:
                yield f"{path}.service_from"


def _outside_statement(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    first, last = claim.facts.statement_from, claim.facts.statement_to
    for path, line in _lines(claim):
        if line.service_from and first and line.service_from < first:
            yield f"{path}.service_from"
        latest = line.service_to or line.service_from
        if latest and last and latest > last:
            yield f"{path}.service_to"


def _ends_before_it_begins(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for path, line in _lines(claim):
        if line.service_from and line.service_to and line.service_to < line.service_from:
            yield f"{path}.service_to"


def _charge_nothing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for path, line in _lines(claim):
        if line.charge_cents == 0 and line.revenue_code not in HIPPS_REVENUE_CODES:
            yield f"{path}.charge_cents"


def _non_covered_too_much(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for path, line in _lines(claim):
        if not 0 <= line.non_covered_cents <= max(line.charge_cents, 0):
            yield f"{path}.non_covered_cents"


def _line_repeated(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    seen: set[tuple[object, ...]] = set()
    for path, line in _lines(claim):
        key = (line.revenue_code, line.procedure, line.service_from, frozenset(line.modifiers))
        if key in seen and line.procedure and _MEANT.isdisjoint(line.modifiers):
            yield f"{path}.procedure"
        seen.add(key)


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.INSTITUTIONAL

RULES: tuple[Rule[InstitutionalClaim], ...] = (
    Rule(
        "CL-INS-051",
        _F,
        _E,
        "An institutional claim has at most 999 lines.",
        "Sum the lines of one revenue code, or split the claim.",
        "X223A2 2400 LX",
        _too_many_lines,
    ),
    Rule(
        "CL-INS-052",
        _F,
        _E,
        "A revenue code has four digits.",
        "Enter the four digits of the revenue code.",
        "X223A2 2400 SV201; Medicare Claims Processing Manual ch. 25 §75.4 (FL 42)",
        _revenue_code_malformed,
    ),
    Rule(
        "CL-INS-053",
        _F,
        _E,
        "The total is no line of its own.",
        "Remove the line with revenue code 0001: the claim's charge says it.",
        "X223A2 2300 CLM02, 2400 SV201",
        _total_line,
    ),
    Rule(
        "CL-INS-054",
        _F,
        _W,
        "A stay in a hospital or nursing facility charges its room.",
        "Add the line for room and board, 010x to 021x.",
        "Medicare Claims Processing Manual ch. 25 §75.4 (FL 42)",
        _no_accommodation,
    ),
    Rule(
        "CL-INS-055",
        _F,
        _W,
        "A hospital outpatient claim charges no room.",
        "Bill the stay as inpatient, or use an outpatient revenue code.",
        "Medicare Claims Processing Manual ch. 25 §75.4 (FL 42)",
        _accommodation_of_an_outpatient,
    ),
    Rule(
        "CL-INS-056",
        _F,
        _W,
        "Room and board is counted in days.",
        "Count the room in days (DA).",
        "X223A2 2400 SV204",
        _accommodation_not_in_days,
    ),
    Rule(
        "CL-INS-057",
        _F,
        _E,
        "The units of a line are days or units.",
        "Choose days (DA) or units (UN).",
        "X223A2 2400 SV204",
        _unit_unknown,
    ),
    Rule(
        "CL-INS-058",
        _F,
        _E,
        "Units are more than zero, with at most eight digits and three decimals.",
        "Enter how many units were rendered.",
        "X223A2 2400 SV205; Medicare Claims Processing Manual ch. 25 §75.5 (FL 46)",
        _units_unusable,
    ),
    Rule(
        "CL-INS-059",
        _F,
        _E,
        "An outpatient line of laboratory, imaging, therapy, emergency room, clinic or coded drugs names its HCPCS code.",
        "Enter the HCPCS code of the service.",
        "X223A2 2400 SV202; 42 CFR 419.2; Medicare Claims Processing Manual ch. 25 §75.5 (FL 44)",
        _procedure_missing,
    ),
    Rule(
        "CL-INS-060",
        _F,
        _E,
        "A procedure has the form of a CPT or HCPCS code.",
        "Enter the five characters of the procedure code.",
        "X223A2 2400 SV202-2; 45 CFR 162.1002",
        _procedure_malformed,
    ),
    Rule(
        "CL-INS-061",
        _F,
        _E,
        "Revenue codes 0022, 0023 and 0024 name their HIPPS rate code.",
        "Enter the five characters of the HIPPS code.",
        "X223A2 2400 SV202 (HP); Medicare Claims Processing Manual ch. 25 §75.5 (FL 44)",
        _rate_code_missing,
    ),
    Rule(
        "CL-INS-062",
        _F,
        _E,
        "Modifiers come with a procedure.",
        "Enter the procedure, or remove the modifiers.",
        "X223A2 2400 SV202-3",
        _modifier_alone,
    ),
    Rule(
        "CL-INS-063",
        _F,
        _E,
        "An outpatient line with a procedure has its day of service.",
        "Enter the day of the service.",
        "X223A2 2400 DTP*472; Medicare Claims Processing Manual ch. 25 §75.5 (FL 45)",
        _date_missing,
    ),
    Rule(
        "CL-INS-064",
        _F,
        _E,
        "Every line lies within the days of the statement.",
        "Correct the day of the service or the statement.",
        "X223A2 2300 DTP*434, 2400 DTP*472; Medicare Claims Processing Manual ch. 25 §75.5 (FL 45)",
        _outside_statement,
    ),
    Rule(
        "CL-INS-065",
        _F,
        _E,
        "A line does not end before it begins.",
        "Correct the first or the last day of the line.",
        "X223A2 2400 DTP*472",
        _ends_before_it_begins,
    ),
    Rule(
        "CL-INS-066",
        _F,
        _W,
        "A line is charged, unless it carries a rate code.",
        "Enter the charge of the line.",
        "X223A2 2400 SV203; Medicare Claims Processing Manual ch. 25 §75.5 (FL 47)",
        _charge_nothing,
    ),
    Rule(
        "CL-INS-067",
        _F,
        _E,
        "What is not covered is at most the charge of the line.",
        "Correct the non-covered charge.",
        "X223A2 2400 SV207; Medicare Claims Processing Manual ch. 25 §75.5 (FL 48)",
        _non_covered_too_much,
    ),
    Rule(
        "CL-INS-068",
        _F,
        _W,
        "No procedure is charged twice on a day under one revenue code.",
        "Remove the repeated line, add the units together, or tell by a modifier that it is meant.",
        "Medicare Claims Processing Manual ch. 1 §120; NCCI Policy Manual ch. I",
        _line_repeated,
    ),
)
