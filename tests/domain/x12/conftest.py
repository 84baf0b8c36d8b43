"""Claims, batches, sample files and pyx12's verdict for the tests of the codec."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document

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
from domain.x12.batch_837p import Batch837P, Partner

SAMPLES = Path(__file__).parents[2] / "data" / "x12"
HOME = Address("12 Elm St", "Springfield", "IL", "62704", "Apt 3")
DAY = date(2026, 10, 1)


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def own() -> Callable[[str], bytes]:
    """One of our own sample files."""
    return lambda name: (SAMPLES / "own" / name).read_bytes()


@pytest.fixture(scope="session")
def jane() -> Person:
    return Person("Doe", "Jane", date(1970, 2, 3), "F", HOME, "Q")


@pytest.fixture(scope="session")
def claim(jane: Person) -> Claim:
    """A claim whose patient is the subscriber; every test changes what it is about."""
    office = Address("500 Main St", "Springfield", "IL", "627010001")
    return Claim(
        claim_number="C-000001-1",
        billing=BillingProvider(
            "Good Clinic LLC", "1234567893", "123456789", "207Q00000X", office, "Ann Bell", "2175550100"
        ),
        rendering=Provider("Welby", "Marcus", "1245319599", "207Q00000X"),
        patient=jane,
        coverage=Coverage(Payer("Northern Health Plan", "12345"), "W000000001", jane),
        diagnoses=("E119", "I10"),
        lines=(
            ServiceLine(
                1, "99213", 12550, Decimal(1), DAY, DAY, (1, 2), modifiers=("25",), control_number="L1"
            ),
            ServiceLine(
                2, "99490", 6000, Decimal("1.5"), DAY, date(2026, 10, 3), (2,), "12", (), "L2", "by phone"
            ),
        ),
    )


@pytest.fixture(scope="session")
def dependent(claim: Claim) -> Claim:
    """A claim for the subscriber's child."""
    child = Person("Doe", "Kim", date(2015, 6, 7), "M", HOME)
    return replace(
        claim,
        claim_number="C-000002-1",
        patient=child,
        coverage=replace(claim.coverage, relationship="19", group_number="G1"),
    )


@pytest.fixture(scope="session")
def batch_of() -> Callable[..., Batch837P]:
    """A batch of the given claims."""

    def made(*claims: Claim, usage: str = "P") -> Batch837P:
        return Batch837P(
            Partner("ZZ", "BILLINGCO", name="Billing Co", contact_name="Help desk", phone="217-555-0111"),
            Partner("ZZ", "CLEARING", name="Clearing House"),
            401, 17, 1, "BATCH-17", datetime(2026, 11, 21, 8, 0, tzinfo=UTC), usage, claims,
        )  # fmt: skip

    return made


@pytest.fixture(scope="session")
def pyx12_accepts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], str]:
    """ "" when pyx12's guide map finds nothing wrong, else its 999."""
    folder, params = tmp_path_factory.mktemp("pyx12"), pyx12.params.params()

    def accepts(data: bytes) -> str:
        path, answer = folder / "file.837", io.StringIO()
        path.write_bytes(data)
        good = pyx12.x12n_document.x12n_document(params, str(path), answer, None)
        return "" if good else answer.getvalue()

    return accepts
