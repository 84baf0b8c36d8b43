"""Whether the patient is covered, by whose policy, and in which order the payers come."""

import re
from collections.abc import Iterator

from domain.claims.model import Claim
from domain.claims.rules.fields import blank_parts, lines, patient_is_subscriber
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.filing import PAYER_ORDERS, RELATIONSHIPS, RELEASES

_MEMBER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,78}[A-Za-z0-9]")
# Medicare Beneficiary Identifier: 11 characters by position, never S, L, O, I, B, Z.
_MBI_LETTER = "[AC-HJKMNP-RT-Y]"
_MBI_EITHER = "[0-9AC-HJKMNP-RT-Y]"
_MBI = re.compile(
    f"[1-9]{_MBI_LETTER}{_MBI_EITHER}[0-9]{_MBI_LETTER}{_MBI_EITHER}[0-9]{_MBI_LETTER}{{2}}[0-9]{{2}}"
)
_CHILD = "19"


def _coverage_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    coverage = claim.coverage
    if not (coverage.payer.payer_id.strip() or coverage.payer.name.strip() or coverage.member_id.strip()):
        yield "coverage"


def _member_id_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.coverage.member_id.strip():
        yield "coverage.member_id"


def _member_id_odd(claim: Claim, context: ScrubContext) -> Iterator[str]:
    member_id = claim.coverage.member_id
    if member_id.strip() and not _MEMBER_ID.fullmatch(member_id):
        yield "coverage.member_id"


def _mbi_invalid(claim: Claim, context: ScrubContext) -> Iterator[str]:
    coverage = claim.coverage
    if coverage.payer.medicare and coverage.member_id.strip() and not _MBI.fullmatch(coverage.member_id):
        yield "coverage.member_id"


def _not_yet_effective(claim: Claim, context: ScrubContext) -> Iterator[str]:
    first_day = claim.coverage.effective_from
    if first_day and any(line.service_from < first_day for _, line in lines(claim)):
        yield "coverage.effective_from"


def _no_longer_effective(claim: Claim, context: ScrubContext) -> Iterator[str]:
    last_day = claim.coverage.effective_to
    if last_day and any(line.service_to > last_day for _, line in lines(claim)):
        yield "coverage.effective_to"


def _ends_before_it_begins(claim: Claim, context: ScrubContext) -> Iterator[str]:
    coverage = claim.coverage
    if coverage.effective_from and coverage.effective_to and coverage.effective_to < coverage.effective_from:
        yield "coverage.effective_to"


def _subscriber_name_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.coverage.subscriber.last_name.strip():
        yield "coverage.subscriber.last_name"


def _subscriber_differs(claim: Claim, context: ScrubContext) -> Iterator[str]:
    """Only what is known of both is compared: the file carries the subscriber's facts alone when they are one."""
    if not patient_is_subscriber(claim):
        return
    patient, subscriber = claim.patient, claim.coverage.subscriber
    for part in ("last_name", "first_name", "birth_date"):
        one, other = getattr(patient, part), getattr(subscriber, part)
        if one and other and _folded(one) != _folded(other):
            yield f"coverage.subscriber.{part}"


def _folded(value: object) -> str:
    return str(value).strip().casefold()


def _subscriber_birth_date_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if patient_is_subscriber(claim) and claim.coverage.subscriber.birth_date is None:
        yield "coverage.subscriber.birth_date"


