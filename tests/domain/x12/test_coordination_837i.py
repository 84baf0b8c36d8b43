"""Coordination of benefits in an 837I: what the payers before decided, told, judged and read back."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.claims.cob import imbalances, secondary_claim
from domain.claims.institutional import InstitutionalClaim, RevenueLine, ValueCode
from domain.claims.model import Coverage, Payer
from domain.x12.check import check
from domain.x12.decode_837 import read_837
from domain.x12.encode_837i import encode_837i
from domain.x12.facts_835 import Adjustment, ClaimPayment, ServicePayment
from tests.domain.x12.decisions import (
    DECIDED,
    Institutional,
    Judge,
    adjustments_of,
    payment_of,
    texts,
)


def test_an_institutional_secondary_claim_is_written_judged_and_read_back(
    stay: InstitutionalClaim, batch_of_837i: Institutional, pyx12_accepts: Judge
) -> None:
    other = replace(stay.coverage, payer=Payer("Second Plan", "77777", "BL"), member_id="S1", order="S")
    base = replace(stay, other_coverages=(other,))
    share = (Adjustment("PR", "2", 100),)
    services = tuple(revenue_service_of(at, line, share) for at, line in enumerate(base.lines, start=1))
    made = secondary_claim(base, payment_of(base, services), other, claim_number="H-2", adjudicated=DECIDED)
    data = encode_837i(batch_of_837i(made)).data
    assert "SVD*12345*4799**0120*1" in texts(data)
    assert "SVD*12345*9099*HC:33533:LT*0360*1" in texts(data)
    assert check(data) == [] and pyx12_accepts(data) == ""
    (back,) = (one for found in read_837(data) for one in found.institutional)
    assert back.decisions[0].lines == made.decisions[0].lines and back.facts == made.facts


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_balanced_payment_of_a_stay_gives_a_balanced_later_claim_that_is_read_back_alike(
    data: st.DataObject, stay: InstitutionalClaim, batch_of_837i: Institutional, pyx12_accepts: Judge
) -> None:
    other = replace(stay.coverage, payer=Payer("Second Plan", "77777", "BL"), member_id="S1", order="S")
    base = replace(stay, other_coverages=(other,))
    payment = data.draw(balanced_stay_payments(base))
    made = secondary_claim(base, payment, other, claim_number="H-2", adjudicated=DECIDED)
    assert imbalances(made) == ()
    written = encode_837i(batch_of_837i(made)).data
    (back,) = (one for found in read_837(written) for one in found.institutional)
    assert (back.facts, back.charge_cents) == (made.facts, made.charge_cents)
    (told,), (meant,) = back.decisions, made.decisions
    assert (told.lines, told.adjustments, told.paid_cents) == (
        meant.lines,
        meant.adjustments,
        meant.paid_cents,
    )
    assert [finding for finding in check(written) if finding.severity == "error"] == []
    assert pyx12_accepts(written) == ""


@st.composite
def balanced_stay_payments(draw: st.DrawFn, claim: InstitutionalClaim) -> ClaimPayment:
    """Any payment of a stay that balances: by revenue line, as a whole, or both."""
    services = []
    if draw(st.booleans()):
        for at, line in enumerate(claim.lines, start=1):
            cas = draw(adjustments_of(line.charge_cents))
            services.append(revenue_service_of(at, line, cas))
    return payment_of(claim, tuple(services), draw(adjustments_of(claim.charge_cents)))


def revenue_service_of(at: int, line: RevenueLine, cas: tuple[Adjustment, ...]) -> ServicePayment:
    """A balanced payment of one revenue line."""
    return ServicePayment(
        at, at, "HC" if line.procedure else "NU", line.procedure or line.revenue_code, line.modifiers, line.charge_cents,
        line.charge_cents - sum(one.cents for one in cas), line.revenue_code if line.procedure else "", "1", "", "", "",
        cas, (), (), (), (), (),
    )  # fmt: skip


def test_an_institutional_claim_to_medicare_as_second_payer_tells_the_first_payment_by_value_code(
    stay: InstitutionalClaim,
) -> None:
    medicare = Coverage(
        Payer("Medicare", "00120", "MA", medicare=True),
        "1EG4TE5MK73",
        stay.patient,
        order="S",
        insurance_type="12",
    )
    payment = payment_of(stay, (), (Adjustment("PR", "1", 40000),))
    made = secondary_claim(stay, payment, medicare, claim_number="H-2", adjudicated=DECIDED)
    assert made.facts.values[-1] == ValueCode("12", Decimal("13850.75"))
