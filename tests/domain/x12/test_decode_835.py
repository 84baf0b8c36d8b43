"""835 back to facts, with oxedi as the second reader."""

from collections.abc import Callable

import pytest

from domain.x12.decode_835 import read_835, stream_835
from domain.x12.errors import Unreadable
from domain.x12.facts_835 import ClaimPayment, PaymentHeader, PaymentTrailer

Own = Callable[[str], bytes]


def test_a_remittance_is_read_with_every_fact(own: Own) -> None:
    (payment,) = read_835(own("interest.835"))
    header = payment.header
    assert (header.amount_cents, header.trace, header.payer_originator, header.payment_date) == (
        21345, "EFT-000101", "1512345678", "20261101",
    )  # fmt: skip
    assert (header.payer.name, header.payer.identifier) == ("Northern Health Plan", "12345")
    assert (header.payee.identifier, header.payee.references) == ("1234567893", (("TJ", "123456789"),))
    (claim,) = payment.claims
    assert (claim.claim_number, claim.status, claim.charge_cents, claim.paid_cents, claim.patient_cents) == (
        "C-000001-1", "1", 30000, 20000, 5000,
    )  # fmt: skip
    assert (claim.payer_claim_control_number, claim.frequency, claim.interest_cents) == (
        "ICN0000001",
        "1",
        1345,
    )
    assert claim.name("QC").last == "Doe"
    first, second = claim.services
    assert (first.procedure, first.modifiers, first.charge_cents, first.paid_cents) == (
        "99213",
        ("25",),
        20000,
        12000,
    )
    assert first.adjustments == (("CO", "45", 5000, ""), ("PR", "1", 2000, ""), ("PR", "2", 1000, ""))
    assert (first.control_number, first.remarks, second.control_number) == ("L1", ("N130",), "L2")


def test_reversal_and_correction_come_apart_and_both_plbs_are_read(own: Own) -> None:
    (payment,) = read_835(own("reversal-and-correction.835"))
    reversal, correction = payment.claims[:2]
    assert (reversal.status, reversal.paid_cents, reversal.adjustments[0].cents) == ("22", -20000, -5000)
    assert (correction.frequency, correction.paid_cents, correction.adjustments) == ("7", 25000, ())
    assert [(one.reason, one.reference, one.cents) for one in payment.provider_adjustments][:3] == [
        ("WO", "ICN0000009", 5000), ("FB", "NEXT", -1000), ("72", "RETURN", 2500),
    ]  # fmt: skip
    assert len(payment.provider_adjustments) == 8


def test_nothing_leaks_from_one_claim_to_the_next(own: Own) -> None:
    claims = next(read_835(own("reversal-and-correction.835"))).claims
    assert [len(claim.services) for claim in claims] == [0, 1, 1, 0]
    assert [len(claim.adjustments) for claim in claims] == [2, 0, 0, 1]
    assert [claim.names[0].last for claim in claims] == ["Doe", "Doe", "Roe", "Poe"]


def test_segment_numbers_count_from_st(own: Own) -> None:
    (payment,) = read_835(own("interest.835"))
    assert payment.claims[0].segment_number == 13
    assert payment.trailer.segment_count == 33


def test_claims_come_one_by_one_between_header_and_trailer(own: Own) -> None:
    kinds = [type(event) for event in stream_835(own("reversal-and-correction.835"))]
    assert kinds == [PaymentHeader, *[ClaimPayment] * 4, PaymentTrailer]


def test_a_file_cut_off_says_so(own: Own) -> None:
    data = own("reversal-and-correction.835")
    (payment,) = read_835(data[: data.index(b"PLB")])
    assert not payment.trailer.closed
    assert len(payment.claims) == 4


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"*120**1~", b"*12O**1~", "x12_amount_not_numeric"),
        (b"CAS*CO*45*50~", b"CAS*CO*45*~", "x12_amount_not_numeric"),
        (b"CLP*C-000001-1*1*300*200*", b"CLP*C-000001-1*1**200*", "x12_amount_not_numeric"),
        (b"BPR*I*213.45", b"BPR*I*213.455", "x12_amount_not_numeric"),
        (b"CLP*C-000001-1*1*300*200*50*12*ICN0000001*11*1~", b"CLP*C-000001-1~", "x12_element_missing"),
        (b"LX*1~\n", b"CAS*CO*45*1~\nLX*1~\n", "x12_outside_claim"),
        (b"BPR*I", b"XPR*I", "x12_no_bpr"),
    ],
)
def test_a_segment_that_cannot_be_trusted_stops_the_reading(
    old: bytes, new: bytes, code: str, own: Own
) -> None:
    with pytest.raises(Unreadable) as refused:
        list(read_835(own("interest.835").replace(old, new)))
    assert refused.value.code == code
    assert refused.value.segment_number > 0
    assert "C-000001" not in str(refused.value)


def test_an_unknown_segment_is_told_and_changes_nothing(own: Own) -> None:
    data = own("interest.835")
    (plain,), (odd,) = read_835(data), read_835(data.replace(b"LX*1~", b"LX*1~\nZZZ*A*B~"))
    assert odd.trailer.unknown == ((13, "ZZZ"),)
    assert odd.claims[0]._replace(segment_number=0, services=()) == plain.claims[0]._replace(
        segment_number=0, services=()
    )


def test_the_same_payment_twice_in_a_file_has_two_ordinals(own: Own) -> None:
    data = own("interest.835")
    first, second = read_835(data + data)
    assert (first.header.st_ordinal, second.header.st_ordinal) == (1, 2)
    assert (first.header.payment_ordinal, second.header.payment_ordinal) == (1, 2)


def test_what_stood_in_a_remittance_is_not_taken_for_one_in_the_next_set(own: Own) -> None:
    data = own("interest.835") + own("replacement.837").replace(b"HI*ABK:I10", b"CAS*CO*45*50~\nHI*ABK:I10")
    assert len(list(read_835(data))) == 1


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_stream_in_pieces_gives_the_same_facts(size: int, own: Own) -> None:
    data = own("reversal-and-correction.835")
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    assert list(stream_835(pieces)) == list(stream_835(data))