def _subscriber_address_incomplete(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if patient_is_subscriber(claim):
        yield from blank_parts("coverage.subscriber.address", claim.coverage.subscriber.address)


def _relationship_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.coverage.relationship not in RELATIONSHIPS:
        yield "coverage.relationship"


def _order_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.coverage.order not in PAYER_ORDERS:
        yield "coverage.order"


def _earlier_payer_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.coverage.order in ("S", "T") and not (claim.other_coverages or claim.decisions):
        yield "other_coverages"


def _orders_repeated(claim: Claim, context: ScrubContext) -> Iterator[str]:
    taken = {claim.coverage.order, *(decision.coverage.order for decision in claim.decisions)}
    for position, other in enumerate(claim.other_coverages, 1):
        if other.order in taken:
            yield f"other_coverages.{position}.order"
        taken.add(other.order)


def _child_older_than_subscriber(claim: Claim, context: ScrubContext) -> Iterator[str]:
    born, parent_born = claim.patient.birth_date, claim.coverage.subscriber.birth_date
    if claim.coverage.relationship == _CHILD and born and parent_born and born <= parent_born:
        yield "coverage.relationship"


def _payment_goes_to_patient(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.accepts_assignment and not claim.benefits_assigned:
        yield "benefits_assigned"


def _release_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.release_of_information not in RELEASES:
        yield "release_of_information"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.COVERAGE

RULES = (
    Rule(
        "CL-COV-001",
        _F,
        _E,
        "The claim names a coverage.",
        "Add the patient's coverage: payer and member id.",
        "X222A1 2000B SBR, 2010BB NM1",
        _coverage_missing,
    ),
    Rule(
        "CL-COV-002",
        _F,
        _E,
        "The coverage has a member id.",
        "Enter the member id from the insurance card.",
        "X222A1 2010BA NM109",
        _member_id_missing,
    ),
    Rule(
        "CL-COV-003",
        _F,
        _E,
        "A member id has 2 to 80 letters, digits, spaces or hyphens.",
        "Enter the member id exactly as the card shows it, letters and digits only.",
        "X222A1 2010BA NM109",
        _member_id_odd,
    ),
    Rule(
        "CL-COV-004",
        _F,
        _E,
        "A Medicare member id is a Medicare Beneficiary Identifier.",
        "Enter the 11 characters of the Medicare card, without dashes; S, L, O, I, B and Z never occur.",
        "CMS MBI format specification; 42 CFR 424.32",
        _mbi_invalid,
    ),
    Rule(
        "CL-COV-005",
        _F,
        _E,
        "The coverage has begun on every service date.",
        "Choose the coverage that was in force, or correct its first day.",
        "X222A1 2000B SBR; payer eligibility (271 DTP*346)",
        _not_yet_effective,
    ),
    Rule(
        "CL-COV-006",
        _F,
        _E,
        "The coverage has not ended on any service date.",
        "Choose the coverage that was in force, or correct its last day.",
        "X222A1 2000B SBR; payer eligibility (271 DTP*347)",
        _no_longer_effective,
    ),
    Rule(
        "CL-COV-007",
        _F,
        _E,
        "A coverage does not end before it begins.",
        "Correct the first or the last day of the coverage.",
        "X222A1 2000B SBR; payer eligibility (271 DTP*346, DTP*347)",
        _ends_before_it_begins,
    ),
    Rule(
        "CL-COV-008",
        _F,
        _E,
        "The subscriber has a last name.",
        "Enter the subscriber's last name.",
        "X222A1 2010BA NM103",
        _subscriber_name_missing,
    ),
    Rule(
        "CL-COV-009",
        _F,
        _E,
        "With relationship self, patient and subscriber are one person.",
        "Make the subscriber's facts agree with the patient's, or choose another relationship.",
        "X222A1 2000B SBR02, 2010BA",
        _subscriber_differs,
    ),
    Rule(
        "CL-COV-010",
        _F,
        _E,
        "A subscriber who is the patient has a birth date.",
        "Enter the subscriber's birth date.",
        "X222A1 2010BA DMG02",
        _subscriber_birth_date_missing,
    ),
    Rule(
        "CL-COV-011",
        _F,
        _E,
        "A subscriber who is the patient has an address.",
        "Complete the subscriber's address.",
        "X222A1 2010BA N3, N4",
        _subscriber_address_incomplete,
    ),
    Rule(
        "CL-COV-012",
        _F,
        _E,
        "The relationship of the patient to the subscriber is a known code.",
        "Choose the relationship to the subscriber.",
        "X222A1 2000B SBR02, 2000C PAT01",
        _relationship_unknown,
    ),
    Rule(
        "CL-COV-013",
        _F,
        _E,
        "The payer is primary, secondary or tertiary.",
        "Choose the order of this payer.",
        "X222A1 2000B SBR01",
        _order_unknown,
    ),
    Rule(
        "CL-COV-014",
        _F,
        _E,
        "A secondary or tertiary claim tells of the payers before.",
        "Add the earlier payer's coverage, or bill this payer as primary.",
        "X222A1 2320 SBR; 1.4.1 Coordination of Benefits",
        _earlier_payer_missing,
    ),
    Rule(
        "CL-COV-015",
        _F,
        _E,
        "No two payers of a claim have the same order.",
        "Give each payer its own order.",
        "X222A1 2000B SBR01, 2320 SBR01",
        _orders_repeated,
    ),
    Rule(
        "CL-COV-016",
        _F,
        _W,
        "A child is younger than the subscriber.",
        "Check the relationship and both birth dates.",
        "X222A1 2000C PAT01, DMG02",
        _child_older_than_subscriber,
    ),
    Rule(
        "CL-COV-017",
        _F,
        _W,
        "Whoever accepts assignment has the benefits assigned.",
        "Record the assignment of benefits, or the payer will pay the patient.",
        "X222A1 2300 CLM07, CLM08; Medicare Claims Processing Manual ch. 1 §30.3",
        _payment_goes_to_patient,
    ),
    Rule(
        "CL-COV-018",
        _F,
        _E,
        "The release of information is Y or I.",
        "Record the patient's release of information.",
        "X222A1 2300 CLM09; 45 CFR 164.506",
        _release_unknown,
    ),
)
