"""Each rule of the institutional family fires at the field of its fault, and none fires on a good stay or visit."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    Address,
    BillingProvider,
    Claim,
    Coverage,
    OtherPayerDecision,
    Payer,
    Person,
    Provider,
)
from domain.claims.rules import CATALOGUE, Family, ScrubContext, Severity, scrub
from domain.claims.rules.institutional import INSTITUTIONAL_RULES, SHARED_RULES, scrub_institutional

Change = Callable[[InstitutionalClaim], InstitutionalClaim]
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 6)
PERSON = Provider("ROE", "RICHARD", "1245319599", "207R00000X")
SURGEON = Provider("POE", "ANN", "1003000126")


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


def claim(**facts: Any) -> Change:
    return lambda good: replace(good, **facts)


def facts(**changes: Any) -> Change:
    return lambda good: replace(good, facts=replace(good.facts, **changes))


def line(position: int, **changes: Any) -> Change:
    def change(good: InstitutionalClaim) -> InstitutionalClaim:
        lines = list(good.facts.lines)
        lines[position - 1] = replace(lines[position - 1], **changes)
        return facts(lines=tuple(lines))(good)

    return change


def payer(**changes: Any) -> Change:
    return lambda good: replace(
        good, coverage=replace(good.coverage, payer=replace(good.coverage.payer, **changes))
    )


def all_of(*changes: Change) -> Change:
    def change(good: InstitutionalClaim) -> InstitutionalClaim:
        for one in changes:
            good = one(good)
        return good

    return change


def doubled(good: InstitutionalClaim) -> InstitutionalClaim:
    again = replace(good.facts.lines[1], number=3, control_number="L3")
    return facts(lines=(*good.facts.lines, again))(good)


def medicare_second(good: InstitutionalClaim) -> InstitutionalClaim:
    medicare = Payer("MEDICARE", "00120", "MA", medicare=True)
    return replace(
        good,
        coverage=replace(
            good.coverage, payer=medicare, order="S", insurance_type="12", member_id="1EG4TE5MK73"
        ),
    )


def principal(**changes: Any) -> Change:
    return lambda good: facts(principal=replace(good.facts.principal, **changes))(good)


LATER, BEFORE = date(2026, 11, 21), date(2024, 11, 1)
POOR = replace(PERSON, npi="1245319598")
STAY: list[tuple[int, Change, str]] = [
    (1, facts(facility_code="99"), "facts.facility_code"),
    (2, claim(frequency="6"), "frequency"),
    (2, claim(frequency=""), "frequency"),
    (3, claim(frequency="2"), "facts.patient_status"),
    (4, facts(patient_status="30"), "facts.patient_status"),
    (5, facts(statement_from=None), "facts.statement_from"),
    (5, facts(statement_to=None), "facts.statement_to"),
    (6, facts(statement_to=date(2026, 11, 1)), "facts.statement_to"),
    (7, facts(statement_to=LATER), "facts.statement_to"),
    (8, facts(statement_from=BEFORE, statement_to=BEFORE), "facts.statement_to"),
    (9, facts(statement_to=date(2025, 11, 25)), "facts.statement_to"),
    (10, payer(institutional_version="005010X222A1"), "coverage.payer.institutional_version"),
    (
        11,
        all_of(payer(medicare=True), claim(frequency="7", payer_claim_control_number="I1")),
        "facts.conditions",
    ),
    (12, facts(admission_date=None), "facts.admission_date"),
    (13, facts(admission_date=date(2026, 11, 7)), "facts.admission_date"),
    (14, facts(admission_hour="14"), "facts.admission_hour"),
    (14, facts(discharge_hour="2400"), "facts.discharge_hour"),
    (15, facts(admission_hour=""), "facts.admission_hour"),
    (16, facts(admission_date=None), "facts.admission_hour"),
    (17, facts(discharge_hour=""), "facts.discharge_hour"),
    (18, facts(admission_type=""), "facts.admission_type"),
    (19, facts(admission_type="8"), "facts.admission_type"),
    (20, facts(admission_source=""), "facts.admission_source"),
    (21, facts(admission_source="7"), "facts.admission_source"),
    (22, facts(admission_type="4"), "facts.admission_source"),
    (23, facts(patient_status="99"), "facts.patient_status"),
    (23, facts(patient_status=""), "facts.patient_status"),
    (24, facts(principal=None), "facts.principal"),
    (25, principal(present_on_admission="1"), "facts.principal.present_on_admission"),
    (26, principal(present_on_admission=""), "facts.principal.present_on_admission"),
    (28, facts(admitting=""), "facts.admitting"),
    (29, facts(admitting="R07.9"), "facts.admitting"),
    (29, facts(admitting="R07"), "facts.admitting"),
    (31, facts(reasons_for_visit=("R079",)), "facts.reasons_for_visit"),
    (32, facts(external_causes=(InstitutionalDiagnosis("E119", "Y"),)), "facts.external_causes.1.code"),
    (33, facts(other_diagnoses=(InstitutionalDiagnosis("E119", "Y"),) * 25), "facts.other_diagnoses"),
    (34, facts(drg="DRG1"), "facts.drg"),
    (36, facts(principal_procedure=InpatientProcedure("02I00Z9", FIRST)), "facts.principal_procedure.code"),
    (
        38,
        facts(principal_procedure=InpatientProcedure("02100Z9", LATER)),
        "facts.principal_procedure.performed",
    ),
    (
        39,
        facts(principal_procedure=None, other_procedures=(InpatientProcedure("02100Z9", FIRST),)),
        "facts.principal_procedure",
    ),
    (40, facts(values=(ValueCode("8", Decimal(4)),)), "facts.values.1.code"),
    (41, facts(values=(ValueCode("80", Decimal(-4)),)), "facts.values.1.amount"),
    (42, facts(values=(ValueCode("80", Decimal(4)),) * 2), "facts.values.2.code"),
    (43, facts(occurrences=(OccurrenceCode("1", FIRST),)), "facts.occurrences.1.code"),
    (44, facts(occurrences=(OccurrenceCode("71", FIRST),)), "facts.occurrences.1.code"),
    (44, facts(occurrence_spans=(OccurrenceSpan("11", FIRST, LAST),)), "facts.occurrence_spans.1.code"),
    (45, facts(occurrences=(OccurrenceCode("11", LATER),)), "facts.occurrences.1.day"),
    (46, facts(occurrence_spans=(OccurrenceSpan("M1", LAST, FIRST),)), "facts.occurrence_spans.1.last"),
    (47, facts(conditions=("9",)), "facts.conditions.1"),
    (48, facts(conditions=("09", "09")), "facts.conditions.2"),
    (49, facts(conditions=tuple(f"{at}" for at in range(10, 35))), "facts.conditions"),
    (50, medicare_second, "facts.values"),
    (51, lambda good: facts(lines=good.facts.lines[:1] * 1000)(good), "facts.lines"),
    (52, line(2, revenue_code="250"), "facts.lines.2.revenue_code"),
    (53, line(2, revenue_code="0001"), "facts.lines.2.revenue_code"),
    (54, line(1, revenue_code="0250"), "facts.lines"),
    (56, line(1, unit="UN"), "facts.lines.1.unit"),
    (57, line(2, unit="F2"), "facts.lines.2.unit"),
    (58, line(2, units=Decimal(0)), "facts.lines.2.units"),
    (58, line(2, units=Decimal("NaN")), "facts.lines.2.units"),
    (61, line(2, revenue_code="0022"), "facts.lines.2.procedure"),
    (66, line(2, charge_cents=0), "facts.lines.2.charge_cents"),
    (67, line(2, non_covered_cents=35001), "facts.lines.2.non_covered_cents"),
    (69, facts(attending=None), "facts.attending"),
    (70, facts(attending=POOR), "facts.attending.npi"),
    (71, facts(operating=POOR), "facts.operating.npi"),
    (72, facts(operating=replace(SURGEON, last_name="")), "facts.operating.last_name"),
    (73, facts(attending=replace(PERSON, taxonomy="207R")), "facts.attending.taxonomy"),
    (74, facts(attending=replace(PERSON, npi="1234567893")), "facts.attending.npi"),
    (75, facts(operating=None), "facts.operating"),
    (76, facts(operating=None, other_operating=SURGEON), "facts.operating"),
    (77, facts(rendering=PERSON), "facts.rendering.npi"),
]
VISIT: list[tuple[int, Change, str]] = [
    (27, principal(present_on_admission="Y"), "facts.principal.present_on_admission"),
    (30, facts(reasons_for_visit=()), "facts.reasons_for_visit"),
    (35, facts(drg="234"), "facts.drg"),
    (37, facts(principal_procedure=InpatientProcedure("02100Z9", FIRST)), "facts.principal_procedure"),
    (55, line(1, revenue_code="0120"), "facts.lines.1.revenue_code"),
    (59, line(2, procedure="", modifiers=()), "facts.lines.2.procedure"),
    (60, line(2, procedure="7361"), "facts.lines.2.procedure"),
    (62, line(2, procedure=""), "facts.lines.2.modifiers"),
    (63, line(2, service_from=None, service_to=None), "facts.lines.2.service_from"),
    (64, line(2, service_from=date(2026, 11, 1)), "facts.lines.2.service_from"),
    (64, line(2, service_to=date(2026, 11, 3)), "facts.lines.2.service_to"),
    (65, line(2, service_to=date(2026, 11, 1)), "facts.lines.2.service_to"),
    (68, doubled, "facts.lines.3.procedure"),
]
SHARED: list[tuple[str, Change, str]] = [
    ("CL-IDN-010", claim(claim_number="A*B"), "claim_number"),
    ("CL-COD-004", principal(code="Q0000"), "facts.principal.code"),
    (
        "CL-COD-007",
        facts(other_diagnoses=(InstitutionalDiagnosis("I214", "Y"),)),
        "facts.other_diagnoses.1.code",
    ),
    ("CL-COD-008", principal(code="W1830XA"), "facts.principal.code"),
    ("CL-COD-016", facts(lines=()), "facts.lines"),
    ("CL-COD-018", line(2, number=5), "facts.lines.2.number"),
    ("CL-MON-001", line(2, charge_cents=-1), "facts.lines.2.charge_cents"),
    ("CL-PAY-009", claim(frequency="8"), "payer_claim_control_number"),
    ("CL-PAY-015", line(2, control_number="L1"), "facts.lines.2.control_number"),
    ("CL-PRV-002", facts(rendering=POOR), "facts.rendering.npi"),
]


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


ODD = st.one_of(
    st.sampled_from(["", " ", "11", "13", "0450", "0120", "0022", "E119", "30", "²²", "\x00"]),
    st.text(max_size=6),
)
DAYS = st.one_of(st.dates(), st.sampled_from([date.min, date.max]))
DECIMALS = st.decimals(allow_nan=True, allow_infinity=True) | st.just(Decimal("sNaN"))
CENTS = st.integers(-(10**15), 10**15)
ADDRESSES = st.builds(Address, ODD, ODD, ODD, ODD, ODD)
PEOPLE = st.builds(Person, ODD, ODD, st.none() | DAYS, ODD, ADDRESSES, ODD)
PROVIDERS = st.none() | st.builds(Provider, ODD, ODD, ODD, ODD)
PAYERS = st.builds(Payer, ODD, ODD, ODD, ODD, st.integers(-(10**9), 10**9), st.booleans())
COVERAGES = st.builds(Coverage, PAYERS, ODD, PEOPLE, ODD, ODD, ODD, st.none() | DAYS, st.none() | DAYS, ODD)
DIAGNOSES = st.builds(InstitutionalDiagnosis, ODD, ODD)
PROCEDURES = st.builds(InpatientProcedure, ODD, DAYS)


def few(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, max_size=3).map(tuple)


LINES = st.builds(
    RevenueLine,
    st.integers(),
    ODD,
    CENTS,
    DECIMALS,
    ODD,
    few(ODD),
    ODD,
    CENTS,
    st.none() | DAYS,
    st.none() | DAYS,
    ODD,
)
FACTS = st.builds(
    InstitutionalFacts, ODD, st.none() | DAYS, st.none() | DAYS, ODD, st.none() | DIAGNOSES, few(LINES), st.none() | DAYS,
    ODD, ODD, ODD, ODD, ODD, few(ODD), few(DIAGNOSES), ODD, few(DIAGNOSES), st.none() | PROCEDURES, few(PROCEDURES),
    few(st.builds(OccurrenceSpan, ODD, DAYS, DAYS)), few(st.builds(OccurrenceCode, ODD, DAYS)),
    few(st.builds(ValueCode, ODD, DECIMALS)), few(ODD), PROVIDERS, PROVIDERS, PROVIDERS, PROVIDERS, PROVIDERS, ODD,
)  # fmt: skip
CLAIMS = st.builds(
    InstitutionalClaim, ODD, st.builds(BillingProvider, ODD, ODD, ODD, ODD, ADDRESSES, ODD, ODD), PEOPLE, COVERAGES,
    FACTS, ODD, ODD, ODD, st.booleans(), st.booleans(), ODD, few(COVERAGES),
)  # fmt: skip
PATH = re.compile(r"[a-z_]+(\.[1-9][0-9]*)?(\.[a-z_0-9]+){0,4}")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim=CLAIMS, today=DAYS)
def test_scrubbing_never_raises_and_always_names_a_field_of_the_claim(
    claim: InstitutionalClaim, today: date
) -> None:
    for finding in scrub_institutional(claim, ScrubContext(today=today)):
        assert PATH.fullmatch(finding.field)
        assert_resolves(claim, finding.field)


def assert_resolves(thing: object, path: str) -> None:
    """Every step of the path is an attribute, or a position counted from 1."""
    for step in path.split("."):
        if step.isdecimal():
            assert isinstance(thing, tuple) and 1 <= int(step) <= len(thing)
            thing = thing[int(step) - 1]
        elif thing is not None:
            assert hasattr(thing, step)
            thing = getattr(thing, step)
