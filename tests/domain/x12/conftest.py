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

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalClaim,
    InstitutionalDiagnosis,
    InstitutionalFacts,
    OccurrenceCode,
    OccurrenceSpan,
    RevenueLine,
    ValueCode,
)
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
from domain.x12.batch_837i import Batch837I
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
def stay(claim: Claim) -> InstitutionalClaim:
    """An inpatient stay with every kind of fact; every test changes what it is about."""
    surgeon = Provider("Cutter", "Ada", "1245319599")
    facts = InstitutionalFacts(
        "11", DAY, date(2026, 10, 5), "01", InstitutionalDiagnosis("I214", "Y"),
        (
            RevenueLine(1, "0120", 480000, Decimal(4), unit="DA", control_number="L1"),
            RevenueLine(2, "0250", 35075, Decimal(12), non_covered_cents=1000, control_number="L2"),
            RevenueLine(
                3, "0360", 910000, Decimal(1), "33533", ("LT",), service_from=DAY, service_to=DAY, control_number="L3"
            ),
        ),
        admission_date=DAY, admission_hour="1415", discharge_hour="1100", admission_type="1",
        admission_source="7", admitting="R079", external_causes=(InstitutionalDiagnosis("W1830XA", "Y"),),
        drg="234", other_diagnoses=(InstitutionalDiagnosis("E119", "Y"), InstitutionalDiagnosis("Z7901")),
        principal_procedure=InpatientProcedure("02100Z9", date(2026, 10, 2)),
        other_procedures=(InpatientProcedure("5A1221Z", date(2026, 10, 2)),),
        occurrence_spans=(OccurrenceSpan("M1", DAY, date(2026, 10, 2)),),
        occurrences=(OccurrenceCode("11", date(2026, 9, 30)),),
        values=(ValueCode("80", Decimal(4)), ValueCode("01", Decimal("1200.5"))),
        conditions=("09",), attending=Provider("Welby", "Marcus", "1245319599", "207RC0000X"),
        operating=surgeon, other_operating=surgeon, rendering=surgeon, referring=surgeon, note="by ambulance",
    )  # fmt: skip
    return InstitutionalClaim("H-000001-1", claim.billing, claim.patient, claim.coverage, facts)


@pytest.fixture(scope="session")
def visit(stay: InstitutionalClaim) -> InstitutionalClaim:
    """An outpatient visit to the emergency room."""
    facts = InstitutionalFacts(
        "13", DAY, DAY, "01", InstitutionalDiagnosis("S93401A"),
        (
            RevenueLine(1, "0450", 90000, Decimal(1), "99283", ("25",), service_from=DAY, service_to=DAY, control_number="L1"),
            RevenueLine(2, "0320", 42050, Decimal(1), "73610", ("RT",), service_from=DAY, service_to=DAY, control_number="L2"),
        ),
        admission_type="1", admission_source="1", reasons_for_visit=("M25571",),
        attending=stay.facts.attending,
    )  # fmt: skip
    return replace(stay, claim_number="H-000002-1", facts=facts)


@pytest.fixture(scope="session")
def batch_of_837i() -> Callable[..., Batch837I]:
    """A batch of the given institutional claims."""

    def made(*claims: InstitutionalClaim) -> Batch837I:
        return Batch837I(
            Partner("ZZ", "BILLINGCO", name="Billing Co", contact_name="Help desk", phone="217-555-0111"),
            Partner("ZZ", "CLEARING", name="Clearing House"),
            402, 18, 1, "BATCH-18", datetime(2026, 11, 21, 8, 0, tzinfo=UTC), "P", claims,
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
