"""What the payer needs to take the claim in: its id, the kind of plan, the kind of submission, the references."""

import re
from collections import Counter
from collections.abc import Iterator

from domain.claims.model import Claim
from domain.claims.rules.fields import lines
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.filing import CLAIM_FILING_CODES, FREQUENCIES

_PAYER_ID = re.compile(r"[A-Za-z0-9]{2,80}")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,49}")
_CONTROL_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,30}")
_VERSIONS = frozenset({"005010X222A1", "005010X222A2"})
_MEDICARE_CODES = frozenset({"MA", "MB"})


def _payer_id_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.coverage.payer.payer_id.strip():
        yield "coverage.payer.payer_id"


def _payer_id_malformed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    payer_id = claim.coverage.payer.payer_id
    if payer_id.strip() and not _PAYER_ID.fullmatch(payer_id):
        yield "coverage.payer.payer_id"


def _payer_name_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.coverage.payer.name.strip():
        yield "coverage.payer.name"


def _filing_code_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.coverage.payer.claim_filing_code not in CLAIM_FILING_CODES:
        yield "coverage.payer.claim_filing_code"


def _medicare_not_told(claim: Claim, context: ScrubContext) -> Iterator[str]:
    payer = claim.coverage.payer
    if payer.medicare != (payer.claim_filing_code in _MEDICARE_CODES):
        yield "coverage.payer.claim_filing_code"


def _version_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.coverage.payer.version not in _VERSIONS:
        yield "coverage.payer.version"


def _not_enrolled(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if context.enrolled is False:
        yield "coverage.payer"


def _frequency_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.frequency not in FREQUENCIES:
        yield "frequency"


def _control_number_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.frequency in ("7", "8") and not claim.payer_claim_control_number.strip():
        yield "payer_claim_control_number"


def _control_number_forbidden(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.frequency == "1" and claim.payer_claim_control_number.strip():
        yield "payer_claim_control_number"


def _control_number_malformed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    number = claim.payer_claim_control_number
    if number.strip() and not _REFERENCE.fullmatch(number):
        yield "payer_claim_control_number"


def _medicare_takes_no_replacement(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.coverage.payer.medicare and claim.frequency in ("7", "8"):
        yield "frequency"


def _authorization_malformed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.prior_authorization and not _REFERENCE.fullmatch(claim.prior_authorization):
        yield "prior_authorization"


def _line_number_malformed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if line.control_number and not _CONTROL_NUMBER.fullmatch(line.control_number):
            yield f"{path}.control_number"


def _line_number_repeated(claim: Claim, context: ScrubContext) -> Iterator[str]:
    counts = Counter(line.control_number for line in claim.lines if line.control_number)
    return (f"{path}.control_number" for path, line in lines(claim) if counts[line.control_number] > 1)


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.PAYER

RULES = (
    Rule(
        "CL-PAY-001",
        _F,
        _E,
        "The payer has a payer id.",
        "Enter the payer id that the clearinghouse lists for this payer.",
        "X222A1 2010BB NM109",
        _payer_id_missing,
    ),
    Rule(
        "CL-PAY-002",
        _F,
        _E,
        "A payer id has 2 to 80 letters and digits.",
        "Enter the payer id exactly as the clearinghouse lists it.",
        "X222A1 2010BB NM109",
        _payer_id_malformed,
    ),
    Rule(
        "CL-PAY-003",
        _F,
        _E,
        "The payer has a name.",
        "Enter the payer's name.",
        "X222A1 2010BB NM103",
        _payer_name_missing,
    ),
    Rule(
        "CL-PAY-004",
        _F,
        _E,
        "The kind of plan is a known claim filing code.",
        "Choose the kind of plan in the payer's settings.",
        "X222A1 2000B SBR09",
        _filing_code_unknown,
    ),
    Rule(
        "CL-PAY-005",
        _F,
        _W,
        "Medicare payers, and no others, have claim filing code MA or MB.",
        "Make the payer's Medicare setting and its kind of plan agree: filing limits depend on it.",
        "X222A1 2000B SBR09; 42 CFR 424.44",
        _medicare_not_told,
    ),
    Rule(
        "CL-PAY-006",
        _F,
        _E,
        "The payer takes a version of the 837P that can be written.",
        "Choose 005010X222A1 or 005010X222A2 in the payer's settings.",
        "X222A1 GS08, ST03; 45 CFR 162.1102",
        _version_unknown,
    ),
    Rule(
        "CL-PAY-007",
        _F,
        _E,
        "The client is enrolled with the payer for claims.",
        "Finish the enrolment with this payer; until then it rejects every claim.",
        "42 CFR 424.510; payer enrolment",
        _not_enrolled,
    ),
    Rule(
        "CL-PAY-008",
        _F,
        _E,
        "The frequency is 1, 7 or 8.",
        "Choose original, replacement or void.",
        "X222A1 2300 CLM05-3",
        _frequency_unknown,
    ),
    Rule(
        "CL-PAY-009",
        _F,
        _E,
        "A replacement or void carries the payer's claim control number.",
        "Enter the payer's claim control number from the remittance or the 277CA.",
        "X222A1 2300 REF*F8; X12 RFI 1538, 2110",
        _control_number_missing,
    ),
    Rule(
        "CL-PAY-010",
        _F,
        _E,
        "An original claim carries no payer's claim control number.",
        "Remove the payer's claim control number, or choose replacement or void.",
        "X222A1 2300 REF*F8; X12 RFI 1538, 2110",
        _control_number_forbidden,
    ),
    Rule(
        "CL-PAY-011",
        _F,
        _E,
        "A payer's claim control number has 1 to 50 usable characters.",
        "Copy the payer's claim control number exactly.",
        "X222A1 2300 REF*F8 REF02",
        _control_number_malformed,
    ),
    Rule(
        "CL-PAY-012",
        _F,
        _W,
        "Medicare Part B takes originals only.",
        "Ask Medicare for a reopening, or send a new original for what was not adjudicated.",
        "Medicare Claims Processing Manual ch. 34 §10",
        _medicare_takes_no_replacement,
    ),
    Rule(
        "CL-PAY-013",
        _F,
        _E,
        "A prior authorization number has at most 50 usable characters.",
        "Enter the authorization number alone, as the payer gave it.",
        "X222A1 2300 REF*G1 REF02",
        _authorization_malformed,
    ),
    Rule(
        "CL-PAY-014",
        _F,
        _E,
        "A line control number has at most 30 letters, digits, points or hyphens.",
        "Shorten the line control number.",
        "X222A1 2400 REF*6R REF02",
        _line_number_malformed,
    ),
    Rule(
        "CL-PAY-015",
        _F,
        _E,
        "No two lines share a control number.",
        "Give each line a control number of its own: the remittance answers by it.",
        "X222A1 2400 REF*6R",
        _line_number_repeated,
    ),
)
