"""Institutional claims to an 837I (005010X223A2, or the version that the payer asks): at most 5,000 claims per ST."""

from collections.abc import Iterator

from domain.claims.institutional import InstitutionalClaim, InstitutionalFacts
from domain.claims.model import Payer
from domain.x12.batch_837i import Batch837I
from domain.x12.batch_837p import Encoded837
from domain.x12.claim_837i import put_institutional_claim
from domain.x12.coordination_837 import check_decisions
from domain.x12.errors import CannotEncode
from domain.x12.set_837 import Shape, check_heading, encode

LINES_PER_CLAIM = 999
# How many codes of each kind the guide has room for, by the attribute of `InstitutionalFacts`.
MOST_CODES = {
    "reasons_for_visit": 3,
    "external_causes": 12,
    "other_diagnoses": 24,
    "other_procedures": 24,
    "occurrence_spans": 24,
    "occurrences": 24,
    "values": 24,
    "conditions": 24,
}


def encode_837i(batch: Batch837I) -> Encoded837:
    """The batch as one interchange with one group. Raises CannotEncode when a claim or the batch cannot be written."""
    return encode(batch, _SHAPE)


def _version(payer: Payer) -> str:
    return payer.institutional_version


def _check_claim(claim: InstitutionalClaim) -> None:
    check_heading(claim)
    for code, title in _faults(claim.facts):
        raise CannotEncode(code, title, claim_number=claim.claim_number)
    check_decisions(claim)


def _faults(facts: InstitutionalFacts) -> Iterator[tuple[str, str]]:
    if len(facts.facility_code) != 2:
        yield "encode_bill_type", "A claim needs the first two characters of its type of bill."
    if facts.statement_from is None or facts.statement_to is None:
        yield "encode_statement", "A claim needs the first and last day of its statement."
    if not facts.patient_status:
        yield "encode_patient_status", "A claim needs the patient's discharge status."
    if facts.principal is None or not facts.principal.code:
        yield "encode_diagnoses", "A claim needs a principal diagnosis."
    if not 1 <= len(facts.lines) <= LINES_PER_CLAIM:
        yield "encode_lines", "A claim needs 1 to 999 revenue lines."
    if not all(line.revenue_code for line in facts.lines):
        yield "encode_revenue_code", "Every line needs a revenue code."
    for kind, most in MOST_CODES.items():
        if len(getattr(facts, kind)) > most:
            yield "encode_codes", f"A claim has room for at most {most} {kind.replace('_', ' ')}."


_SHAPE = Shape(
    institutional=True, version=_version, check_claim=_check_claim, put_claim=put_institutional_claim
)
