"""One fault for each scrubbing rule of professional claims: what is changed in a good claim, and the field that is named."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.claims.model import Claim, Coverage, Payer, Provider

Change = Callable[[Claim], Claim]
TODAY = date(2026, 11, 20)
LONG_AGO = date(2024, 1, 10)


def claim(**facts: Any) -> Change:
    return lambda good: replace(good, **facts)


def part(name: str, /, **facts: Any) -> Change:
    return lambda good: replace(good, **{name: replace(getattr(good, name), **facts)})


def patient_address(**facts: Any) -> Change:
    return lambda good: replace(
        good, patient=replace(good.patient, address=replace(good.patient.address, **facts))
    )


def billing_address(**facts: Any) -> Change:
    return lambda good: replace(
        good, billing=replace(good.billing, address=replace(good.billing.address, **facts))
    )


def payer(**facts: Any) -> Change:
    return lambda good: replace(
        good, coverage=replace(good.coverage, payer=replace(good.coverage.payer, **facts))
    )


def subscriber(**facts: Any) -> Change:
    return lambda good: replace(
        good, coverage=replace(good.coverage, subscriber=replace(good.coverage.subscriber, **facts))
    )


def line(position: int, **facts: Any) -> Change:
    def change(good: Claim) -> Claim:
        lines = list(good.lines)
        lines[position - 1] = replace(lines[position - 1], **facts)
        return replace(good, lines=tuple(lines))

    return change


def all_of(*changes: Change) -> Change:
    def change(good: Claim) -> Claim:
        for one in changes:
            good = one(good)
        return good

    return change


def many_lines(good: Claim) -> Claim:
    return replace(
        good,
        lines=tuple(
            replace(good.lines[0], number=number, control_number=str(number)) for number in range(1, 52)
        ),
    )


def without_coverage(good: Claim) -> Claim:
    return replace(good, coverage=Coverage(Payer("", ""), "", good.patient))


def with_other_primary(good: Claim) -> Claim:
    return replace(good, other_coverages=(good.coverage,))


def repeated_line(good: Claim) -> Claim:
    return replace(good, lines=(good.lines[0], replace(good.lines[0], number=2, control_number="Z2")))


@dataclass(frozen=True, slots=True)
class WronglySummed(Claim):
    """A claim whose total was read from elsewhere."""

    @property
    def charge_cents(self) -> int:
        return 1


def wrongly_summed(good: Claim) -> Claim:
    return WronglySummed(**{name: getattr(good, name) for name in Claim.__dataclass_fields__})


MEDICARE = payer(medicare=True, claim_filing_code="MB")
NOT_SELF = part("coverage", relationship="19")
FAULTS: list[tuple[str, Change, str]] = [
    ("CL-IDN-001", part("patient", last_name=" "), "patient.last_name"),
    ("CL-IDN-002", part("patient", first_name=""), "patient.first_name"),
    ("CL-IDN-003", part("patient", birth_date=None), "patient.birth_date"),
    ("CL-IDN-004", part("patient", birth_date=date(1880, 1, 1)), "patient.birth_date"),
    ("CL-IDN-004", part("patient", birth_date=date(2026, 11, 21)), "patient.birth_date"),
    ("CL-IDN-005", part("patient", birth_date=date(2026, 11, 4)), "patient.birth_date"),
    ("CL-IDN-006", part("patient", sex="X"), "patient.sex"),
    ("CL-IDN-007", patient_address(city=""), "patient.address.city"),
    ("CL-IDN-008", patient_address(state="ZZ"), "patient.address.state"),
    ("CL-IDN-009", patient_address(postal_code="43215-1234"), "patient.address.postal_code"),
    ("CL-IDN-010", claim(claim_number="C" * 21), "claim_number"),
    ("CL-IDN-010", claim(claim_number=""), "claim_number"),
    ("CL-IDN-010", claim(claim_number="A*B"), "claim_number"),
    ("CL-IDN-011", part("patient", last_name="Иванова"), "patient.last_name"),
    ("CL-IDN-011", patient_address(line1="12 Elm\nSt"), "patient.address.line1"),
    ("CL-IDN-012", part("patient", last_name="NÚÑEZ"), "patient.last_name"),
    ("CL-IDN-012", part("billing", name="A*B:C~D"), "billing.name"),
    ("CL-IDN-013", part("patient", last_name="D" * 61), "patient.last_name"),
    ("CL-IDN-014", NOT_SELF, "coverage.relationship"),
    ("CL-COV-001", without_coverage, "coverage"),
    ("CL-COV-002", part("coverage", member_id=""), "coverage.member_id"),
    ("CL-COV-003", part("coverage", member_id="W12*34"), "coverage.member_id"),
    ("CL-COV-004", all_of(MEDICARE, part("coverage", member_id="W123456789")), "coverage.member_id"),
    ("CL-COV-005", part("coverage", effective_from=date(2026, 11, 4)), "coverage.effective_from"),
    ("CL-COV-006", part("coverage", effective_to=date(2026, 11, 2)), "coverage.effective_to"),
    ("CL-COV-007", part("coverage", effective_to=date(2025, 11, 2)), "coverage.effective_to"),
    ("CL-COV-008", subscriber(last_name=""), "coverage.subscriber.last_name"),
    ("CL-COV-009", subscriber(first_name="JOHN"), "coverage.subscriber.first_name"),
    ("CL-COV-010", subscriber(birth_date=None), "coverage.subscriber.birth_date"),
    (
        "CL-COV-011",
        lambda good: subscriber(address=replace(good.patient.address, line1=""))(good),
        "coverage.subscriber.address.line1",
    ),
    ("CL-COV-012", part("coverage", relationship="99"), "coverage.relationship"),
    ("CL-COV-013", part("coverage", order="Q"), "coverage.order"),
    ("CL-COV-014", part("coverage", order="S"), "other_coverages"),
    ("CL-COV-015", with_other_primary, "other_coverages.1.order"),
    (
        "CL-COV-016",
        all_of(NOT_SELF, subscriber(birth_date=date(2000, 1, 1))),
        "coverage.relationship",
    ),
    ("CL-COV-017", claim(benefits_assigned=False), "benefits_assigned"),
    ("CL-COV-018", claim(release_of_information="N"), "release_of_information"),
    ("CL-PRV-001", part("billing", npi="1234567890"), "billing.npi"),
    ("CL-PRV-001", part("billing", npi=""), "billing.npi"),
    ("CL-PRV-002", part("rendering", npi="1245319598"), "rendering.npi"),
    ("CL-PRV-003", claim(referring=Provider("POE", "ANN", "1245319590")), "referring.npi"),
    ("CL-PRV-004", part("billing", tax_id=""), "billing.tax_id"),
    ("CL-PRV-005", part("billing", tax_id="31-1234567"), "billing.tax_id"),
    ("CL-PRV-005", part("billing", tax_id="999999999"), "billing.tax_id"),
    ("CL-PRV-006", part("billing", name=""), "billing.name"),
    ("CL-PRV-007", billing_address(line1=""), "billing.address.line1"),
    ("CL-PRV-008", billing_address(line1="P.O. Box 17"), "billing.address.line1"),
    ("CL-PRV-008", billing_address(line2="PO BOX 17"), "billing.address.line2"),
    ("CL-PRV-009", billing_address(state="OI"), "billing.address.state"),
    ("CL-PRV-010", billing_address(postal_code="43215"), "billing.address.postal_code"),
    ("CL-PRV-011", billing_address(postal_code="432150000"), "billing.address.postal_code"),
    ("CL-PRV-012", part("billing", taxonomy=""), "billing.taxonomy"),
    ("CL-PRV-013", part("rendering", taxonomy="207Q"), "rendering.taxonomy"),
    ("CL-PRV-014", part("rendering", last_name=""), "rendering.last_name"),
    ("CL-PRV-015", part("rendering", npi="1234567893"), "rendering.npi"),
    ("CL-PRV-016", part("rendering", taxonomy=""), "rendering.taxonomy"),
    ("CL-PRV-017", claim(referring=Provider("", "ANN", "1245319599")), "referring.last_name"),
    ("CL-PRV-018", MEDICARE, "referring"),
    ("CL-PRV-019", part("billing", phone="555-0100"), "billing.phone"),
    ("CL-PRV-020", claim(provider_signature_on_file=False), "provider_signature_on_file"),
    ("CL-PAY-001", payer(payer_id=""), "coverage.payer.payer_id"),
    ("CL-PAY-002", payer(payer_id="600 54"), "coverage.payer.payer_id"),
    ("CL-PAY-003", payer(name=""), "coverage.payer.name"),
    ("CL-PAY-004", payer(claim_filing_code="QQ"), "coverage.payer.claim_filing_code"),
    ("CL-PAY-005", payer(medicare=True), "coverage.payer.claim_filing_code"),
    ("CL-PAY-005", payer(claim_filing_code="MB"), "coverage.payer.claim_filing_code"),
    ("CL-PAY-006", payer(version="004010X098A1"), "coverage.payer.version"),
    ("CL-PAY-008", claim(frequency="6"), "frequency"),
    ("CL-PAY-009", claim(frequency="7"), "payer_claim_control_number"),
    ("CL-PAY-009", claim(frequency="8"), "payer_claim_control_number"),
    ("CL-PAY-010", claim(payer_claim_control_number="PCN1"), "payer_claim_control_number"),
    ("CL-PAY-011", claim(frequency="7", payer_claim_control_number="A~B"), "payer_claim_control_number"),
    ("CL-PAY-012", all_of(MEDICARE, claim(frequency="7", payer_claim_control_number="A1")), "frequency"),
    ("CL-PAY-013", claim(prior_authorization="A" * 51), "prior_authorization"),
    ("CL-PAY-014", line(2, control_number="X" * 31), "lines.2.control_number"),
    ("CL-PAY-015", line(2, control_number="C000001-1-1"), "lines.2.control_number"),
    ("CL-COD-001", claim(diagnoses=()), "diagnoses"),
    ("CL-COD-002", claim(diagnoses=tuple(f"E11{last}" for last in "0123456789ABC")), "diagnoses"),
    ("CL-COD-003", claim(diagnoses=("E11.9", "I10")), "diagnoses.1"),
    ("CL-COD-003", claim(diagnoses=("E119", "i10")), "diagnoses.2"),
    ("CL-COD-004", claim(diagnoses=("E119", "Q0000")), "diagnoses.2"),
    ("CL-COD-005", claim(diagnoses=("E11", "I10")), "diagnoses.1"),
    (
        "CL-COD-006",
        all_of(claim(diagnoses=("I10", "U071")), line(1, service_from=date(2020, 3, 31))),
        "diagnoses.2",
    ),
    ("CL-COD-007", claim(diagnoses=("E119", "E119")), "diagnoses.2"),
    ("CL-COD-008", claim(diagnoses=("W19XXXA", "I10")), "diagnoses.1"),
    ("CL-COD-009", all_of(claim(diagnoses=("I10", "O0900")), part("patient", sex="M")), "diagnoses.2"),
    ("CL-COD-010", line(1, pointers=(1,)), "diagnoses.2"),
    ("CL-COD-011", line(2, pointers=()), "lines.2.pointers"),
    ("CL-COD-012", line(2, pointers=(1, 2, 3, 4, 5)), "lines.2.pointers"),
    ("CL-COD-013", line(1, pointers=(0, 1)), "lines.1.pointers"),
    ("CL-COD-013", line(1, pointers=(13,)), "lines.1.pointers"),
    ("CL-COD-014", line(1, pointers=(1, 3)), "lines.1.pointers"),
    ("CL-COD-015", line(1, pointers=(1, 1)), "lines.1.pointers"),
    ("CL-COD-016", claim(lines=()), "lines"),
    ("CL-COD-017", many_lines, "lines"),
    ("CL-COD-018", line(2, number=3), "lines.2.number"),
    ("CL-COD-019", line(1, procedure="9921"), "lines.1.procedure"),
    ("CL-COD-019", line(1, procedure="99213 "), "lines.1.procedure"),
    ("CL-COD-020", line(1, procedure="J3490"), "lines.1.note"),
    ("CL-COD-021", line(1, modifiers=("2",)), "lines.1.modifiers"),
    ("CL-COD-022", line(1, modifiers=("25", "25")), "lines.1.modifiers"),
    ("CL-COD-023", line(1, modifiers=("25", "59", "GT", "95", "QW")), "lines.1.modifiers"),
    ("CL-COD-024", line(1, modifiers=("50", "LT")), "lines.1.modifiers"),
    ("CL-COD-025", line(1, units=Decimal(0)), "lines.1.units"),
    ("CL-COD-025", line(1, units=Decimal("NaN")), "lines.1.units"),
    ("CL-COD-025", line(1, units=Decimal("1.2345")), "lines.1.units"),
    ("CL-COD-026", line(1, units=Decimal(1000)), "lines.1.units"),
    (
        "CL-COD-027",
        all_of(line(1, procedure="99439", units=Decimal(3)), line(2, procedure="99490")),
        "lines.1.units",
    ),
    ("CL-COD-028", claim(place_of_service="28"), "place_of_service"),
    ("CL-COD-029", line(2, place_of_service="1"), "lines.2.place_of_service"),
    ("CL-DAT-001", line(1, service_to=date(2026, 11, 2)), "lines.1.service_to"),
    ("CL-DAT-002", line(1, service_to=date(2026, 11, 21)), "lines.1.service_to"),
    ("CL-DAT-003", line(1, service_from=date(2026, 10, 1)), "lines.1.service_to"),
    ("CL-DAT-004", line(1, service_from=date(2025, 12, 31)), "lines.1.service_to"),
    ("CL-DAT-005", line(2, service_from=LONG_AGO, service_to=LONG_AGO), "lines.2.service_from"),
    ("CL-DAT-006", line(1, service_from=date(2025, 12, 1)), "lines.1.service_from"),
    ("CL-DAT-007", claim(accident="ZZ"), "accident"),
    ("CL-DAT-008", claim(accident="OA"), "accident_date"),
    ("CL-DAT-009", claim(accident="AA", accident_date=date(2026, 11, 1)), "accident_state"),
    ("CL-DAT-010", claim(accident="OA", accident_date=date(2026, 11, 4)), "accident_date"),
    ("CL-DAT-011", claim(accident_date=date(2026, 11, 1)), "accident"),
    ("CL-DAT-012", claim(onset_date=date(2026, 11, 4)), "onset_date"),
    ("CL-DAT-013", claim(onset_date=date(1980, 5, 16)), "onset_date"),
    ("CL-MON-001", line(1, charge_cents=-1), "lines.1.charge_cents"),
    ("CL-MON-002", line(1, charge_cents=0), "lines.1.charge_cents"),
    ("CL-MON-003", line(1, charge_cents=10_000_000_000), "lines.1.charge_cents"),
    ("CL-MON-004", line(1, charge_cents=10_000_001), "lines.1.charge_cents"),
    ("CL-MON-005", wrongly_summed, "charge_cents"),
    (
        "CL-MON-006",
        all_of(line(1, charge_cents=9_999_999_999), line(2, charge_cents=1)),
        "charge_cents",
    ),
    ("CL-MON-007", all_of(line(1, charge_cents=0), line(2, charge_cents=0)), "charge_cents"),
    ("CL-DUP-004", repeated_line, "lines.2.procedure"),
    (
        "CL-CAR-001",
        all_of(line(1, procedure="99490"), line(2, procedure="99491")),
        "lines.1.procedure",
    ),
    (
        "CL-CAR-002",
        all_of(line(1, procedure="G0557"), line(2, procedure="99490")),
        "lines.1.procedure",
    ),
    ("CL-CAR-003", line(1, procedure="99489"), "lines.1.procedure"),
]
# These need to be told something besides the claim; their tests stand with those of the rules.
BY_CONTEXT = {
    "CL-PAY-007",
    "CL-DUP-001",
    "CL-DUP-002",
    "CL-DUP-003",
    "CL-DUP-005",
    "CL-CAR-004",
    "CL-CAR-005",
}
