"""What a payer before decided of a claim, made up for tests of coordination: by hand, and any that balances."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from domain.claims.institutional import InstitutionalClaim
from domain.claims.model import Claim, ServiceLine
from domain.x12.batch_837i import Batch837I
from domain.x12.facts_835 import Adjustment, ClaimPayment, ServicePayment
from domain.x12.reader import segments

Institutional = Callable[..., Batch837I]
Judge = Callable[[bytes], str]
DECIDED = date(2026, 10, 20)
REASONS = st.sampled_from(["1", "2", "3", "45", "253", "97", "59", "A2"])
GROUPS = st.sampled_from(["CO", "OA", "PI", "PR"])


def service_of(
    ordinal: int, line: ServiceLine, paid: int, adjustments: tuple[Adjustment, ...]
) -> ServicePayment:
    return ServicePayment(
        ordinal, ordinal, "HC", line.procedure, line.modifiers, line.charge_cents, paid, "", "1", "", "",
        line.control_number, adjustments, (), (), (), (), (),
    )  # fmt: skip


def payment_of(
    claim: Claim | InstitutionalClaim,
    services: tuple[ServicePayment, ...] = (),
    adjustments: tuple[Adjustment, ...] = (),
    status: str = "1",
) -> ClaimPayment:
    """A balanced payment: what is not adjusted is paid."""
    taken = sum(one.cents for one in (*adjustments, *(one for line in services for one in line.adjustments)))
    return ClaimPayment(
        1, 1, claim.claim_number, status, claim.charge_cents, claim.charge_cents - taken, 0, "12", "ICN-77", "", "", "",
        adjustments, services, (), (), (), (), (), ("MA01",),
    )  # fmt: skip


def adjusted(claim: Claim, *per_line: tuple[Adjustment, ...]) -> tuple[ServicePayment, ...]:
    return tuple(
        service_of(at, line, line.charge_cents - sum(one.cents for one in cas), cas)
        for at, (line, cas) in enumerate(zip(claim.lines, per_line, strict=True), start=1)
    )


def texts(data: bytes) -> list[str]:
    return [segment.text for segment in segments(data)]


@st.composite
def adjustments_of(draw: st.DrawFn, charge: int) -> tuple[Adjustment, ...]:
    """Up to eight adjustments, also negative ones and repeated reasons."""
    amounts = draw(st.lists(st.integers(-2000, max(charge, 1)), max_size=8))
    return tuple(
        Adjustment(draw(GROUPS), draw(REASONS), cents, draw(st.sampled_from(["", "1"]))) for cents in amounts
    )


@st.composite
def balanced_payments(draw: st.DrawFn, claim: Claim, status: str) -> ClaimPayment:
    """Any payment of the claim that balances: by line, as a whole, or both; lines also unbundled, in any order."""
    services: list[ServicePayment] = []
    if draw(st.booleans()):
        for line in claim.lines:
            for charge in draw(parts_of(line.charge_cents)):
                cas = draw(adjustments_of(charge))
                paid = charge - sum(one.cents for one in cas)
                services.append(service_of(len(services) + 1, replace(line, charge_cents=charge), paid, cas))
    order = draw(st.permutations(services))
    return payment_of(claim, tuple(order), draw(adjustments_of(claim.charge_cents)), status)


@st.composite
def parts_of(draw: st.DrawFn, cents: int) -> list[int]:
    first = draw(st.integers(0, cents))
    return draw(st.sampled_from([[cents], [cents], [first, cents - first]]))
