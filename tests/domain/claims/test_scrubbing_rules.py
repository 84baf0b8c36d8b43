"""Each scrubbing rule fires at the field of its fault, and none fires on a good claim."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.care.codes import CodeTable, TimedCode, Track
from domain.care.entries import Programme
from domain.care.month import last_of_month
from domain.claims.model import Claim, Provider
from domain.claims.rules import CATALOGUE, EarlierLine, Family, ScrubContext, Severity, holds_claim, scrub
from tests.domain.claims.planted_faults import (
    BY_CONTEXT,
    FAULTS,
    LONG_AGO,
    MEDICARE,
    Change,
    all_of,
    claim,
    line,
    part,
)


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
