"""What was done on each line: procedure, modifiers, units and place."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.care.month import last_of_month
from domain.claims.model import Claim, ServiceLine
from domain.claims.rules.fields import lines
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.places import is_place_of_service
from domain.codes.procedures import is_modifier, is_procedure

MOST_MODIFIERS = 4
_MOST_UNITS = Decimal(99999999)
_UNUSUAL_UNITS = Decimal(999)
# HCPCS codes of CMS for "not otherwise classified": the payer needs to be told what it was.
_NOT_CLASSIFIED = frozenset(
    {"A4649", "A9999", "B9999", "E1399", "J3490", "J3590", "J7599", "J7999", "J8999", "J9999"}
)


def _procedure_malformed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.procedure" for path, line in lines(claim) if not is_procedure(line.procedure))


def _procedure_undescribed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if line.procedure in _NOT_CLASSIFIED and not line.note.strip():
            yield f"{path}.note"


def _modifier_malformed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if not all(map(is_modifier, line.modifiers)):
            yield f"{path}.modifiers"


def _modifier_repeated(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if len(set(line.modifiers)) < len(line.modifiers):
            yield f"{path}.modifiers"


def _too_many_modifiers(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.modifiers" for path, line in lines(claim) if len(line.modifiers) > MOST_MODIFIERS)


def _bilateral_with_a_side(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if "50" in line.modifiers and not {"LT", "RT"}.isdisjoint(line.modifiers):
            yield f"{path}.modifiers"


def _units_unusable(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.units" for path, line in lines(claim) if not _usable(line.units))


def _usable(units: Decimal) -> bool:
    """Finite (a comparison with NaN would raise), positive, at most eight digits and three decimals."""
    if not units.is_finite() or not 0 < units <= _MOST_UNITS:
        return False
    return units.normalize().as_tuple().exponent >= -3  # type: ignore[operator]  # finite: never 'n' or 'F'


def _units_unusual(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if _usable(line.units) and line.units > _UNUSUAL_UNITS:
            yield f"{path}.units"


def _too_many_care_add_ons(claim: Claim, context: ScrubContext) -> Iterator[str]:
    of_month: dict[tuple[date, str], list[tuple[str, ServiceLine]]] = {}
    for path, line in lines(claim):
        if _usable(line.units):
            of_month.setdefault((last_of_month(line.service_from), line.procedure), []).append((path, line))
    for (last, procedure), found in of_month.items():
        most = context.care_codes_on(last).most_units(procedure)
        if most is not None and sum((line.units for _, line in found), Decimal(0)) > most:
            yield from (f"{path}.units" for path, _ in found)


def _claim_place_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not is_place_of_service(claim.place_of_service):
        yield "place_of_service"


def _line_place_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if not is_place_of_service(line.place_of_service):
            yield f"{path}.place_of_service"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.CODING

RULES = (
    Rule(
        "CL-COD-019",
        _F,
        _E,
        "Every line has a procedure in the form of a CPT or HCPCS code.",
        "Enter the five characters of the procedure code.",
        "X222A1 2400 SV101-2; 45 CFR 162.1002",
        _procedure_malformed,
    ),
    Rule(
        "CL-COD-020",
        _F,
        _W,
        "A procedure that is not otherwise classified is described.",
        "Write what it was in the line's note: name, dose or size.",
        "X222A1 2400 SV101-7; Medicare Claims Processing Manual ch. 26 §10.4",
        _procedure_undescribed,
    ),
    Rule(
        "CL-COD-021",
        _F,
        _E,
        "A modifier is two capitals or digits.",
        "Correct the modifier: two capitals or digits.",
        "X222A1 2400 SV101-3 to SV101-6",
        _modifier_malformed,
    ),
    Rule(
        "CL-COD-022",
        _F,
        _E,
        "No modifier appears twice on a line.",
        "Remove the repeated modifier.",
        "X222A1 2400 SV101-3 to SV101-6",
        _modifier_repeated,
    ),
    Rule(
        "CL-COD-023",
        _F,
        _E,
        "A line has at most four modifiers.",
        "Keep the four modifiers that decide the payment.",
        "X222A1 2400 SV101-3 to SV101-6",
        _too_many_modifiers,
    ),
    Rule(
        "CL-COD-024",
        _F,
        _W,
        "A bilateral service (50) is not also marked left or right.",
        "Use 50 alone for both sides, or LT and RT on lines of their own.",
        "Medicare Claims Processing Manual ch. 12 §40.7",
        _bilateral_with_a_side,
    ),
    Rule(
        "CL-COD-025",
        _F,
        _E,
        "Units are more than zero, with at most eight digits and three decimals.",
        "Enter how many units were rendered.",
        "X222A1 2400 SV104",
        _units_unusable,
    ),
    Rule(
        "CL-COD-026",
        _F,
        _W,
        "More than 999 units on a line are unusual.",
        "Check the units: a dose may have been entered for the number of units.",
        "X222A1 2400 SV104; CMS Medically Unlikely Edits",
        _units_unusual,
    ),
    Rule(
        "CL-COD-027",
        _F,
        _E,
        "An add-on of care management has no more units in a month than the table of care codes allows.",
        "Bill at most as many units as the table of care codes allows for this month: two of 99439.",
        "CMS MLN909188 Chronic Care Management",
        _too_many_care_add_ons,
    ),
    Rule(
        "CL-COD-028",
        _F,
        _E,
        "The claim's place of service is a code that CMS has given out.",
        "Choose the place where the service was rendered.",
        "X222A1 2300 CLM05-1; CMS Place of Service Code Set",
        _claim_place_unknown,
    ),
    Rule(
        "CL-COD-029",
        _F,
        _E,
        "A line's place of service is a code that CMS has given out.",
        "Choose the place where this service was rendered.",
        "X222A1 2400 SV105; CMS Place of Service Code Set",
        _line_place_unknown,
    ),
)
