"""Each scrubbing rule fires at the field of its fault, and none fires on a good claim."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.care.codes import CodeTable, TimedCode, Track
from domain.care.entries import Programme
from domain.care.month import last_of_month
from domain.claims.model import Claim, Coverage, Payer, Provider
from domain.claims.rules import CATALOGUE, EarlierLine, Family, ScrubContext, Severity, holds_claim, scrub

Change = Callable[[Claim], Claim]
TODAY = date(2026, 11, 20)
LONG_AGO = date(2024, 1, 10)


def claim(**facts: Any) -> Change:
    return lambda good: replace(good, **facts)


def part(name: str, /, **facts: Any) -> Change:
    return lambda good: replace(good, **{name: replace(getattr(good, name), **facts)})


def patient_address(**facts: Any) -> Change:
    return lambda good: replace(
        good, patient=replace(good.patient, address=replace(good.patient.address, **facts))
    )


def billing_address(**facts: Any) -> Change:
    return lambda good: replace(
        good, billing=replace(good.billing, address=replace(good.billing.address, **facts))
    )


def payer(**facts: Any) -> Change:
    return lambda good: replace(
        good, coverage=replace(good.coverage, payer=replace(good.coverage.payer, **facts))
    )


def subscriber(**facts: Any) -> Change:
    return lambda good: replace(
        good, coverage=replace(good.coverage, subscriber=replace(good.coverage.subscriber, **facts))
    )


def line(position: int, **facts: Any) -> Change:
    def change(good: Claim) -> Claim:
        lines = list(good.lines)
        lines[position - 1] = replace(lines[position - 1], **facts)
        return replace(good, lines=tuple(lines))

    return change


def all_of(*changes: Change) -> Change:
    def change(good: Claim) -> Claim:
        for one in changes:
            good = one(good)
        return good

    return change


def many_lines(good: Claim) -> Claim:
    return replace(
        good,
        lines=tuple(
            replace(good.lines[0], number=number, control_number=str(number)) for number in range(1, 52)
        ),
    )


def without_coverage(good: Claim) -> Claim:
    return replace(good, coverage=Coverage(Payer("", ""), "", good.patient))


def with_other_primary(good: Claim) -> Claim:
    return replace(good, other_coverages=(good.coverage,))


def repeated_line(good: Claim) -> Claim:
    return replace(good, lines=(good.lines[0], replace(good.lines[0], number=2, control_number="Z2")))


@dataclass(frozen=True, slots=True)
class WronglySummed(Claim):
    """A claim whose total was read from elsewhere."""

    @property
    def charge_cents(self) -> int:
        return 1


def wrongly_summed(good: Claim) -> Claim:
    return WronglySummed(**{name: getattr(good, name) for name in Claim.__dataclass_fields__})


MEDICARE = payer(medicare=True, claim_filing_code="MB")
NOT_SELF = part("coverage", relationship="19")

FAULTS: list[tuple[str, Change, str]] = [
    ("CL-IDN-001", part("patient", last_name=" "), "patient.last_name"),
    ("CL-IDN-002", part("patient", first_name=""), "patient.first_name"),
    ("CL-IDN-003", part("patient", birth_date=None), "patient.birth_date"),
    ("CL-IDN-004", part("patient", birth_date=date(1880, 1, 1)), "patient.birth_date"),
    ("CL-IDN-004", part("patient", birth_date=date(2026, 11, 21)), "patient.birth_date"),
    ("CL-IDN-005", part("patient", birth_date=date(2026, 11, 4)), "patient.birth_date"),
    ("CL-IDN-006", part("patient", sex="X"), "patient.sex"),
    ("CL-IDN-007", patient_address(city=""), "patient.address.city"),
    ("CL-IDN-008", patient_address(state="ZZ"), "patient.address.state"),
    ("CL-IDN-009", patient_address(postal_code="43215-1234"), "patient.address.postal_code"),
    ("CL-IDN-010", claim(claim_number="C" * 21), "claim_number"),
    ("CL-IDN-010", claim(claim_number=""), "claim_number"),
    ("CL-IDN-010", claim(claim_number="A*B"), "claim_number"),
    ("CL-IDN-011", part("patient", last_name="Иванова"), "patient.last_name"),
    ("CL-IDN-011", patient_address(line1="12 Elm\nSt"), "patient.address.line1"),
    ("CL-IDN-012", part("patient", last_name="NÚÑEZ"), "patient.last_name"),
    ("CL-IDN-012", part("billing", name="A*B:C~D"), "billing.name"),
    ("CL-IDN-013", part("patient", last_name="D" * 61), "patient.last_name"),
    ("CL-IDN-014", NOT_SELF, "coverage.relationship"),
    ("CL-COV-001", without_coverage, "coverage"),
    ("CL-COV-002", part("coverage", member_id=""), "coverage.member_id"),
    ("CL-COV-003", part("coverage", member_id="W12*34"), "coverage.member_id"),
    ("CL-COV-004", all_of(MEDICARE, part("coverage", member_id="W123456789")), "coverage.member_id"),
    ("CL-COV-005", part("coverage", effective_from=date(2026, 11, 4)), "coverage.effective_from"),
    ("CL-COV-006", part("coverage", effective_to=date(2026, 11, 2)), "coverage.effective_to"),
    ("CL-COV-007", part("coverage", effective_to=date(2025, 11, 2)), "coverage.effective_to"),
    ("CL-COV-008", subscriber(last_name=""), "coverage.subscriber.last_name"),
    ("CL-COV-009", subscriber(first_name="JOHN"), "coverage.subscriber.first_name"),
    ("CL-COV-010", subscriber(birth_date=None), "coverage.subscriber.birth_date"),
    (
        "CL-COV-011",
        lambda good: subscriber(address=replace(good.patient.address, line1=""))(good),
        "coverage.subscriber.address.line1",
    ),
    ("CL-COV-012", part("coverage", relationship="99"), "coverage.relationship"),
    ("CL-COV-013", part("coverage", order="Q"), "coverage.order"),
    ("CL-COV-014", part("coverage", order="S"), "other_coverages"),
    ("CL-COV-015", with_other_primary, "other_coverages.1.order"),
    (
        "CL-COV-016",
        all_of(NOT_SELF, subscriber(birth_date=date(2000, 1, 1))),
        "coverage.relationship",
    ),
    ("CL-COV-017", claim(benefits_assigned=False), "benefits_assigned"),
    ("CL-COV-018", claim(release_of_information="N"), "release_of_information"),
    ("CL-PRV-001", part("billing", npi="1234567890"), "billing.npi"),
    ("CL-PRV-001", part("billing", npi=""), "billing.npi"),
    ("CL-PRV-002", part("rendering", npi="1245319598"), "rendering.npi"),
    ("CL-PRV-003", claim(referring=Provider("POE", "ANN", "1245319590")), "referring.npi"),
    ("CL-PRV-004", part("billing", tax_id=""), "billing.tax_id"),
    ("CL-PRV-005", part("billing", tax_id="31-1234567"), "billing.tax_id"),
    ("CL-PRV-005", part("billing", tax_id="999999999"), "billing.tax_id"),
    ("CL-PRV-006", part("billing", name=""), "billing.name"),
    ("CL-PRV-007", billing_address(line1=""), "billing.address.line1"),
    ("CL-PRV-008", billing_address(line1="P.O. Box 17"), "billing.address.line1"),
    ("CL-PRV-008", billing_address(line2="PO BOX 17"), "billing.address.line2"),
    ("CL-PRV-009", billing_address(state="OI"), "billing.address.state"),
    ("CL-PRV-010", billing_address(postal_code="43215"), "billing.address.postal_code"),
    ("CL-PRV-011", billing_address(postal_code="432150000"), "billing.address.postal_code"),
    ("CL-PRV-012", part("billing", taxonomy=""), "billing.taxonomy"),
    ("CL-PRV-013", part("rendering", taxonomy="207Q"), "rendering.taxonomy"),
    ("CL-PRV-014", part("rendering", last_name=""), "rendering.last_name"),
    ("CL-PRV-015", part("rendering", npi="1234567893"), "rendering.npi"),
    ("CL-PRV-016", part("rendering", taxonomy=""), "rendering.taxonomy"),
    ("CL-PRV-017", claim(referring=Provider("", "ANN", "1245319599")), "referring.last_name"),
    ("CL-PRV-018", MEDICARE, "referring"),
    ("CL-PRV-019", part("billing", phone="555-0100"), "billing.phone"),
    ("CL-PRV-020", claim(provider_signature_on_file=False), "provider_signature_on_file"),
    ("CL-PAY-001", payer(payer_id=""), "coverage.payer.payer_id"),
    ("CL-PAY-002", payer(payer_id="600 54"), "coverage.payer.payer_id"),
    ("CL-PAY-003", payer(name=""), "coverage.payer.name"),
    ("CL-PAY-004", payer(claim_filing_code="QQ"), "coverage.payer.claim_filing_code"),
    ("CL-PAY-005", payer(medicare=True), "coverage.payer.claim_filing_code"),
    ("CL-PAY-005", payer(claim_filing_code="MB"), "coverage.payer.claim_filing_code"),
    ("CL-PAY-006", payer(version="004010X098A1"), "coverage.payer.version"),
    ("CL-PAY-008", claim(frequency="6"), "frequency"),
    ("CL-PAY-009", claim(frequency="7"), "payer_claim_control_number"),
    ("CL-PAY-009", claim(frequency="8"), "payer_claim_control_number"),
    ("CL-PAY-010", claim(payer_claim_control_number="PCN1"), "payer_claim_control_number"),
    ("CL-PAY-011", claim(frequency="7", payer_claim_control_number="A~B"), "payer_claim_control_number"),
    ("CL-PAY-012", all_of(MEDICARE, claim(frequency="7", payer_claim_control_number="A1")), "frequency"),
    ("CL-PAY-013", claim(prior_authorization="A" * 51), "prior_authorization"),
    ("CL-PAY-014", line(2, control_number="X" * 31), "lines.2.control_number"),
    ("CL-PAY-015", line(2, control_number="C000001-1-1"), "lines.2.control_number"),
    ("CL-COD-001", claim(diagnoses=()), "diagnoses"),
    ("CL-COD-002", claim(diagnoses=tuple(f"E11{last}" for last in "0123456789ABC")), "diagnoses"),
    ("CL-COD-003", claim(diagnoses=("E11.9", "I10")), "diagnoses.1"),
    ("CL-COD-003", claim(diagnoses=("E119", "i10")), "diagnoses.2"),
    ("CL-COD-004", claim(diagnoses=("E119", "Q0000")), "diagnoses.2"),
    ("CL-COD-005", claim(diagnoses=("E11", "I10")), "diagnoses.1"),
    (
        "CL-COD-006",
        all_of(claim(diagnoses=("I10", "U071")), line(1, service_from=date(2020, 3, 31))),
        "diagnoses.2",
    ),
    ("CL-COD-007", claim(diagnoses=("E119", "E119")), "diagnoses.2"),
    ("CL-COD-008", claim(diagnoses=("W19XXXA", "I10")), "diagnoses.1"),
    ("CL-COD-009", all_of(claim(diagnoses=("I10", "O0900")), part("patient", sex="M")), "diagnoses.2"),
    ("CL-COD-010", line(1, pointers=(1,)), "diagnoses.2"),
    ("CL-COD-011", line(2, pointers=()), "lines.2.pointers"),
    ("CL-COD-012", line(2, pointers=(1, 2, 3, 4, 5)), "lines.2.pointers"),
    ("CL-COD-013", line(1, pointers=(0, 1)), "lines.1.pointers"),
    ("CL-COD-013", line(1, pointers=(13,)), "lines.1.pointers"),
    ("CL-COD-014", line(1, pointers=(1, 3)), "lines.1.pointers"),
    ("CL-COD-015", line(1, pointers=(1, 1)), "lines.1.pointers"),
    ("CL-COD-016", claim(lines=()), "lines"),
    ("CL-COD-017", many_lines, "lines"),
    ("CL-COD-018", line(2, number=3), "lines.2.number"),
    ("CL-COD-019", line(1, procedure="9921"), "lines.1.procedure"),
    ("CL-COD-019", line(1, procedure="99213 "), "lines.1.procedure"),
    ("CL-COD-020", line(1, procedure="J3490"), "lines.1.note"),
    ("CL-COD-021", line(1, modifiers=("2",)), "lines.1.modifiers"),
    ("CL-COD-022", line(1, modifiers=("25", "25")), "lines.1.modifiers"),
    ("CL-COD-023", line(1, modifiers=("25", "59", "GT", "95", "QW")), "lines.1.modifiers"),
    ("CL-COD-024", line(1, modifiers=("50", "LT")), "lines.1.modifiers"),
    ("CL-COD-025", line(1, units=Decimal(0)), "lines.1.units"),
    ("CL-COD-025", line(1, units=Decimal("NaN")), "lines.1.units"),
    ("CL-COD-025", line(1, units=Decimal("1.2345")), "lines.1.units"),
    ("CL-COD-026", line(1, units=Decimal(1000)), "lines.1.units"),
    (
        "CL-COD-027",
        all_of(line(1, procedure="99439", units=Decimal(3)), line(2, procedure="99490")),
        "lines.1.units",
    ),
    ("CL-COD-028", claim(place_of_service="28"), "place_of_service"),
    ("CL-COD-029", line(2, place_of_service="1"), "lines.2.place_of_service"),
    ("CL-DAT-001", line(1, service_to=date(2026, 11, 2)), "lines.1.service_to"),
    ("CL-DAT-002", line(1, service_to=date(2026, 11, 21)), "lines.1.service_to"),
    ("CL-DAT-003", line(1, service_from=date(2026, 10, 1)), "lines.1.service_to"),
    ("CL-DAT-004", line(1, service_from=date(2025, 12, 31)), "lines.1.service_to"),
    ("CL-DAT-005", line(2, service_from=LONG_AGO, service_to=LONG_AGO), "lines.2.service_from"),
    ("CL-DAT-006", line(1, service_from=date(2025, 12, 1)), "lines.1.service_from"),
    ("CL-DAT-007", claim(accident="ZZ"), "accident"),
    ("CL-DAT-008", claim(accident="OA"), "accident_date"),
    ("CL-DAT-009", claim(accident="AA", accident_date=date(2026, 11, 1)), "accident_state"),
    ("CL-DAT-010", claim(accident="OA", accident_date=date(2026, 11, 4)), "accident_date"),
    ("CL-DAT-011", claim(accident_date=date(2026, 11, 1)), "accident"),
    ("CL-DAT-012", claim(onset_date=date(2026, 11, 4)), "onset_date"),
    ("CL-DAT-013", claim(onset_date=date(1980, 5, 16)), "onset_date"),
    ("CL-MON-001", line(1, charge_cents=-1), "lines.1.charge_cents"),
    ("CL-MON-002", line(1, charge_cents=0), "lines.1.charge_cents"),
    ("CL-MON-003", line(1, charge_cents=10_000_000_000), "lines.1.charge_cents"),
    ("CL-MON-004", line(1, charge_cents=10_000_001), "lines.1.charge_cents"),
    ("CL-MON-005", wrongly_summed, "charge_cents"),
    (
        "CL-MON-006",
        all_of(line(1, charge_cents=9_999_999_999), line(2, charge_cents=1)),
        "charge_cents",
    ),
    ("CL-MON-007", all_of(line(1, charge_cents=0), line(2, charge_cents=0)), "charge_cents"),
    ("CL-DUP-004", repeated_line, "lines.2.procedure"),
    (
        "CL-CAR-001",
        all_of(line(1, procedure="99490"), line(2, procedure="99491")),
        "lines.1.procedure",
    ),
    (
        "CL-CAR-002",
        all_of(line(1, procedure="G0557"), line(2, procedure="99490")),
        "lines.1.procedure",
    ),
    ("CL-CAR-003", line(1, procedure="99489"), "lines.1.procedure"),
]
# These need to be told something besides the claim; their tests stand below.
BY_CONTEXT = {
    "CL-PAY-007",
    "CL-DUP-001",
    "CL-DUP-002",
    "CL-DUP-003",
    "CL-DUP-005",
    "CL-CAR-004",
    "CL-CAR-005",
}


def fired(claim: Claim, context: ScrubContext) -> set[tuple[str, str]]:
    return {(finding.rule_id, finding.field) for finding in scrub(claim, context)}


def test_a_good_claim_has_no_findings(good_claim: Claim, context: ScrubContext) -> None:
    assert scrub(good_claim, context) == ()


@pytest.mark.parametrize(("rule_id", "change", "field"), FAULTS)
def test_a_rule_fires_at_the_field_of_its_fault(
    rule_id: str, change: Change, field: str, good_claim: Claim, context: ScrubContext
) -> None:
    assert (rule_id, field) in fired(change(good_claim), context)


def test_every_rule_has_a_fault_that_makes_it_fire() -> None:
    assert {rule_id for rule_id, _, _ in FAULTS} | BY_CONTEXT == {rule.id for rule in CATALOGUE}


def test_every_rule_has_an_id_of_its_own_and_says_what_to_do() -> None:
    assert len({rule.id for rule in CATALOGUE}) == len(CATALOGUE) >= 45
    assert {rule.family for rule in CATALOGUE} == set(Family) - {Family.INSTITUTIONAL}
    for rule in CATALOGUE:
        assert rule.sentence.endswith(".") and rule.fix.endswith(".") and rule.citation


def test_rule_ids_are_permanent() -> None:
    families = {
        "IDN": 14,
        "COV": 18,
        "PRV": 20,
        "PAY": 15,
        "COD": 29,
        "DAT": 13,
        "MON": 7,
        "DUP": 5,
        "CAR": 5,
    }
    known = {f"CL-{family}-{number:03}" for family, last in families.items() for number in range(1, last + 1)}
    assert known <= {rule.id for rule in CATALOGUE}


def test_a_bad_npi_and_a_bad_pointer_are_told_each_at_its_field_and_hold_the_claim(
    good_claim: Claim, context: ScrubContext
) -> None:
    bad = all_of(part("rendering", npi="1245319598"), line(1, pointers=(1, 2, 7)))(good_claim)
    findings = scrub(bad, context)
    assert {(f.rule_id, f.field) for f in findings} == {
        ("CL-PRV-002", "rendering.npi"),
        ("CL-COD-014", "lines.1.pointers"),
    }
    assert holds_claim(findings)


def test_a_warning_alone_does_not_hold_the_claim(good_claim: Claim, context: ScrubContext) -> None:
    findings = scrub(line(1, units=Decimal(1000))(good_claim), context)
    assert [finding.severity for finding in findings] == [Severity.WARNING]
    assert not holds_claim(findings)


def test_a_corrected_claim_is_silent_again(good_claim: Claim, context: ScrubContext) -> None:
    bad = part("rendering", npi="1245319598")(good_claim)
    assert scrub(bad, context) and not scrub(part("rendering", npi="1245319599")(bad), context)


def test_findings_never_quote_the_claim(good_claim: Claim, context: ScrubContext) -> None:
    for _, change, _ in FAULTS:
        for finding in scrub(change(good_claim), context):
            for value in (good_claim.patient.last_name, "W123456789", "NÚÑEZ", "1245319598"):
                assert value not in f"{finding.message} {finding.field}"


def test_a_client_known_not_to_be_enrolled_is_held(good_claim: Claim, context: ScrubContext) -> None:
    assert ("CL-PAY-007", "coverage.payer") in fired(good_claim, replace(context, enrolled=False))
    assert not fired(good_claim, replace(context, enrolled=True))


def earlier(good: Claim, number: str = "C-OLD", **facts: Any) -> tuple[EarlierLine, ...]:
    made = (
        EarlierLine(
            number, one.service_from, one.procedure, good.billing.npi, one.charge_cents, one.modifiers
        )
        for one in good.lines
    )
    return tuple(replace(one, **facts) for one in made)


def test_the_same_claim_again_is_held_as_a_duplicate(good_claim: Claim, context: ScrubContext) -> None:
    known = replace(context, known_duplicates=earlier(good_claim))
    assert fired(good_claim, known) == {("CL-DUP-001", "lines")}


def test_a_line_billed_before_at_another_price_is_a_possible_duplicate(
    good_claim: Claim, context: ScrubContext
) -> None:
    known = replace(context, known_duplicates=earlier(good_claim, charge_cents=1)[:1])
    assert fired(good_claim, known) == {("CL-DUP-002", "lines.1.procedure")}


def test_a_line_that_another_provider_billed_is_a_possible_duplicate(
    good_claim: Claim, context: ScrubContext
) -> None:
    known = replace(context, known_duplicates=earlier(good_claim, billing_npi="1003000126"))
    assert fired(good_claim, known) == {
        ("CL-DUP-003", "lines.1.procedure"),
        ("CL-DUP-003", "lines.2.procedure"),
    }


def test_a_repetition_that_says_so_is_no_duplicate(good_claim: Claim, context: ScrubContext) -> None:
    repeated = line(1, modifiers=("76",))(good_claim)
    known = replace(context, known_duplicates=earlier(good_claim)[:1])
    assert not fired(repeated, known)


def test_a_claims_own_versions_and_replacements_are_no_duplicates(
    good_claim: Claim, context: ScrubContext
) -> None:
    lines = earlier(good_claim)
    assert not fired(
        good_claim, replace(context, known_duplicates=lines, own_claim_numbers=frozenset({"C-OLD"}))
    )
    replacement = replace(good_claim, frequency="7", payer_claim_control_number="PCN1")
    assert not fired(replacement, replace(context, known_duplicates=lines))


def test_a_claim_number_in_use_is_held(good_claim: Claim, context: ScrubContext) -> None:
    other_day = earlier(good_claim, good_claim.claim_number, service_from=date(2026, 5, 1))
    assert fired(good_claim, replace(context, known_duplicates=other_day)) == {("CL-DUP-005", "claim_number")}


@pytest.mark.parametrize(
    ("code", "before", "by", "rules"),
    [
        ("99490", "99490", "", {"CL-CAR-001"}),
        ("99439", "99490", "", {"CL-CAR-001"}),
        ("99490", "99491", "1003000126", {"CL-CAR-001", "CL-CAR-004"}),
        ("99426", "99490", "", {"CL-CAR-002"}),
        ("99426", "99490", "1003000126", {"CL-CAR-005"}),
        ("99495", "G0556", "", {"CL-CAR-002"}),
        ("99213", "99490", "", set()),
    ],
)
def test_care_is_held_against_all_that_was_billed_of_its_month(
    good_claim: Claim, context: ScrubContext, code: str, before: str, by: str, rules: set[str]
) -> None:
    one = good_claim.lines[0]
    asked = replace(good_claim, lines=(replace(one, procedure=code),))
    npi = by or (asked.rendering.npi if asked.rendering else asked.billing.npi)
    alone = {"CL-CAR-003"} if code == "99439" else set[str]()
    for day, found in ((one.service_from.replace(day=28), rules), (LONG_AGO, alone)):
        other = EarlierLine("C-OLD", day, before, asked.billing.npi, 6_500, rendering_npi=npi)
        fired_now = {rule for rule, _ in fired(asked, replace(context, known_duplicates=(other,)))}
        assert {rule for rule in fired_now if rule.startswith("CL-CAR")} == found
        void = replace(asked, frequency="8", payer_claim_control_number="PCN1")
        assert not fired(void, replace(context, known_duplicates=(other,)))


def test_the_codes_of_the_claims_month_say_which_add_ons_it_may_have(
    good_claim: Claim, context: ScrubContext
) -> None:
    one = good_claim.lines[0]
    pair = (replace(one, procedure="99480"), replace(one, procedure="99481", units=Decimal(2)))
    asked = replace(good_claim, lines=pair)
    last = last_of_month(one.service_from)
    base = TimedCode("99480", Programme.CCM, Track.STAFF, 1200, "99481", 1200, 1)
    for cap, found in ((None, set()), (2, set()), (1, {"CL-COD-027"})):
        tables = {last: CodeTable((replace(base, cap=cap),))}
        rules = {rule for rule, _ in fired(asked, replace(context, care_codes=tables))}
        assert {rule for rule in rules if rule.startswith(("CL-CAR", "CL-COD-027"))} == found
    alone = replace(good_claim, lines=pair[1:])
    known = replace(context, care_codes={last: CodeTable((base,))})
    assert "CL-CAR-003" in {rule for rule, _ in fired(alone, known)}
    assert "CL-CAR-003" not in {rule for rule, _ in fired(alone, context)}


def test_proof_of_an_earlier_acceptance_answers_the_filing_limit(
    good_claim: Claim, context: ScrubContext
) -> None:
    day = date(2025, 11, 1)
    late = all_of(
        line(1, service_from=day, service_to=day),
        line(2, service_from=day, service_to=day),
        part("coverage", effective_from=date(2025, 1, 1)),
    )(good_claim)
    assert {rule_id for rule_id, _ in fired(late, context)} == {"CL-DAT-005"}
    assert not fired(late, replace(context, first_received=date(2025, 11, 20)))


def test_the_filing_warning_begins_fifteen_days_before_the_limit(
    good_claim: Claim, context: ScrubContext
) -> None:
    limit = date(2027, 11, 3)

    def told(today: date) -> set[str]:
        known = replace(context, today=today)
        return {
            finding.rule_id for finding in scrub(good_claim, known) if finding.rule_id.startswith("CL-DAT")
        }

    assert told(date(2027, 10, 18)) == set()
    assert told(date(2027, 10, 19)) == told(limit) == {"CL-DAT-006"}
    assert told(date(2027, 11, 4)) == {"CL-DAT-005"}


def test_category_two_codes_may_be_charged_nothing(good_claim: Claim, context: ScrubContext) -> None:
    assert not fired(line(2, procedure="3044F", charge_cents=0)(good_claim), context)


def test_a_medicare_claim_that_names_who_ordered_is_good(good_claim: Claim, context: ScrubContext) -> None:
    medicare = all_of(
        MEDICARE,
        part("coverage", member_id="1EG4TE5MK73"),
        claim(referring=Provider("POE", "ANN", "1003000126")),
    )(good_claim)
    assert not fired(medicare, context)
