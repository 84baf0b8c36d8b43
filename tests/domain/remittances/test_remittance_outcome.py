"""What a payer decided, from amounts and reasons; and the keys of posting."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.remittances.outcome import (
    Decision,
    Outcome,
    decide,
    is_denial,
    is_denied_line,
    normalised_claim_number,
    payment_key,
    posting_key,
)
from domain.x12.decode_835 import read_835
from domain.x12.facts_835 import Adjustment, ClaimPayment, PaymentHeader, ServicePayment

OWN = Path(__file__).parents[2] / "data" / "x12" / "own"


def line(charge: int, paid: int, *adjustments: tuple[str, str, int], ordinal: int = 1) -> ServicePayment:
    found = tuple(Adjustment(*one) for one in adjustments)
    return ServicePayment(
        ordinal, 9, "HC", "99213", (), charge, paid, "", "1", "", "", "L1", found, (), (), (), (), ()
    )


def claim(status: str, *lines: ServicePayment, adjustments: tuple[Adjustment, ...] = ()) -> ClaimPayment:
    charge, paid = sum(one.charge_cents for one in lines), sum(one.paid_cents for one in lines)
    return ClaimPayment(
        1,
        8,
        "C1",
        status,
        charge,
        paid,
        0,
        "12",
        "ICN",
        "11",
        "1",
        "",
        adjustments,
        lines,
        (),
        (),
        (),
        (),
        (),
        (),
    )


PAID = line(10000, 8000, ("CO", "45", 2000))
DENIED = line(10000, 0, ("CO", "197", 10000), ordinal=2)
DEDUCTIBLE = line(10000, 0, ("CO", "45", 2000), ("PR", "1", 8000))
WRITTEN_OFF = line(10000, 0, ("CO", "45", 10000))


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (claim("1", PAID), Outcome.PAID),
        (claim("2", PAID), Outcome.PAID),
        (claim("1", PAID, DENIED), Outcome.PARTIALLY_DENIED),
        (claim("1", DENIED), Outcome.DENIED),
        (claim("3", DENIED), Outcome.DENIED),
        (claim("4", WRITTEN_OFF), Outcome.DENIED),
        (claim("1", DEDUCTIBLE), Outcome.PATIENT_RESPONSIBILITY),
        (claim("1", DEDUCTIBLE, DENIED), Outcome.PARTIALLY_DENIED),
        (claim("1", WRITTEN_OFF), Outcome.ADJUSTED_TO_ZERO),
        (claim("1", line(10000, 0, ("PR", "204", 10000))), Outcome.DENIED),
        (claim("22", line(-10000, -8000, ("CO", "45", -2000))), Outcome.REVERSED),
        (claim("25", DENIED), Outcome.PREDETERMINATION),
        (claim("23", line(10000, 0, ("OA", "109", 10000))), Outcome.FORWARDED),
        (claim("19", PAID), Outcome.PAID),
        (claim("23", PAID), Outcome.PAID),
        (claim("1", line(10000, 1, ("CO", "45", 9999))), Outcome.PAID),
        (claim("1", DENIED, line(0, 0)), Outcome.DENIED),
        (claim("1", adjustments=(Adjustment("CO", "45", 5000),)), Outcome.ADJUSTED_TO_ZERO),
        (claim("1", line(1, 0, ("CO", "197", 1))), Outcome.DENIED),
        (claim("1", line(10000, 0, ("CO", "45", 10000), ("PR", "1", 0))), Outcome.ADJUSTED_TO_ZERO),
        (claim("1", line(1, 0, ("PR", "1", 1))), Outcome.PATIENT_RESPONSIBILITY),
    ],
)
def test_the_outcome_comes_from_amounts_and_reasons_not_from_clp02(
    one: ClaimPayment, outcome: Outcome
) -> None:
    assert decide(one).outcome == outcome


def test_a_claim_level_denial_denies_the_whole() -> None:
    found = decide(claim("1", adjustments=(Adjustment("CO", "29", 5000),))._replace(charge_cents=5000))
    assert (found.outcome, found.denials[0].reason, found.denied_lines) == (Outcome.DENIED, "29", ())


def test_a_claim_level_reason_denies_nothing_of_a_claim_that_was_paid() -> None:
    late = (Adjustment("CO", "29", 5000), Adjustment("CO", "45", 1))
    assert decide(claim("1", line(6000, 1), adjustments=late)).denials == ()
    assert decide(claim("1", line(6000, 0), adjustments=late)).denials == late[:1]


@pytest.mark.parametrize(
    "reason", ["45", "253", "23", "24", "94", "131", "144", "237", "59", "90", "91", "100", "A2", "42"]
)
def test_a_price_or_another_payers_part_is_no_denial(reason: str) -> None:
    assert not is_denial(Adjustment("CO", reason, 1)) and not is_denial(Adjustment("PR", reason, 1))


@pytest.mark.parametrize("reason", ["1", "2", "3", "66", "241", "247", "248"])
def test_the_patients_share_is_no_denial_of_the_patients_group_alone(reason: str) -> None:
    assert not is_denial(Adjustment("PR", reason, 1)) and is_denial(Adjustment("CO", reason, 1))


@pytest.mark.parametrize(("cents", "denies"), [(1, True), (0, False), (-1, False)])
def test_only_money_that_is_taken_denies(cents: int, denies: bool) -> None:
    assert is_denial(Adjustment("CO", "197", cents)) is denies
    assert is_denial(Adjustment("PR", "204", cents)) is denies


@pytest.mark.parametrize(
    ("one", "denied"),
    [
        (line(1, 0, ("CO", "197", 1)), True),
        (line(10000, 0, ("CO", "45", 9000), ("CO", "197", 1000)), True),
        (line(10000, 0, ("CO", "45", 10000)), False),
        (line(10000, 1, ("CO", "197", 9999)), False),
        (line(10000, -1, ("CO", "197", 10001)), False),
        (line(0, 0, ("CO", "197", 1)), False),
        (line(-10000, 0, ("CO", "197", 1)), False),
    ],
)
def test_a_line_is_denied_when_it_was_charged_paid_nothing_and_refused(
    one: ServicePayment, denied: bool
) -> None:
    assert is_denied_line(one) is denied


def test_denied_lines_and_their_reasons_are_told() -> None:
    partly = line(10000, 4000, ("CO", "16", 6000))
    refused = line(10000, 0, ("CO", "45", 9000), ("CO", "197", 1000), ordinal=2)
    assert [one.reason for one in decide(claim("1", partly, refused)).denials] == ["197"]
    found = decide(claim("1", PAID, DENIED))
    assert (found.denied_lines, [one.reason for one in found.denials]) == ((2,), ["197"])


def test_a_forwarded_claim_says_so_beside_its_outcome() -> None:
    forwarded = {status for status in map(str, range(1, 26)) if decide(claim(status, PAID)).forwarded}
    assert forwarded == {"19", "20", "21", "23"}
    assert decide(claim("23", line(10000, 0, ("OA", "109", 10000)))) == Decision(
        Outcome.FORWARDED, (), (), True
    )
    for status, outcome in (("22", Outcome.REVERSED), ("25", Outcome.PREDETERMINATION)):
        assert decide(claim(status, DENIED)) == Decision(outcome, (), (), False)


@pytest.fixture
def header() -> PaymentHeader:
    return next(iter(read_835((OWN / "interest.835").read_bytes()))).header


def test_the_same_payment_has_the_same_key_whatever_envelope_it_comes_in(header: PaymentHeader) -> None:
    renamed = replace(header, isa13="999999999", gs06="7", st_ordinal=4, st02="0009")
    assert posting_key(renamed) == posting_key(header)
    assert payment_key(header) == "1512345678|EFT-000101|20261101|21345"


def test_another_amount_date_trace_or_payer_is_another_posting(header: PaymentHeader) -> None:
    others = [
        posting_key(replace(header, amount_cents=1)),
        posting_key(replace(header, payment_date="20261102")),
        posting_key(replace(header, trace="EFT-000102")),
        posting_key(replace(header, payer_originator="1999999999")),
        posting_key(replace(header, payment_ordinal=2)),
    ]
    assert len({posting_key(header), *others}) == 6


def test_a_key_that_an_index_could_not_hold_is_its_hash(header: PaymentHeader) -> None:
    room = 500 - len(posting_key(replace(header, trace="")))
    longest, longer = (replace(header, trace="T" * length) for length in (room, room + 1))
    assert (len(posting_key(longest)), len(posting_key(longer))) == (500, 64)


def test_a_hostile_trace_cannot_imitate_another_payment(header: PaymentHeader) -> None:
    forged = replace(header, payer_originator="1512345678|EFT-000101", trace="20261101")
    assert payment_key(forged) != payment_key(header)


def test_claim_numbers_are_compared_without_what_payers_change() -> None:
    assert normalised_claim_number(" c-000001-1 ") == normalised_claim_number("C0000011") == "C0000011"
    assert normalised_claim_number("abc-12 3/é") == "ABC123"
    assert normalised_claim_number("A" * 21) == "A" * 20
