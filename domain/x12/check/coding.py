"""Codes of HI against the code set that their qualifier names: rules DX."""

from datetime import date

from domain.codes.icd10cm import is_well_formed
from domain.codes.institutional import is_inpatient_procedure
from domain.x12.check.findings import Report, at
from domain.x12.check.tally import ClaimTally
from domain.x12.reader import Segment

_ICD10 = frozenset({"ABK", "ABF", "ABJ", "ABN", "APR"})
_ICD9 = frozenset({"BK", "BF", "BJ", "BN", "PR"})
_DIAGNOSES = _ICD10 | _ICD9
_ENDED = date(2015, 10, 1)


def check_codes(report: Report, key: str, segment: Segment, loop: str) -> None:
    """Every code of one HI has the form of the code set of its qualifier."""
    for position, element in enumerate(segment.elements[1:], start=1):
        qualifier, _, rest = element.partition(segment.delimiters.component)
        code = rest.split(segment.delimiters.component)[0]
        if not code:
            continue
        if qualifier in _DIAGNOSES and "." in code:
            text = "A diagnosis code is written without its point."
            report.add(f"{key}-DX-001", segment, text, element=at(position, 2), loop=loop)
        elif _wrong(qualifier, code, ten=True):
            text = f"{qualifier} announces ICD-10, and the code has not its form."
            report.add(f"{key}-DX-004", segment, text, element=at(position, 2), loop=loop)
        elif _wrong(qualifier, code, ten=False):
            text = f"{qualifier} announces ICD-9, and the code has not its form."
            report.add(f"{key}-DX-005", segment, text, element=at(position, 2), loop=loop)


def _wrong(qualifier: str, code: str, *, ten: bool) -> bool:
    if ten:
        if qualifier in ("BBR", "BBQ"):
            return not is_inpatient_procedure(code)
        return qualifier in _ICD10 and not (is_well_formed(code) and code.isupper())
    if qualifier in ("BR", "BQ"):
        return not (code.isdigit() and 2 <= len(code) <= 4)
    return qualifier in _ICD9 and not _is_icd9(code)


def _is_icd9(code: str) -> bool:
    """Three to five digits, V and two to four, E and three to four."""
    first, rest = code[:1], code[1:]
    if first == "V":
        return rest.isdigit() and 2 <= len(rest) <= 4
    if first == "E":
        return rest.isdigit() and 3 <= len(rest) <= 4
    return code.isdigit() and 3 <= len(code) <= 5


def check_edition(report: Report, key: str, claim: ClaimTally) -> None:
    """One edition on one claim, the one of its day, no diagnosis twice."""
    editions = {qualifier in _ICD10 for _, qualifier, _ in claim.diagnoses}
    if len(editions) > 1:
        report.add(f"{key}-DX-006", claim.segment, "The claim mixes ICD-9 and ICD-10.", loop="2300")
    for segment, qualifier, _ in claim.diagnoses:
        if qualifier in _ICD9 and claim.first_service and claim.first_service >= _ENDED:
            text = "ICD-9 codes ended with services of 1 October 2015."
            report.add(f"{key}-DX-002", segment, text, loop="2300")
    codes = [code for _, _, code in claim.diagnoses]
    if len(set(codes)) < len(codes):
        report.add(f"{key}-DX-003", claim.segment, "A diagnosis stands twice.", loop="2300")
