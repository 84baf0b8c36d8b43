"""A later payer's remittance moves only what is its own, and turning it back moves exactly the same."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.claims.adjudicated import Adjudication, forwarded, net, next_payer_may_cover
from domain.claims.crossover import Heard, is_the_next_payers
from domain.remittances.ledger import payment_entries, transfer_entries
from domain.x12.facts_835 import Adjustment, ClaimPayment, ServicePayment

CHARGE = 16_000
QUICK = settings(max_examples=60, deadline=None)
cents = st.integers(0, CHARGE)
groups = st.sampled_from(
    [("OA", "23"), ("CO", "45"), ("PR", "1"), ("PR", "2"), ("CO", "16"), ("CO", "197"), ("PI", "94")]
)


def payment(paid: int, *adjustments: Adjustment, status: str = "2", number: str = "S-1") -> ClaimPayment:
    """A CLP that balances: what is neither paid nor adjusted goes to the first adjustment's line as CO-45."""
    rest = CHARGE - paid - sum(one.cents for one in adjustments)
    lines = (service(1, CHARGE, paid, (*adjustments, Adjustment("CO", "45", rest))),)
    return ClaimPayment(
        1, 0, "C1", status, CHARGE, paid, 0, "", number, "", "", "", (), lines, (), (), (), (), (), ()
    )


def service(ordinal: int, charge: int, paid: int, adjustments: tuple[Adjustment, ...]) -> ServicePayment:
    return ServicePayment(
        ordinal, 0, "HC", "99213", (), charge, paid, "", "1", "", "", "L1", adjustments, (), (), (), (), ()
    )


def turned(claim: ClaimPayment) -> ClaimPayment:
    lines = tuple(
        one._replace(
            charge_cents=-one.charge_cents,
            paid_cents=-one.paid_cents,
            adjustments=tuple(a._replace(cents=-a.cents) for a in one.adjustments),
        )
        for one in claim.services
    )
    return claim._replace(status="22", charge_cents=-CHARGE, paid_cents=-claim.paid_cents, services=lines)


@st.composite
def payments(draw: st.DrawFn) -> ClaimPayment:
    left = CHARGE
    paid = draw(st.integers(0, left))
    left -= paid
    made = []
    for _ in range(draw(st.integers(0, 3))):
        part = draw(st.integers(0, left))
        left -= part
        group, reason = draw(groups)
        made.append(Adjustment(group, reason, part))
    return payment(paid, *made)


@QUICK
@given(payments(), cents)
def test_a_later_payers_posting_sums_to_zero_and_its_reversal_moves_it_all_back(
    claim: ClaimPayment, prior: int
) -> None:
    forth, back = Counter(dict(payment_entries(claim, prior))), dict(payment_entries(turned(claim), prior))
    assert sum(forth.values()) == 0
    forth.update(back)
    assert not any(forth.values())


@QUICK
@given(payments(), cents)
def test_what_is_told_again_never_moves_more_than_the_payers_own_and_never_turns_a_sign(
    claim: ClaimPayment, prior: int
) -> None:
    alone, after = dict(payment_entries(claim)), dict(payment_entries(claim, prior))
    assert 0 <= after.get("contractual", 0) <= alone.get("contractual", 0)
    assert alone.get("contractual", 0) - after.get("contractual", 0) == min(
        prior, alone.get("contractual", 0)
    )
    assert (after.get("cash", 0), after.get("patient", 0)) == (alone.get("cash", 0), alone.get("patient", 0))


@QUICK
@given(cents, st.data())
def test_first_payer_transfer_and_second_payer_leave_nothing_open_when_nothing_is_denied(
    contract: int, data: st.DataObject
) -> None:
    paid = data.draw(st.integers(0, CHARGE - contract))
    share = CHARGE - contract - paid
    second = data.draw(st.integers(0, share))
    ledger: Counter[str] = Counter({"receivable": CHARGE, "revenue": -CHARGE})
    first = payment(paid, Adjustment("PR", "1", share), status="1")
    for entries in (
        payment_entries(first),
        transfer_entries(share),
        payment_entries(
            payment(second, Adjustment("OA", "23", CHARGE - share), Adjustment("PR", "2", share - second)),
            CHARGE - share,
        ),
    ):
        ledger.update(dict(entries))
    assert (ledger["receivable"], ledger["patient"], sum(ledger.values())) == (0, share - second, 0)


def decided(claim: ClaimPayment, day: int) -> Adjudication:
    return Adjudication(claim, date(2026, 11, day), {1: 1})


@QUICK
@given(payments(), payments(), st.permutations(range(3)))
def test_a_reversal_and_what_it_takes_back_cancel_in_every_order(
    old: ClaimPayment, new: ClaimPayment, order: list[int]
) -> None:
    files = [
        decided(old, 1),
        decided(turned(old), 2),
        decided(new._replace(payer_claim_control_number="S-2"), 3),
    ]
    stands = net([files[at] for at in order])
    assert stands is not None
    expected = net([files[2]])
    assert expected is not None
    assert (stands.payment, stands.lines) == (expected.payment, expected.lines)


def test_a_decision_that_was_only_taken_back_is_none() -> None:
    claim = payment(8_000)
    assert net([decided(claim, 1), decided(turned(claim), 2)]) is None
    assert net([]) is None


def test_a_payer_that_passed_the_claim_on_once_has_passed_it_on() -> None:
    first = decided(payment(8_000, status="19"), 1)
    corrected = [first, decided(turned(first.payment), 2), decided(payment(9_000, status="1"), 3)]
    assert forwarded(corrected) and not forwarded([decided(payment(1, status="1"), 1)])


