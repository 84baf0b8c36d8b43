"""Which payer comes next, what bars a claim to it, and which line each service of a remittance answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.claims.cob import (
    decision_of,
    imbalances,
    next_coverage,
    remaining_cents,
    secondary_claim,
    why_not_next_payer,
)
from domain.claims.line_matching import match_services
from domain.claims.medicare_secondary import MEDICARE_SECONDARY_TYPES, is_type, needs_type
from domain.claims.model import Claim, Coverage, Payer, ServiceLine
from domain.refusals import Conflict, Refusal
from domain.x12.facts_835 import Adjustment, ClaimPayment, Dated, ServicePayment

DECIDED = date(2026, 11, 10)
Change = Callable[[ClaimPayment], ClaimPayment]


def service(ordinal: int, line: ServiceLine, share: int, **facts: object) -> ServicePayment:
    made = ServicePayment(
        ordinal, 0, "HC", line.procedure, line.modifiers, line.charge_cents, line.charge_cents - share, "", "", "", "",
        line.control_number, (Adjustment("PR", "1", share),), (), (), (), (), (),
    )  # fmt: skip
    return made._replace(**facts)  # type: ignore[arg-type]


@pytest.fixture
def second(good_claim: Claim) -> Coverage:
    return Coverage(Payer("SECOND", "77777"), "S1", good_claim.patient, order="S")


@pytest.fixture
def covered(good_claim: Claim, second: Coverage) -> Claim:
    third = replace(second, payer=Payer("THIRD", "88888"), order="T")
    return replace(good_claim, other_coverages=(third, second))


@pytest.fixture
def payment(good_claim: Claim) -> ClaimPayment:
    services = tuple(service(at, line, 500) for at, line in enumerate(good_claim.lines, 1))
    return ClaimPayment(
        1, 1, good_claim.claim_number, "1", 17000, 16000, 1000, "12", "ICN1", "", "", "", (), services,
        (), (), (), (), (), (),
    )  # fmt: skip


def made(claim: Claim, payment: ClaimPayment, second: Coverage) -> Claim:
    return secondary_claim(claim, payment, second, claim_number="C-2", adjudicated=DECIDED)


def test_the_next_payer_is_the_first_after_the_one_asked(covered: Claim, second: Coverage) -> None:
    assert next_coverage(covered) == second
    assert next_coverage(replace(covered, coverage=second)) == covered.other_coverages[0]
    assert next_coverage(replace(covered, other_coverages=())) is None


def test_what_a_payer_leaves_is_the_patients_share(payment: ClaimPayment) -> None:
    assert remaining_cents(payment) == 1000


@pytest.mark.parametrize("status", ["19", "20", "21", "23"])
def test_a_forwarded_claim_is_never_billed_to_the_next_payer(
    status: str, covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    with pytest.raises(Conflict) as refused:
        made(covered, payment._replace(status=status), second)
    assert refused.value.code == "cob_forwarded" and "forwarded" in refused.value.title


@pytest.mark.parametrize(("status", "code"), [("22", "cob_reversal"), ("25", "cob_predetermination")])
def test_a_reversal_or_predetermination_is_no_decision(
    status: str, code: str, covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    with pytest.raises(Conflict) as refused:
        made(covered, payment._replace(status=status), second)
    assert refused.value.code == code


@pytest.mark.parametrize("status", ["1", "2", "3", "4"])
def test_any_other_status_lets_the_next_payer_be_asked(status: str, payment: ClaimPayment) -> None:
    assert why_not_next_payer(payment._replace(status=status)) is None


def one_cent_more(payment: ClaimPayment) -> ClaimPayment:
    first, *others = payment.services
    return payment._replace(services=(first._replace(paid_cents=first.paid_cents + 1), *others))


REFUSED: list[tuple[str, Change]] = [
    ("cob_out_of_balance", one_cent_more),
    ("cob_out_of_balance", lambda payment: payment._replace(paid_cents=payment.paid_cents - 1)),
    ("cob_out_of_balance", lambda payment: payment._replace(services=payment.services[:1])),
    ("cob_charge", lambda payment: payment._replace(charge_cents=16999)),
    (
        "cob_line_unmatched",
        lambda payment: payment._replace(
            services=(
                payment.services[0]._replace(control_number="", procedure="99215"),
                *payment.services[1:],
            )
        ),
    ),
]


@pytest.mark.parametrize(("code", "change"), REFUSED)
def test_no_claim_is_made_from_a_decision_that_does_not_agree_with_it(
    code: str, change: Change, covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    with pytest.raises(Refusal) as refused:
        made(covered, change(payment), second)
    assert refused.value.code == code


def test_the_next_payer_must_come_after_those_that_decided(
    covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    for order in ("P", "U", ""):
        with pytest.raises(Refusal, match="cob_order"):
            made(covered, payment, replace(second, order=order))


def test_medicare_as_a_later_payer_needs_its_type(
    covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    medicare = replace(second, payer=Payer("MEDICARE", "00435", "MB", medicare=True))
    for code in ("", "99"):
        with pytest.raises(Refusal, match="cob_medicare_type"):
            made(covered, payment, replace(medicare, insurance_type=code))
    assert made(covered, payment, replace(medicare, insurance_type="12")).coverage.insurance_type == "12"


def test_the_types_of_medicare_secondary_payer_are_the_nine_of_the_guide() -> None:
    assert set(MEDICARE_SECONDARY_TYPES) == {"12", "13", "14", "15", "16", "41", "42", "43", "47"}
    assert is_type("43", DECIDED) and not is_type("43", date(2001, 1, 1)) and not is_type("44", DECIDED)


def test_only_medicare_behind_another_payer_needs_a_type(second: Coverage) -> None:
    medicare = replace(second, payer=Payer("MEDICARE", "00435", "MB", medicare=True))
    assert needs_type(medicare) and not needs_type(replace(medicare, order="P")) and not needs_type(second)


def test_what_a_payer_contracted_or_denied_is_not_left(payment: ClaimPayment) -> None:
    more = (Adjustment("CO", "45", 300), Adjustment("PR", "2", 7))
    assert remaining_cents(payment._replace(adjustments=more)) == 1007


def test_the_next_claim_is_an_original_without_the_coverage_that_it_asks(
    covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    replaced = replace(covered, frequency="7", payer_claim_control_number="ICN0")
    claim = made(replaced, payment, second)
    assert (claim.claim_number, claim.frequency, claim.payer_claim_control_number) == ("C-2", "1", "")
    assert [other.payer.payer_id for other in claim.other_coverages] == ["88888"]
    same_payer = replace(second, member_id="S2", order="T")
    twice = made(replace(replaced, other_coverages=(same_payer, second)), payment, second)
    assert twice.other_coverages == (same_payer,), "a coverage is a payer and a member"


def test_a_third_payer_comes_after_both_that_decided(
    covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    claim = made(covered, payment, second)
    with pytest.raises(Refusal, match="cob_order"):
        made(claim, payment, replace(second, member_id="S9"))
    assert made(claim, payment, covered.other_coverages[0]).coverage.order == "T"


def test_a_decision_on_the_claim_alone_tells_what_is_left_of_it(
    covered: Claim, payment: ClaimPayment
) -> None:
    share = (Adjustment("PR", "1", 600), Adjustment("CO", "45", 300), Adjustment("PR", "2", 100))
    whole = decision_of(covered, payment._replace(services=(), adjustments=share), DECIDED)
    assert (whole.lines, whole.remaining_cents) == ((), 700)
    assert [one.reason for one in whole.adjustments] == ["1", "2", "45"], "each group is one segment"
    assert decision_of(covered, payment, DECIDED).remaining_cents is None
    many = payment._replace(remarks=("M1", "M2", "M3", "M4", "M5", "M6"))
    assert decision_of(covered, many, DECIDED).remarks == ("M1", "M2", "M3", "M4", "M5")


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"qualifier": "HC", "procedure": "99999", "modifiers": ("26",)}, ("99999", ("26",))),
        ({"qualifier": "HP", "procedure": "A0428", "modifiers": ()}, ("A0428", ())),
        ({"qualifier": "N4", "procedure": "00002", "modifiers": ("26",)}, None),
        ({"qualifier": "HC", "procedure": "", "modifiers": ("26",)}, None),
    ],
)
def test_a_line_is_told_by_the_procedure_that_the_payer_named_else_by_its_own(
    facts: dict[str, object], named: tuple[object, ...] | None, covered: Claim, payment: ClaimPayment
) -> None:
    first, other = payment.services
    odd = first._replace(**facts, adjustments=(Adjustment("PR", "1", 400), Adjustment("CO", "45", 100)))  # type: ignore[arg-type]
    line = decision_of(covered, payment._replace(services=(odd, other)), DECIDED).lines[0]
    own = covered.lines[0]
    assert (line.procedure, line.modifiers) == (named or (own.procedure, own.modifiers))
    assert (line.units, line.remaining_cents, line.revenue_code) == (Decimal(1), 400, "")


def test_what_was_paid_for_no_line_or_beside_the_lines_is_an_imbalance(
    covered: Claim, payment: ClaimPayment
) -> None:
    decision = decision_of(covered, payment, DECIDED)
    (first, other) = decision.lines
    nowhere = replace(decision, lines=(first, replace(other, line_number=9)))
    found = {(one.line, one.charged_cents) for one in imbalances(replace(covered, decisions=(nowhere,)))}
    assert found == {(9, 0)}
    short = replace(decision, paid_cents=decision.paid_cents - 1)
    (claim_level,) = imbalances(replace(covered, decisions=(decision, short)))
    assert (claim_level.payer, claim_level.line, claim_level.difference_cents) == (2, 0, 1)


def test_an_imbalance_names_payer_line_and_cents(covered: Claim, payment: ClaimPayment) -> None:
    wrong = replace(covered, decisions=(decision_of(covered, one_cent_more(payment), DECIDED),))
    (found,) = imbalances(wrong)
    assert (found.payer, found.line, found.difference_cents) == (1, 1, -1)


def test_a_line_that_the_payer_unbundled_balances_as_one(
    covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    first, other = payment.services
    half = first._replace(charge_cents=6000, paid_cents=5500)
    rest = half._replace(ordinal=3, charge_cents=6500, paid_cents=6500, adjustments=(), procedure="99212")
    claim = made(covered, payment._replace(services=(half, other, rest)), second)
    assert [line.line_number for line in claim.decisions[0].lines] == [1, 1, 2]


def test_a_denied_line_is_told_with_its_adjustment_and_nothing_paid(
    covered: Claim, payment: ClaimPayment, second: Coverage
) -> None:
    first, other = payment.services
    denied = first._replace(paid_cents=0, adjustments=(Adjustment("CO", "97", 12500),), units="0")
    claim = made(covered, payment._replace(services=(denied, other), paid_cents=4000), second)
    line = claim.decisions[0].lines[0]
    assert (line.paid_cents, line.units, line.remaining_cents) == (0, Decimal(0), 0)


def unnumbered(payment: ClaimPayment) -> list[ServicePayment]:
    return [one._replace(control_number="") for one in payment.services]


def test_a_service_is_found_by_its_control_number_whatever_its_case_and_procedure(
    covered: Claim, payment: ClaimPayment
) -> None:
    first, other = payment.services
    odd = first._replace(control_number=first.control_number.lower(), procedure="99212")
    assert match_services(covered.lines, [other, odd]) == {1: 1, 2: 2}


def test_without_control_numbers_procedure_charge_and_date_find_the_line(
    covered: Claim, payment: ClaimPayment
) -> None:
    first, other = unnumbered(payment)
    assert match_services(covered.lines, [other, first]) == {1: 1, 2: 2}
    recoded = first._replace(procedure="99212", original_procedure="HC:99213")
    assert match_services(covered.lines, [recoded]) == {1: 1}
    another_day = first._replace(dates=(Dated("472", "20261104", date(2026, 11, 4)),))
    assert match_services(covered.lines, [another_day]) == {}


def test_lines_alike_are_answered_in_order_and_unlike_ones_are_never_guessed(
    covered: Claim, payment: ClaimPayment
) -> None:
    line, service_one = covered.lines[0], unnumbered(payment)[0]
    twice = [service_one, service_one._replace(ordinal=2)]
    assert match_services((line, line), twice) == {1: 1, 2: 2}
    unnamed = [service_one._replace(qualifier="N4", procedure="00002")]
    assert match_services((line, replace(line, procedure="99214")), unnamed) == {}
    assert match_services((line, replace(line, procedure="99214")), unnamed, {1: 2}) == {1: 2}
