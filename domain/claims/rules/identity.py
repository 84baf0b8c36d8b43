"""Who the patient is, what the claim is called, and whether its texts can be written at all."""

import re
import unicodedata
from collections.abc import Iterator

from domain.claims.model import Claim
from domain.claims.rules.fields import blank_parts, lines, patient_is_subscriber, texts
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.clientele import is_postal_code
from domain.codes.filing import SEXES
from domain.codes.postal import is_state

_CLAIM_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")
# Nobody has lived longer than 122 years; an older birth date is a typing error.
_OLDEST_YEARS = 125
_LONGEST = {
    "name": 60,
    "last_name": 60,
    "first_name": 35,
    "middle_name": 25,
    "line1": 55,
    "line2": 55,
    "city": 30,
    "member_id": 80,
    "group_number": 50,
    "contact_name": 60,
}
# Typographic marks and letters without a Unicode decomposition that the encoder still knows how to spell in ASCII.
_SPELLED_OTHERWISE = frozenset("‘’‚“”„–—…ßæÆøØłŁđĐðÐþÞœŒ")
# The usual delimiters of an interchange: taken out of data when it is written.
_DELIMITERS = frozenset("*:~^")


def _patient_last_name_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.patient.last_name.strip():
        yield "patient.last_name"


def _patient_first_name_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.patient.first_name.strip():
        yield "patient.first_name"


def _birth_date_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.patient.birth_date is None:
        yield "patient.birth_date"


def _birth_date_implausible(claim: Claim, context: ScrubContext) -> Iterator[str]:
    born = claim.patient.birth_date
    if born and (born > context.today or context.today.year - born.year > _OLDEST_YEARS):
        yield "patient.birth_date"


def _born_after_service(claim: Claim, context: ScrubContext) -> Iterator[str]:
    born = claim.patient.birth_date
    if born and any(line.service_from < born for _, line in lines(claim)):
        yield "patient.birth_date"


def _sex_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.patient.sex not in SEXES:
        yield "patient.sex"


def _patient_address_incomplete(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return blank_parts("patient.address", claim.patient.address)


def _patient_state_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    state = claim.patient.address.state
    if state.strip() and not is_state(state):
        yield "patient.address.state"


def _patient_postal_code_invalid(claim: Claim, context: ScrubContext) -> Iterator[str]:
    postal_code = claim.patient.address.postal_code
    if postal_code.strip() and not is_postal_code(postal_code):
        yield "patient.address.postal_code"


def _claim_number_unusable(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not _CLAIM_NUMBER.fullmatch(claim.claim_number):
        yield "claim_number"


def _unwritable(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (path for path, text in texts(claim) if not all(map(_can_be_spelled, text)))


def _altered_when_written(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, text in texts(claim):
        if all(map(_can_be_spelled, text)) and not all(map(_is_written_as_it_is, text)):
            yield path


def _too_long(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, text in texts(claim):
        if len(text) > _LONGEST.get(path.rpartition(".")[2], len(text)):
            yield path


def _is_written_as_it_is(character: str) -> bool:
    return " " <= character <= "}" and character not in _DELIMITERS


def _can_be_spelled(character: str) -> bool:
    """ASCII (less control characters), or a letter that leaves an ASCII letter when its accents are dropped."""
    if " " <= character <= "~" or character in _SPELLED_OTHERWISE:
        return True
    rest = [part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)]
    return all(" " <= part <= "~" for part in rest)


def _dependent_shares_all(claim: Claim, context: ScrubContext) -> Iterator[str]:
    """A dependent with the subscriber's own name and birth date is nearly always a relationship left unset."""
    patient, subscriber = claim.patient, claim.coverage.subscriber
    same = (patient.last_name, patient.first_name, patient.birth_date) == (
        subscriber.last_name,
        subscriber.first_name,
        subscriber.birth_date,
    )
    if same and not patient_is_subscriber(claim):
        yield "coverage.relationship"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.IDENTITY

RULES = (
    Rule(
        "CL-IDN-001",
        _F,
        _E,
        "The patient has a last name.",
        "Enter the patient's last name.",
        "X222A1 2010BA/2010CA NM103",
        _patient_last_name_missing,
    ),
    Rule(
        "CL-IDN-002",
        _F,
        _W,
        "A patient who has a first name is sent with it.",
        "Enter the patient's first name, unless there is none.",
        "X222A1 2010BA/2010CA NM104",
        _patient_first_name_missing,
    ),
    Rule(
        "CL-IDN-003",
        _F,
        _E,
        "The patient has a birth date.",
        "Enter the patient's birth date.",
        "X222A1 2010BA/2010CA DMG02",
        _birth_date_missing,
    ),
    Rule(
        "CL-IDN-004",
        _F,
        _E,
        "The patient's birth date is not in the future and not more than 125 years ago.",
        "Check the year of the birth date.",
        "X222A1 2010BA/2010CA DMG02",
        _birth_date_implausible,
    ),
    Rule(
        "CL-IDN-005",
        _F,
        _E,
        "No service is older than the patient.",
        "Check the birth date and the service dates: a service lies before the birth.",
        "X222A1 2010BA/2010CA DMG02; 2400 DTP*472",
        _born_after_service,
    ),
    Rule(
        "CL-IDN-006",
        _F,
        _E,
        "The patient's sex is F, M or U.",
        "Choose female, male or unknown.",
        "X222A1 2010BA/2010CA DMG03",
        _sex_unknown,
    ),
    Rule(
        "CL-IDN-007",
        _F,
        _E,
        "The patient's address has street, city, state and ZIP code.",
        "Complete the patient's address.",
        "X222A1 2010BA/2010CA N3, N4",
        _patient_address_incomplete,
    ),
    Rule(
        "CL-IDN-008",
        _F,
        _E,
        "The patient's state is a known one.",
        "Enter the two capital letters of the state.",
        "X222A1 2010BA/2010CA N402",
        _patient_state_unknown,
    ),
    Rule(
        "CL-IDN-009",
        _F,
        _E,
        "The patient's ZIP code has five or nine digits.",
        "Enter the ZIP code with five or nine digits and no hyphen.",
        "X222A1 2010BA/2010CA N403",
        _patient_postal_code_invalid,
    ),
    Rule(
        "CL-IDN-010",
        _F,
        _E,
        "The claim number has 1 to 20 letters, digits, hyphens or points.",
        "Give the claim a number of at most 20 letters, digits, hyphens or points.",
        "X222A1 2300 CLM01",
        _claim_number_unusable,
    ),
    Rule(
        "CL-IDN-011",
        _F,
        _E,
        "Every text can be spelled in the X12 character set.",
        "Retype this in the Latin alphabet, without control characters.",
        "X12.5 basic and extended character sets; X222A1 B.1.1.2",
        _unwritable,
    ),
    Rule(
        "CL-IDN-012",
        _F,
        _W,
        "Texts hold no accents or delimiters.",
        "This will be sent without its accents and delimiters; check that the payer knows it that way.",
        "X12.5 basic and extended character sets; X222A1 B.1.1.2",
        _altered_when_written,
    ),
    Rule(
        "CL-IDN-013",
        _F,
        _E,
        "No text is longer than its element.",
        "Shorten this: the element has no room for it.",
        "X222A1 NM103 60, NM104 35, NM105 25, N3 55, N401 30, NM109 80, SBR03 50",
        _too_long,
    ),
    Rule(
        "CL-IDN-014",
        _F,
        _W,
        "A dependent is not the subscriber.",
        "Patient and subscriber are the same person here: set the relationship to self.",
        "X222A1 2000B SBR02, 2000C",
        _dependent_shares_all,
    ),
)
