"""A claim that breaks no rule; every test changes what it is about."""

from datetime import date
from decimal import Decimal

import pytest

from domain.claims.model import (
    Address,
    BillingProvider,
    Claim,
    Coverage,
    Payer,
    Person,
    Provider,
    ServiceLine,
)
from domain.claims.rules import ScrubContext


@pytest.fixture(scope="session")
def context() -> ScrubContext:
    return ScrubContext(today=date(2026, 11, 20))


@pytest.fixture(scope="session")
def good_claim() -> Claim:
    home = Address("12 Elm St", "Columbus", "OH", "43215")
    patient = Person("DOE", "JANE", date(1980, 5, 17), "F", home)
    return Claim(
        claim_number="C-000001-1",
        billing=BillingProvider(
            "ELM FAMILY PRACTICE",
            "1234567893",
            "311234567",
            "207Q00000X",
            Address("500 Main St", "Columbus", "OH", "432151234"),
            phone="6145550100",
        ),
        rendering=Provider("ROE", "RICHARD", "1245319599", "207Q00000X"),
        patient=patient,
        coverage=Coverage(
            Payer("ACME HEALTH", "60054"),
            "W123456789",
            patient,
            effective_from=date(2026, 1, 1),
            effective_to=date(2026, 12, 31),
        ),
        diagnoses=("E119", "I10"),
        lines=(_line(1, "99213", 12500, (1, 2)), _line(2, "83036", 4500, (1,))),
    )


def _line(number: int, procedure: str, cents: int, pointers: tuple[int, ...]) -> ServiceLine:
    day = date(2026, 11, 3)
    return ServiceLine(
        number, procedure, cents, Decimal(1), day, day, pointers, control_number=f"C000001-1-{number}"
    )
