"""The three balances of an 835, to the cent."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.remittances.balance import CLAIM, INCOMPLETE, LINE, PATIENT_SHARE, TRANSACTION, Proof, prove
from domain.remittances.equations import Equation, equations
from domain.x12.decode_835 import read_835
from domain.x12.facts_835 import Transaction835

OWN = Path(__file__).parents[2] / "data" / "x12" / "own"
Changed = Callable[..., Transaction835]


@pytest.fixture
def payment() -> Changed:
    """The sample payment, with texts of it replaced."""

    def read(*changes: tuple[bytes, bytes], name: str = "interest.835") -> Transaction835:
        data = (OWN / name).read_bytes()
        for old, new in changes:
            assert old in data
            data = data.replace(old, new)
        return next(iter(read_835(data)))

    return read


def proved(one: Transaction835) -> Proof:
    """The proof of a payment as it runs while the file is read."""
    proof = Proof()
    for claim in one.claims:
        proof.add(claim)
    proof.close(one.header, one.trailer)
    return proof


def test_the_names_of_the_equations_stay() -> None:
    names = [f"R835-BAL-00{number}" for number in range(1, 6)]
    assert names == [LINE, CLAIM, TRANSACTION, INCOMPLETE, PATIENT_SHARE], "findings are kept under them"


@pytest.mark.parametrize("name", ["interest.835", "reversal-and-correction.835"])
def test_a_sound_payment_has_no_findings(name: str, payment: Changed) -> None:
    assert prove(payment(name=name)) == ()


def test_a_line_out_of_balance_is_told_with_equation_and_cents(payment: Changed) -> None:
    (finding,) = [one for one in prove(payment((b"*200*120**1", b"*200*120.01**1"))) if one.rule == LINE]
    assert (finding.level, finding.severity) == ("line", "error")
    assert (finding.expected_cents, finding.stated_cents, finding.difference_cents) == (12000, 12001, 1)
    assert (finding.claim_ordinal, finding.line_ordinal, finding.segment_number) == (1, 1, 21)
    assert finding.equation == "SVC02 20000 − ΣCAS 8000 = 12000, but SVC03 says 12001 cents"


def test_a_claim_out_of_balance_is_told(payment: Changed) -> None:
    findings = prove(payment((b"*1*300*200*50", b"*1*300*199.99*50"), (b"BPR*I*213.45", b"BPR*I*213.44")))
    (finding,) = findings
    assert (finding.rule, finding.level, finding.severity) == (CLAIM, "claim", "error")
    assert (finding.claim_ordinal, finding.line_ordinal, finding.segment_number) == (1, 0, 13)
    assert finding.difference_cents == -1


def test_a_transaction_out_of_balance_is_told(payment: Changed) -> None:
    (finding,) = prove(payment((b"BPR*I*213.45", b"BPR*I*200")))
    assert (finding.rule, finding.level, finding.severity) == (TRANSACTION, "transaction", "error")
    assert (finding.expected_cents, finding.stated_cents) == (21345, 20000)
    assert (finding.claim_ordinal, finding.line_ordinal, finding.segment_number) == (0, 0, 2), "the BPR"


def test_interest_is_outside_the_claim_and_inside_the_transaction(payment: Changed) -> None:
    assert prove(payment((b"AMT*I*13.45", b"AMT*I*99"))) == ()
    assert [one.rule for one in prove(payment((b"*-13.45~", b"*-13.46~")))] == [TRANSACTION]


def test_a_cut_off_payment_is_never_sound(payment: Changed) -> None:
    (finding,) = prove(payment((b"SE*33*0001~\n", b"")))
    assert (finding.rule, finding.level, finding.severity) == (INCOMPLETE, "transaction", "error")
    assert (finding.expected_cents, finding.stated_cents) == (0, 0)


def test_the_patients_share_is_a_warning_only(payment: Changed) -> None:
    (finding,) = prove(payment((b"*300*200*50*", b"*300*200*51*")))
    assert (finding.rule, finding.level, finding.severity) == (PATIENT_SHARE, "claim", "warning")
    assert (finding.claim_ordinal, finding.line_ordinal, finding.segment_number) == (1, 0, 13)


def test_a_proof_given_claim_by_claim_is_the_same_proof(payment: Changed) -> None:
    one = payment(name="reversal-and-correction.835")
    proof = proved(one)
    assert proof.findings == []
    assert proof.balanced
    assert (proof.claims_paid_cents, proof.provider_cents, proof.stated_cents) == (11000, 6500, 4500)
    assert proof.claim_count == 4


@pytest.mark.parametrize(
    "change",
    [
        (b"*200*120**1", b"*200*120.01**1"),
        (b"*1*300*200*50", b"*1*300*199.99*50"),
        (b"BPR*I*213.45", b"BPR*I*213.46"),
        (b"SE*33*0001~\n", b""),
    ],
)
def test_nothing_is_posted_of_a_payment_with_a_single_fault(
    change: tuple[bytes, bytes], payment: Changed
) -> None:
    assert not proved(payment(change)).balanced


def test_a_debit_payment_is_proved_with_its_sign(payment: Changed) -> None:
    changed = payment((b"BPR*I*213.45*C", b"BPR*I*213.45*D"))
    assert [one.rule for one in prove(changed)] == [TRANSACTION]


def test_the_sums_of_a_payment_are_told_level_by_level(payment: Changed) -> None:
    lines, claims, transaction = equations(payment())
    assert lines == Equation(LINE, "line", 2, 30000, 10000, 20000)
    assert claims == Equation(CLAIM, "claim", 1, 30000, 10000, 20000)
    assert transaction == Equation(TRANSACTION, "transaction", 1, 20000, -1345, 21345)
    assert [one.difference_cents for one in (lines, claims, transaction)] == [0, 0, 0]
    *_, debit = equations(payment((b"BPR*I*213.45*C", b"BPR*I*213.44*D")))
    assert (debit.paid_cents, debit.difference_cents) == (-21344, 42689)
