"""Charges: positive, within the elements' room, and summing to the claim's total."""

from collections.abc import Iterator

from domain.claims.model import Claim
from domain.claims.rules.fields import lines
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.procedures import is_category_two

# HIPAA transactions limit a money element to ten characters without the point: 99,999,999.99.
MOST_CENTS = 99_999_999_99
_UNUSUAL_LINE_CENTS = 100_000_00


def _charge_negative(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.charge_cents" for path, line in lines(claim) if line.charge_cents < 0)


def _charge_zero(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if line.charge_cents == 0 and not is_category_two(line.procedure):
            yield f"{path}.charge_cents"


def _charge_too_large(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.charge_cents" for path, line in lines(claim) if line.charge_cents > MOST_CENTS)


def _charge_unusual(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if _UNUSUAL_LINE_CENTS < line.charge_cents <= MOST_CENTS:
            yield f"{path}.charge_cents"


def _total_differs(claim: Claim, context: ScrubContext) -> Iterator[str]:
    """Cannot happen to a claim of the model; guards claims whose total was read from elsewhere."""
    if claim.charge_cents != sum(line.charge_cents for _, line in lines(claim)):
        yield "charge_cents"


def _total_too_large(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.charge_cents > MOST_CENTS:
        yield "charge_cents"


def _total_nothing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.lines and claim.charge_cents <= 0:
        yield "charge_cents"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.MONEY

RULES = (
    Rule(
        "CL-MON-001",
        _F,
        _E,
        "No charge is negative.",
        "Enter the charge as a positive amount.",
        "X222A1 2400 SV102",
        _charge_negative,
    ),
    Rule(
        "CL-MON-002",
        _F,
        _E,
        "A service is charged, unless it only reports performance (category II).",
        "Enter the charge of the service.",
        "X222A1 2400 SV102",
        _charge_zero,
    ),
    Rule(
        "CL-MON-003",
        _F,
        _E,
        "A line's charge is at most 99,999,999.99.",
        "Check the charge: the element has no room for it.",
        "X222A1 2400 SV102 (ten characters, B.1.1.3.1.2)",
        _charge_too_large,
    ),
    Rule(
        "CL-MON-004",
        _F,
        _W,
        "A line's charge above 100,000.00 is unusual.",
        "Check the charge: the decimal point may have slipped.",
        "X222A1 2400 SV102",
        _charge_unusual,
    ),
    Rule(
        "CL-MON-005",
        _F,
        _E,
        "The claim's charge is the exact sum of its lines.",
        "Compute the total anew from the lines.",
        "X222A1 2300 CLM02",
        _total_differs,
    ),
    Rule(
        "CL-MON-006",
        _F,
        _E,
        "The claim's charge is at most 99,999,999.99.",
        "Split the claim: the element has no room for its total.",
        "X222A1 2300 CLM02 (ten characters, B.1.1.3.1.2)",
        _total_too_large,
    ),
    Rule(
        "CL-MON-007",
        _F,
        _W,
        "A claim asks for money.",
        "Check the charges: the whole claim asks for nothing.",
        "X222A1 2300 CLM02",
        _total_nothing,
    ),
)
