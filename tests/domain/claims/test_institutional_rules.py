"""Each rule of the institutional family fires at the field of its fault, and none fires on a good stay or visit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalClaim,
    InstitutionalDiagnosis,
    InstitutionalFacts,
    OccurrenceCode,
    OccurrenceSpan,
    RevenueLine,
    ValueCode,
)
from domain.claims.model import (
    Claim,
    OtherPayerDecision,
)
from domain.claims.rules import CATALOGUE, Family, ScrubContext, Severity, scrub
from domain.claims.rules.institutional import INSTITUTIONAL_RULES, SHARED_RULES, scrub_institutional
from tests.domain.claims.planted_institutional_faults import (
    FIRST,
    LAST,
    PERSON,
    SHARED,
    STAY,
    SURGEON,
    VISIT,
    Change,
    all_of,
    claim,
    facts,
    line,
    medicare_second,
)


@pytest.fixture(scope="session")
def good_stay(good_claim: Claim) -> InstitutionalClaim:
    """An acute inpatient stay that breaks no rule."""
    facts = InstitutionalFacts(
        "11", FIRST, LAST, "01", InstitutionalDiagnosis("I214", "Y"),
        (
            RevenueLine(1, "0120", 480000, Decimal(4), unit="DA", control_number="L1"),
            RevenueLine(2, "0250", 35000, Decimal(12), control_number="L2"),
            RevenueLine(3, "0360", 910000, Decimal(1), control_number="L3"),
        ),
        admission_date=FIRST, admission_hour="1415", discharge_hour="1100", admission_type="1", admission_source="1",
        admitting="R079", drg="234", other_diagnoses=(InstitutionalDiagnosis("E119", "Y"), InstitutionalDiagnosis("Z7901")),
        principal_procedure=InpatientProcedure("02100Z9", date(2026, 11, 3)),
        occurrences=(OccurrenceCode("11", FIRST),), occurrence_spans=(OccurrenceSpan("M1", FIRST, LAST),),
        values=(ValueCode("80", Decimal(4)),), conditions=("09",), attending=PERSON, operating=SURGEON,
    )  # fmt: skip
    return InstitutionalClaim(
        "H-000001-1", good_claim.billing, good_claim.patient, good_claim.coverage, facts
    )


@pytest.fixture(scope="session")
def good_visit(good_stay: InstitutionalClaim) -> InstitutionalClaim:
    """A visit to the emergency room that breaks no rule."""
    facts = InstitutionalFacts(
        "13", FIRST, FIRST, "01", InstitutionalDiagnosis("S93401A"),
        (
            RevenueLine(1, "0450", 90000, Decimal(1), "99283", ("25",), service_from=FIRST, service_to=FIRST, control_number="L1"),
            RevenueLine(2, "0320", 42000, Decimal(1), "73610", ("RT",), service_from=FIRST, service_to=FIRST, control_number="L2"),
        ),
        admission_type="1", admission_source="1", reasons_for_visit=("M25571",),
        external_causes=(InstitutionalDiagnosis("W1830XA"),), attending=PERSON,
    )  # fmt: skip
    return replace(good_stay, claim_number="H-000002-1", facts=facts)


def fired(claim: InstitutionalClaim, context: ScrubContext) -> set[tuple[str, str]]:
    return {(finding.rule_id, finding.field) for finding in scrub_institutional(claim, context)}


def test_a_good_stay_and_a_good_visit_have_no_findings(
    good_stay: InstitutionalClaim, good_visit: InstitutionalClaim, context: ScrubContext
) -> None:
    assert scrub_institutional(good_stay, context) == ()
    assert scrub_institutional(good_visit, context) == ()


@pytest.mark.parametrize(("number", "change", "field"), STAY)
def test_a_rule_fires_at_the_field_of_a_stays_fault(
    number: int, change: Change, field: str, good_stay: InstitutionalClaim, context: ScrubContext
) -> None:
    assert (f"CL-INS-{number:03d}", field) in fired(change(good_stay), context)


@pytest.mark.parametrize(("number", "change", "field"), VISIT)
def test_a_rule_fires_at_the_field_of_a_visits_fault(
    number: int, change: Change, field: str, good_visit: InstitutionalClaim, context: ScrubContext
) -> None:
    assert (f"CL-INS-{number:03d}", field) in fired(change(good_visit), context)


@pytest.mark.parametrize(("rule_id", "change", "field"), SHARED)
def test_a_shared_rule_names_the_field_as_the_institutional_claim_has_it(
    rule_id: str, change: Change, field: str, good_stay: InstitutionalClaim, context: ScrubContext
) -> None:
    assert (rule_id, field) in fired(change(good_stay), context)


def test_every_rule_has_a_fault_that_makes_it_fire_and_an_id_that_stays() -> None:
    numbers = {number for number, _, _ in (*STAY, *VISIT)}
    assert {f"CL-INS-{number:03d}" for number in numbers} == {rule.id for rule in INSTITUTIONAL_RULES}
    assert numbers == set(range(1, 78)) and len(INSTITUTIONAL_RULES) == 77


def test_every_rule_says_what_to_do_and_who_says_so() -> None:
    for rule in INSTITUTIONAL_RULES:
        assert rule.family is Family.INSTITUTIONAL
        assert rule.sentence.endswith(".") and rule.fix.endswith(".") and rule.citation


def test_shared_rules_are_those_of_the_professional_catalogue() -> None:
    assert set(SHARED_RULES) < set(CATALOGUE) and len(SHARED_RULES) == len({rule.id for rule in SHARED_RULES})


def test_only_errors_hold_a_claim(good_stay: InstitutionalClaim, context: ScrubContext) -> None:
    findings = scrub_institutional(facts(discharge_hour="")(good_stay), context)
    assert [finding.severity for finding in findings] == [Severity.WARNING]


def test_a_rate_code_line_may_be_charged_nothing(
    good_stay: InstitutionalClaim, context: ScrubContext
) -> None:
    rate = line(2, revenue_code="0022", procedure="KAGD1", charge_cents=0)
    assert fired(rate(good_stay), context) == set()


def test_transport_alone_needs_no_attending_provider(
    good_visit: InstitutionalClaim, context: ScrubContext
) -> None:
    ambulance = RevenueLine(1, "0540", 90000, Decimal(1), "A0429", service_from=FIRST, control_number="L1")
    assert fired(facts(lines=(ambulance,), attending=None)(good_visit), context) == set()


def test_a_bill_to_medicare_that_tells_the_first_payment_is_good(
    good_stay: InstitutionalClaim, context: ScrubContext
) -> None:
    decision = OtherPayerDecision(good_stay.coverage, 1000000, FIRST)
    told = all_of(
        medicare_second, claim(decisions=(decision,)), facts(values=(ValueCode("12", Decimal(10000)),))
    )
    assert fired(told(good_stay), context) == set()


def test_a_professional_claim_with_decisions_has_its_earlier_payer(
    good_claim: Claim, context: ScrubContext
) -> None:
    second = replace(good_claim, coverage=replace(good_claim.coverage, order="S"))
    decision = OtherPayerDecision(good_claim.coverage, 17000, FIRST)
    assert {one.rule_id for one in scrub(second, context)} == {"CL-COV-014"}
    assert scrub(replace(second, decisions=(decision,)), context) == ()


def test_findings_never_quote_the_claim(good_stay: InstitutionalClaim, context: ScrubContext) -> None:
    for _, change, _ in STAY:
        for finding in scrub_institutional(change(good_stay), context):
            for value in (good_stay.patient.last_name, "W123456789", "1245319598"):
                assert value not in f"{finding.message} {finding.field}"