def test_only_denials_by_which_a_payer_does_not_answer_for_the_service_go_on_by_themselves() -> None:
    assert next_payer_may_cover(payment(0, Adjustment("CO", "96", CHARGE)))
    assert not next_payer_may_cover(payment(0, Adjustment("CO", "197", CHARGE)))
    assert not next_payer_may_cover(payment(0, Adjustment("CO", "96", 1_000), Adjustment("CO", "16", 15_000)))


@pytest.mark.parametrize(
    "reason", ["22", "26", "27", "31", "32", "33", "34", "35", "96", "109", "119", "149", "200", "204"]
)
def test_a_reason_by_which_another_payer_answers_sends_the_claim_on(reason: str) -> None:
    assert next_payer_may_cover(payment(0, Adjustment("CO", reason, CHARGE)))


def said(*lines: ServicePayment, day: int = 1, status: str = "1", **more: object) -> Adjudication:
    """A decision on lines, the first of them on line 1."""
    charge, paid = sum(one.charge_cents for one in lines), sum(one.paid_cents for one in lines)
    claim = payment(0)._replace(status=status, charge_cents=charge, paid_cents=paid, services=lines, **more)  # type: ignore[arg-type]
    return Adjudication(claim, date(2026, 11, day), {one.ordinal: one.ordinal for one in lines})


def stands(*found: Adjudication) -> Adjudication:
    made = net(found)
    assert made is not None
    return made


LINE = service(1, 9_000, 9_000, ())
BACK = LINE._replace(charge_cents=-9_000, paid_cents=-9_000)


def test_what_stands_has_the_last_decisions_status_and_the_last_files_day() -> None:
    again = said(LINE, day=3, status="2")
    made = stands(said(LINE), said(BACK, day=5, status="22"), again)
    assert (made.payment.status, made.day, made.payment.ordinal) == ("2", date(2026, 11, 5), 1)
    passed_on = stands(
        said(LINE, status="1"), said(LINE, day=2, status="19"), said(LINE, day=3, status="21"), again
    )
    assert passed_on.payment.status == "19"


@pytest.mark.parametrize(("charge", "there"), [(9_001, True), (9_000, False), (8_999, False)])
def test_a_decision_stands_as_long_as_a_cent_of_its_charge_does(charge: int, there: bool) -> None:
    found = [said(LINE._replace(charge_cents=charge)), said(BACK, day=2, status="22")]
    assert (net(found) is not None) is there
    assert net([said(LINE, status="22")]) is None, "a reversal alone decides nothing, whatever its sign"


def test_adjustments_of_several_decisions_are_summed_by_reason_and_come_in_the_order_of_codes() -> None:
    one = (Adjustment("PR", "1", 7), Adjustment("CO", "45", 100), Adjustment("CO", "16", 5))
    other = (Adjustment("CO", "45", 50), Adjustment("CO", "16", -5))
    made = stands(said(LINE, adjustments=one), said(LINE, day=2, adjustments=other))
    assert made.payment.adjustments == (Adjustment("CO", "45", 150), Adjustment("PR", "1", 7))


def test_lines_are_counted_anew_in_their_order_and_those_that_came_to_nothing_are_gone() -> None:
    lines = [
        LINE._replace(ordinal=4, procedure="99214"),
        LINE._replace(ordinal=2),
        service(3, 0, 5, ()),
        service(5, 0, 0, (Adjustment("CO", "45", 1),)),
        service(6, 0, 0, ()),
        service(7, 100, 0, ()),
    ]
    found = Adjudication(said(*lines).payment, date(2026, 11, 1), {4: 1, 2: 2, 3: 3, 6: 6, 7: 7})
    made = stands(found)
    told = [(one.ordinal, one.procedure, one.charge_cents, one.paid_cents) for one in made.payment.services]
    assert told == [
        (1, "99213", 0, 0),  # which line it answers is not known
        (2, "99214", 9_000, 9_000),
        (3, "99213", 9_000, 9_000),
        (4, "99213", 0, 5),
        (5, "99213", 100, 0),
    ]
    assert made.lines == {2: 1, 3: 2, 4: 3, 5: 7}


def test_a_lines_words_are_those_of_the_latest_decision_that_is_no_reversal() -> None:
    corrected = LINE._replace(units="2")
    made = stands(said(LINE), said(BACK._replace(units="9"), day=2, status="22"), said(corrected, day=3))
    assert [one.units for one in made.payment.services] == ["2"]
    told_last = stands(
        said(LINE), said(LINE._replace(units="3")), said(BACK._replace(units="9"), status="22")
    )
    assert [one.units for one in told_last.payment.services] == ["3"]
    nothing_more = stands(said(LINE), said(LINE._replace(charge_cents=0, paid_cents=1, units="4")))
    assert [one.units for one in nothing_more.payment.services] == ["4"]
    only_back = stands(said(LINE), said(service(2, -5, -5, ())._replace(units="8"), status="22"))
    assert [one.units for one in only_back.payment.services] == ["1", "8"]


def test_whose_word_it_is_follows_from_the_order_told_the_number_known_and_the_sender() -> None:
    heard = Heard({"P-1"}, {"X-9"}, {"1PRIMARY"})
    assert is_the_next_payers("2", "", "1PRIMARY", heard) and not is_the_next_payers("1", "", "1OTHER", heard)
    assert is_the_next_payers("22", "X-9", "1PRIMARY", heard)
    assert not is_the_next_payers("22", "P-1", "1OTHER", heard)
    assert is_the_next_payers("4", "NEW", "1OTHER", heard)
    assert not is_the_next_payers("4", "NEW", "1PRIMARY", heard)
