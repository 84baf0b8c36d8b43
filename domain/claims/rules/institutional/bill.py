"""The bill itself: its type, its frequency, the days of its statement and the payer's limit for it."""

from collections.abc import Iterator

from domain.calendar import filing_alarm, filing_limit
from domain.claims.institutional import InstitutionalClaim
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.institutional import (
    CLAIM_CHANGE_REASONS,
    FACILITIES,
    FREQUENCIES,
    INPATIENT_FACILITIES,
    STILL_PATIENT,
)

VERSIONS = frozenset({"005010X223A2", "005010X223A3"})


def _facility_unknown(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.facility_code not in FACILITIES:
        yield "facts.facility_code"


def _frequency_unknown(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.frequency not in FREQUENCIES or len(claim.frequency) != 1:
        yield "frequency"


def _interim_but_left(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    inpatient = claim.facts.facility_code in INPATIENT_FACILITIES
    if inpatient and claim.frequency in ("2", "3") and claim.facts.patient_status != STILL_PATIENT:
        yield "facts.patient_status"


def _final_but_still_patient(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    inpatient = claim.facts.facility_code in INPATIENT_FACILITIES
    if inpatient and claim.frequency in ("1", "4") and claim.facts.patient_status == STILL_PATIENT:
        yield "facts.patient_status"


def _statement_incomplete(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for name in ("statement_from", "statement_to"):
        if getattr(claim.facts, name) is None:
            yield f"facts.{name}"


def _statement_reversed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    first, last = claim.facts.statement_from, claim.facts.statement_to
    if first and last and last < first:
        yield "facts.statement_to"


def _statement_in_the_future(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    last = claim.facts.statement_to
    if last and last > context.today:
        yield "facts.statement_to"


def _filing_limit_passed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    last, received = claim.facts.statement_to, context.first_received or context.today
    if last and received > filing_limit(last, claim.coverage.payer):
        yield "facts.statement_to"


def _filing_limit_near(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    last, payer = claim.facts.statement_to, claim.coverage.payer
    if last is None or context.first_received is not None:
        return
    if filing_alarm(last, payer) <= context.today <= filing_limit(last, payer):
        yield "facts.statement_to"


def _version_unknown(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.coverage.payer.institutional_version not in VERSIONS:
        yield "coverage.payer.institutional_version"


def _change_without_reason(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    changes = claim.coverage.payer.medicare and claim.frequency in ("7", "8")
    if changes and CLAIM_CHANGE_REASONS.isdisjoint(claim.facts.conditions):
        yield "facts.conditions"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.INSTITUTIONAL

RULES: tuple[Rule[InstitutionalClaim], ...] = (
    Rule(
        "CL-INS-001",
        _F,
        _E,
        "The type of bill begins with a facility code that is in use.",
        "Choose where the patient was cared for.",
        "X223A2 2300 CLM05-1; Medicare Claims Processing Manual ch. 25 §75.1 (FL 4)",
        _facility_unknown,
    ),
    Rule(
        "CL-INS-002",
        _F,
        _E,
        "The frequency of the bill is one that is in use.",
        "Choose the frequency of the bill: original, interim, late charges, replacement or void.",
        "X223A2 2300 CLM05-3; Medicare Claims Processing Manual ch. 25 §75.1 (FL 4)",
        _frequency_unknown,
    ),
    Rule(
        "CL-INS-003",
        _F,
        _E,
        "An interim inpatient bill that others follow says that the patient is still there.",
        "Set the discharge status to still a patient, or make this the last bill.",
        "Medicare Claims Processing Manual ch. 25 §75.2 (FL 17)",
        _interim_but_left,
    ),
    Rule(
        "CL-INS-004",
        _F,
        _W,
        "A final inpatient bill says where the patient went.",
        "Enter the discharge status, or bill this stay as interim.",
        "Medicare Claims Processing Manual ch. 25 §75.2 (FL 17)",
        _final_but_still_patient,
    ),
    Rule(
        "CL-INS-005",
        _F,
        _E,
        "The statement has a first and a last day.",
        "Enter the days that the bill covers.",
        "X223A2 2300 DTP*434",
        _statement_incomplete,
    ),
    Rule(
        "CL-INS-006",
        _F,
        _E,
        "The statement does not end before it begins.",
        "Correct the first or the last day of the statement.",
        "X223A2 2300 DTP*434",
        _statement_reversed,
    ),
    Rule(
        "CL-INS-007",
        _F,
        _E,
        "The statement does not reach into the future.",
        "Correct the last day, or keep the claim until then.",
        "X223A2 2300 DTP*434; Medicare Claims Processing Manual ch. 1 §70",
        _statement_in_the_future,
    ),
    Rule(
        "CL-INS-008",
        _F,
        _E,
        "The payer can still receive the bill within its filing limit, counted from its last day.",
        "The limit has passed: attach proof of an earlier acceptance, or write the stay off.",
        "42 CFR 424.44; Medicare Claims Processing Manual ch. 1 §70; payer contract",
        _filing_limit_passed,
    ),
    Rule(
        "CL-INS-009",
        _F,
        _W,
        "The filing limit is more than 15 days away.",
        "Send this claim first: its filing limit is near.",
        "42 CFR 424.44; Medicare Claims Processing Manual ch. 1 §70; payer contract",
        _filing_limit_near,
    ),
    Rule(
        "CL-INS-010",
        _F,
        _E,
        "The payer takes a version of the 837I that can be written.",
        "Choose 005010X223A2 or 005010X223A3 in the payer's settings.",
        "X223A2 GS08, ST03; 45 CFR 162.1102",
        _version_unknown,
    ),
    Rule(
        "CL-INS-011",
        _F,
        _E,
        "A replacement or void to Medicare says why, by a condition code.",
        "Add the claim change reason, D0 to D9 or E0.",
        "Medicare Claims Processing Manual ch. 1 §130.1.2",
        _change_without_reason,
    ),
)
