"""What a payer decided, from amounts and reasons; and the keys of posting."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.remittances.outcome import (
    Outcome,
    decide,
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
    ],
)
def test_the_outcome_comes_from_amounts_and_reasons_not_from_clp02(
    one: ClaimPayment, outcome: Outcome
) -> None:
    assert decide(one).outcome == outcome


def test_a_claim_level_denial_denies_the_whole() -> None:
    found = decide(claim("1", adjustments=(Adjustment("CO", "29", 5000),))._replace(charge_cents=5000))
    assert (found.outcome, found.denials[0].reason, found.denied_lines) == (Outcome.DENIED, "29", ())


def test_denied_lines_and_their_reasons_are_told() -> None:
    found = decide(claim("1", PAID, DENIED))
    assert (found.denied_lines, [one.reason for one in found.denials]) == ((2,), ["197"])


def test_a_forwarded_claim_says_so_beside_its_outcome() -> None:
    assert decide(claim("19", PAID)).forwarded
    assert not decide(claim("1", PAID)).forwarded


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


def test_a_hostile_trace_cannot_imitate_another_payment(header: PaymentHeader) -> None:
    forged = replace(header, payer_originator="1512345678|EFT-000101", trace="20261101")
    assert payment_key(forged) != payment_key(header)


def test_claim_numbers_are_compared_without_what_payers_change() -> None:
    assert normalised_claim_number(" c-000001-1 ") == normalised_claim_number("C0000011") == "C0000011"
    assert normalised_claim_number("abc-12 3/é") == "ABC123"
