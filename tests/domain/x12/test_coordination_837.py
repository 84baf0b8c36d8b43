"""Secondary and tertiary claims, made from what earlier payers decided: written, judged by pyx12 and our own check, read back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.claims.cob import imbalances, secondary_claim
from domain.claims.model import Claim, Coverage, LineDecision, OtherPayerDecision, Payer
from domain.x12.batch_837p import Batch837P
from domain.x12.check import check
from domain.x12.decode_837 import read_837
from domain.x12.encode_837p import encode_837p
from domain.x12.errors import CannotEncode
from domain.x12.facts_835 import Adjustment
from tests.domain.x12.decisions import (
    DECIDED,
    Judge,
    adjusted,
    balanced_payments,
    payment_of,
    texts,
)

Professional = Callable[..., Batch837P]


@pytest.fixture(scope="session")
def second(claim: Claim) -> Coverage:
    return Coverage(Payer("Second Plan", "77777", "BL"), "S1", claim.patient, order="S", group_number="G7")


@pytest.fixture(scope="session")
def third(claim: Claim) -> Coverage:
    return Coverage(Payer("Third Plan", "88888", "MC"), "T1", claim.patient, order="T")


@pytest.fixture(scope="session")
def covered(claim: Claim, second: Coverage, third: Coverage) -> Claim:
    """A claim to the first of three payers."""
    return replace(claim, other_coverages=(second, third), prior_authorization="PA-FIRST")


@pytest.fixture(scope="session")
def secondary(covered: Claim, second: Coverage) -> Claim:
    services = adjusted(
        covered,
        (Adjustment("CO", "45", 2550), Adjustment("PR", "2", 2000)),
        (Adjustment("PR", "1", 6000),),
    )
    payment = payment_of(covered, services)
    return secondary_claim(covered, payment, second, claim_number="C-000001-2", adjudicated=DECIDED)


def test_a_secondary_claim_tells_what_the_first_payer_decided(
    secondary: Claim, batch_of: Professional, pyx12_accepts: Judge
) -> None:
    data = encode_837p(batch_of(secondary)).data
    found = texts(data)
    at = found.index("SBR*P*18*******CI")
    assert found[at : at + 8] == [
        "SBR*P*18*******CI", "AMT*D*80", "OI***Y***Y", "MOA***MA01", "NM1*IL*1*Doe*Jane*Q***MI*W000000001",
        "N3*12 Elm St*Apt 3", "N4*Springfield*IL*62704", "NM1*PR*2*Northern Health Plan*****PI*12345",
    ]  # fmt: skip
    at = found.index("SVD*12345*80*HC:99213:25**1")
    assert found[at : at + 5] == [
        "SVD*12345*80*HC:99213:25**1", "CAS*CO*45*25.5", "CAS*PR*2*20", "DTP*573*D8*20261020", "AMT*EAF*20",
    ]  # fmt: skip
    assert found[found.index("SVD*12345*0*HC:99490**1") + 1] == "CAS*PR*1*60"
    assert "REF*F8*ICN-77" in found and "SBR*S*18*G7******BL" in found
    assert check(data) == [] and pyx12_accepts(data) == ""


def test_a_secondary_claim_is_an_original_of_its_own(secondary: Claim, third: Coverage) -> None:
    assert (secondary.claim_number, secondary.frequency, secondary.payer_claim_control_number) == (
        "C-000001-2",
        "1",
        "",
    )
    assert secondary.prior_authorization == "" and secondary.other_coverages == (third,)


def test_a_tertiary_claim_carries_both_decisions_each_balanced(
    secondary: Claim, third: Coverage, batch_of: Professional, pyx12_accepts: Judge
) -> None:
    services = adjusted(
        secondary,
        (Adjustment("OA", "23", 10550), Adjustment("PR", "3", 500)),
        (Adjustment("CO", "45", 1000), Adjustment("PR", "1", 5000)),
    )
    payment = payment_of(secondary, services, status="2")
    tertiary = secondary_claim(secondary, payment, third, claim_number="C-000001-3", adjudicated=DECIDED)
    data = encode_837p(batch_of(tertiary)).data
    assert [one.coverage.order for one in tertiary.decisions] == ["P", "S"] and not tertiary.other_coverages
    assert check(data) == [] and pyx12_accepts(data) == ""
    assert [text.split("*")[1] for text in texts(data) if text.startswith("SVD")] == ["12345", "77777"] * 2


def test_a_decision_on_the_claim_as_a_whole_is_told_at_the_claim(
    covered: Claim, second: Coverage, batch_of: Professional, pyx12_accepts: Judge
) -> None:
    payment = payment_of(covered, (), (Adjustment("PR", "1", 5000), Adjustment("CO", "45", 13550)))
    made = secondary_claim(covered, payment, second, claim_number="C2", adjudicated=DECIDED)
    data = encode_837p(batch_of(made)).data
    found = texts(data)
    at = found.index("CAS*PR*1*50")
    assert found[at + 1 : at + 4] == ["CAS*CO*45*135.5", "AMT*D*0", "AMT*EAF*50"]
    assert "DTP*573*D8*20261020" in found and not any(text.startswith("SVD") for text in found)
    assert check(data) == [] and pyx12_accepts(data) == ""


def decoded(data: bytes) -> list[Claim]:
    return [claim for found in read_837(data) for claim in found.claims]


def carried(claim: Claim) -> Claim:
    """Loop 2330A has no birth date and no sex."""

    def told(coverage: Coverage) -> Coverage:
        return replace(coverage, subscriber=replace(coverage.subscriber, birth_date=None, sex=""))

    return replace(
        claim,
        other_coverages=tuple(map(told, claim.other_coverages)),
        decisions=tuple(replace(one, coverage=told(one.coverage)) for one in claim.decisions),
    )


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_balanced_payment_gives_balanced_later_claims_that_are_read_back_alike(
    data: st.DataObject,
    covered: Claim,
    second: Coverage,
    third: Coverage,
    batch_of: Professional,
    pyx12_accepts: Judge,
) -> None:
    first_payment = data.draw(balanced_payments(covered, "1"))
    made = secondary_claim(covered, first_payment, second, claim_number="C-2", adjudicated=DECIDED)
    later = secondary_claim(
        made, data.draw(balanced_payments(made, "2")), third, claim_number="C-3", adjudicated=DECIDED
    )
    assert imbalances(made) == imbalances(later) == ()
    written = encode_837p(batch_of(made, later)).data
    assert decoded(written) == [carried(made), carried(later)]
    assert [finding for finding in check(written) if finding.severity == "error"] == []
    assert pyx12_accepts(written) == ""


def test_a_professional_claim_to_medicare_as_second_payer_tells_why(
    covered: Claim, batch_of: Professional, pyx12_accepts: Judge
) -> None:
    medicare = Coverage(
        Payer("Medicare", "00435", "MB", medicare=True),
        "1EG4TE5MK73",
        covered.patient,
        order="S",
        insurance_type="43",
    )
    base = replace(covered, other_coverages=())
    made = secondary_claim(base, payment_of(base), medicare, claim_number="C-2", adjudicated=DECIDED)
    data = encode_837p(batch_of(made)).data
    assert "SBR*S*18***43****MB" in texts(data)
    assert check(data) == [] and pyx12_accepts(data) == ""
    assert decoded(data)[0].coverage.insurance_type == "43"
    silent = data.replace(b"SBR*S*18***43****MB", b"SBR*S*18*******MB")
    assert [one.rule for one in check(silent)] == ["P837-COB-007"]


def unbalanced(claim: Claim) -> Claim:
    (decision,) = claim.decisions
    return replace(claim, decisions=(replace(decision, paid_cents=decision.paid_cents + 1),))


def changed(claim: Claim, **facts: object) -> Claim:
    (decision,) = claim.decisions
    return replace(claim, decisions=(replace(decision, **facts),))  # type: ignore[arg-type]


def line_with(claim: Claim, adjustments: tuple[Adjustment, ...]) -> Claim:
    (decision,) = claim.decisions
    return changed(claim, lines=(replace(decision.lines[0], adjustments=adjustments), *decision.lines[1:]))


MANY = tuple(Adjustment("PR", str(at), 0) for at in range(31))
REFUSED: list[tuple[str, Callable[[Claim], Claim]]] = [
    ("encode_cob_balance", unbalanced),
    ("encode_cob_date", lambda claim: changed(claim, adjudicated=None)),
    ("encode_cob_payer", lambda claim: replace(claim, decisions=claim.decisions * 2)),
    ("encode_cob_payers", lambda claim: replace(claim, other_coverages=claim.other_coverages * 10)),
    ("encode_cob_adjustments", lambda claim: line_with(claim, MANY)),
    ("encode_cob_group", lambda claim: line_with(claim, (Adjustment("CR", "1", 0),))),
    ("encode_cob_line", lambda claim: changed(claim, lines=(LineDecision(3, 0, "99213", Decimal(1)),))),
    ("encode_cob_service", lambda claim: changed(claim, lines=(LineDecision(1, 0, "", Decimal(1)),))),
    ("encode_cob_lines", lambda claim: changed(claim, lines=claim.decisions[0].lines[:1] * 16)),
]


@pytest.mark.parametrize(("code", "change"), REFUSED, ids=[code for code, _ in REFUSED])
def test_a_decision_that_cannot_be_written_is_refused_by_name(
    code: str, change: Callable[[Claim], Claim], secondary: Claim, batch_of: Professional
) -> None:
    with pytest.raises(CannotEncode) as refused:
        encode_837p(batch_of(change(secondary)))
    assert refused.value.code == code and refused.value.claim_number == secondary.claim_number


FOUND = [
    ("SVD*12345*80*", "SVD*12345*81*", "P837-COB-001", "error"),
    ("CAS*PR*2*20", "CAS*PR*2*19", "P837-COB-002", "error"),
    ("SVD*12345*80*", "SVD*54321*80*", "P837-COB-003", "error"),
    ("AMT*D*80~\n", "", "P837-COB-004", "error"),
    ("DTP*573*D8*20261020~\n", "", "P837-COB-005", "warning"),
    ("AMT*D*80~", "AMT*D*80~\nAMT*EAF*80~", "P837-COB-006", "warning"),
]


@pytest.mark.parametrize(("old", "new", "rule", "severity"), FOUND, ids=[rule for _, _, rule, _ in FOUND])
def test_a_fault_in_the_coordination_of_benefits_is_found(
    old: str, new: str, rule: str, severity: str, secondary: Claim, batch_of: Professional
) -> None:
    text = encode_837p(batch_of(secondary)).data.decode()
    assert old in text
    assert (rule, severity) in {(one.rule, one.severity) for one in check(text.replace(old, new).encode())}


def test_published_examples_are_read_with_their_decisions_balanced(samples: Path) -> None:
    name = "src__tests__resources__837_005010X222A2__demo.cob.example3.C.837"
    (claim,) = decoded((samples / "linuxforhealth-x12" / name).read_bytes())
    (decision,) = claim.decisions
    assert isinstance(decision, OtherPayerDecision) and imbalances(claim) == () and not claim.other_coverages
    assert (decision.paid_cents, decision.remaining_cents, decision.adjudicated) == (
        3915,
        3689,
        date(2005, 10, 15),
    )
    assert decision.adjustments == (Adjustment("PR", "1", 2189), Adjustment("PR", "2", 1500))
    assert [(line.line_number, line.paid_cents) for line in decision.lines] == [
        (1, 4000),
        (2, 1500),
        (3, 2104),
    ]
