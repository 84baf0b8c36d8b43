"""Inpatient procedures and the value, occurrence, span and condition codes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from domain.claims.institutional import InpatientProcedure, InstitutionalClaim
from domain.claims.medicare_secondary import needs_type
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.institutional import INPATIENT_FACILITIES, is_inpatient_procedure, is_span_code, is_ub_code

MOST_CODES = 24
_MOST_VALUE = Decimal("99999999.99")
_KINDS = ("other_procedures", "occurrence_spans", "occurrences", "values", "conditions")


def _procedures(claim: InstitutionalClaim) -> Iterator[tuple[str, InpatientProcedure]]:
    if claim.facts.principal_procedure is not None:
        yield "facts.principal_procedure", claim.facts.principal_procedure
    for position, one in enumerate(claim.facts.other_procedures, 1):
        yield f"facts.other_procedures.{position}", one


def _procedure_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.code" for path, one in _procedures(claim) if not is_inpatient_procedure(one.code))


def _procedure_of_an_outpatient(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.facility_code not in INPATIENT_FACILITIES:
        yield from (path for path, _ in _procedures(claim))


def _procedure_after_statement(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    last = claim.facts.statement_to
    if last is not None:
        yield from (f"{path}.performed" for path, one in _procedures(claim) if one.performed > last)


def _other_without_principal(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.other_procedures and claim.facts.principal_procedure is None:
        yield "facts.principal_procedure"


def _value_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return _malformed("values", (one.code for one in claim.facts.values))


def _value_unusable(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for position, one in enumerate(claim.facts.values, 1):
        if not (one.amount.is_finite() and 0 <= one.amount <= _MOST_VALUE):
            yield f"facts.values.{position}.amount"


def _value_repeated(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return _repeated("values", [one.code for one in claim.facts.values])


def _occurrence_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    yield from _malformed("occurrences", (one.code for one in claim.facts.occurrences))
    yield from _malformed("occurrence_spans", (one.code for one in claim.facts.occurrence_spans))


def _occurrence_out_of_range(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for position, one in enumerate(claim.facts.occurrences, 1):
        if is_ub_code(one.code) and is_span_code(one.code):
            yield f"facts.occurrences.{position}.code"
    for position, span in enumerate(claim.facts.occurrence_spans, 1):
        if is_ub_code(span.code) and not is_span_code(span.code):
            yield f"facts.occurrence_spans.{position}.code"


def _occurrence_in_the_future(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for position, one in enumerate(claim.facts.occurrences, 1):
        if one.day > context.today:
            yield f"facts.occurrences.{position}.day"


def _span_reversed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for position, one in enumerate(claim.facts.occurrence_spans, 1):
        if one.last < one.first:
            yield f"facts.occurrence_spans.{position}.last"


def _condition_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for position, code in enumerate(claim.facts.conditions, 1):
        if not is_ub_code(code):
            yield f"facts.conditions.{position}"


def _condition_repeated(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    counts = Counter(claim.facts.conditions)
    for position, code in enumerate(claim.facts.conditions, 1):
        if counts[code] > 1:
            yield f"facts.conditions.{position}"


def _too_many(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return (f"facts.{kind}" for kind in _KINDS if len(getattr(claim.facts, kind)) > MOST_CODES)


def _primary_payment_untold(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    told = {one.code for one in claim.facts.values}
    if needs_type(claim.coverage) and claim.coverage.insurance_type not in told:
        yield "facts.values"


def _malformed(kind: str, codes: Iterable[str]) -> Iterator[str]:
    for position, code in enumerate(codes, 1):
        if not is_ub_code(code):
            yield f"facts.{kind}.{position}.code"


def _repeated(kind: str, codes: list[str]) -> Iterator[str]:
    for position, code in enumerate(codes, 1):
        if code in codes[: position - 1]:
            yield f"facts.{kind}.{position}.code"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.INSTITUTIONAL

RULES: tuple[Rule[InstitutionalClaim], ...] = (
    Rule(
        "CL-INS-036",
        _F,
        _E,
        "An inpatient procedure is written as an ICD-10-PCS code of seven signs.",
        "Enter the seven signs of the ICD-10-PCS code.",
        "X223A2 2300 HI (BBR, BBQ); 45 CFR 162.1002",
        _procedure_malformed,
    ),
    Rule(
        "CL-INS-037",
        _F,
        _W,
        "ICD-10-PCS procedures stand on inpatient claims only.",
        "Remove the procedure: an outpatient claim tells it by HCPCS on its lines.",
        "45 CFR 162.1002(c)(3)",
        _procedure_of_an_outpatient,
    ),
    Rule(
        "CL-INS-038",
        _F,
        _E,
        "No procedure is later than the statement.",
        "Correct the day of the procedure.",
        "X223A2 2300 HI (BBR, BBQ) C022-04",
        _procedure_after_statement,
    ),
    Rule(
        "CL-INS-039",
        _F,
        _E,
        "Other procedures come with a principal one.",
        "Choose the procedure that treated the principal diagnosis.",
        "X223A2 2300 HI (BBR); Medicare Claims Processing Manual ch. 25 §75.6 (FL 74)",
        _other_without_principal,
    ),
    Rule(
        "CL-INS-040",
        _F,
        _E,
        "A value code is two capitals or digits.",
        "Correct the value code.",
        "X223A2 2300 HI (BE); Medicare Claims Processing Manual ch. 25 §75.3 (FL 39-41)",
        _value_malformed,
    ),
    Rule(
        "CL-INS-041",
        _F,
        _E,
        "A value is between 0 and 99,999,999.99.",
        "Enter the amount, the days or the measurement of this code.",
        "X223A2 2300 HI (BE) C022-05",
        _value_unusable,
    ),
    Rule(
        "CL-INS-042",
        _F,
        _E,
        "No value code appears twice.",
        "Remove the repeated value code, or add the amounts together.",
        "Medicare Claims Processing Manual ch. 25 §75.3 (FL 39-41)",
        _value_repeated,
    ),
    Rule(
        "CL-INS-043",
        _F,
        _E,
        "An occurrence code is two capitals or digits.",
        "Correct the occurrence code.",
        "X223A2 2300 HI (BH, BI); Medicare Claims Processing Manual ch. 25 §75.3 (FL 31-36)",
        _occurrence_malformed,
    ),
    Rule(
        "CL-INS-044",
        _F,
        _E,
        "Codes 70 to 99 and M0 to ZZ are spans, all others are single days.",
        "Enter the code with its first and last day as a span, or with its day as an occurrence.",
        "Medicare Claims Processing Manual ch. 25 §75.3 (FL 31-36)",
        _occurrence_out_of_range,
    ),
    Rule(
        "CL-INS-045",
        _F,
        _W,
        "No occurrence lies in the future.",
        "Check the day of the occurrence.",
        "Medicare Claims Processing Manual ch. 25 §75.3 (FL 31-34)",
        _occurrence_in_the_future,
    ),
    Rule(
        "CL-INS-046",
        _F,
        _E,
        "An occurrence span does not end before it begins.",
        "Correct the first or the last day of the span.",
        "X223A2 2300 HI (BI) C022-04",
        _span_reversed,
    ),
    Rule(
        "CL-INS-047",
        _F,
        _E,
        "A condition code is two capitals or digits.",
        "Correct the condition code.",
        "X223A2 2300 HI (BG); Medicare Claims Processing Manual ch. 25 §75.2 (FL 18-28)",
        _condition_malformed,
    ),
    Rule(
        "CL-INS-048",
        _F,
        _W,
        "No condition code appears twice.",
        "Remove the repeated condition code.",
        "Medicare Claims Processing Manual ch. 25 §75.2 (FL 18-28)",
        _condition_repeated,
    ),
    Rule(
        "CL-INS-049",
        _F,
        _E,
        "There are at most 24 other procedures, spans, occurrences, values and conditions each.",
        "Keep the codes that matter most.",
        "X223A2 2300 HI (BBQ, BI, BH, BE, BG)",
        _too_many,
    ),
    Rule(
        "CL-INS-050",
        _F,
        _E,
        "A bill to Medicare after another payer tells the type and what that payer paid by a value code.",
        "Add the value code of the type of Medicare secondary payer with the payment.",
        "Medicare Secondary Payer Manual ch. 3; 42 CFR 411.32",
        _primary_payment_untold,
    ),
)
