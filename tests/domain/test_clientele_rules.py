"""Facts about providers and addresses are checked before a payer checks them; deadlines are counted exactly."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import filing_alarm, filing_limit
from domain.claims.model import Address, BillingProvider, Payer, Provider
from domain.clientele import (
    address_faults,
    billing_provider_faults,
    digits,
    is_npi,
    is_phone,
    is_po_box,
    is_postal_code,
    is_tax_id,
    is_taxonomy,
    is_zip_plus_four,
    provider_faults,
)

CLIENT = BillingProvider(
    "ELM FAMILY PRACTICE",
    "1234567893",
    "311234567",
    "207Q00000X",
    Address("500 Main St", "Columbus", "OH", "432151234"),
)
MEDICARE = Payer("MEDICARE", "00882", "MB", medicare=True)


def luhn(number: str) -> bool:
    """The Luhn check as ISO/IEC 7812 writes it, over the whole number."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@given(st.integers(1_000_000_000, 2_999_999_999))
def test_an_npi_is_valid_exactly_when_luhn_holds_over_80840(number: int) -> None:
    assert is_npi(str(number)) is luhn(f"80840{number}")


@given(st.integers(100_000_000, 299_999_999))
def test_every_nine_digits_have_exactly_one_check_digit(stem: int) -> None:
    assert sum(is_npi(f"{stem}{check}") for check in range(10)) == 1


@pytest.mark.parametrize(
    "npi",
    ["", "123456789", "12345678933", "3234567893", "12345 7893", "１２３４５６７８９３", "1234567893\n"],
)
def test_what_is_not_ten_digits_is_no_npi(npi: str) -> None:
    assert not is_npi(npi)


def test_an_npi_may_end_in_zero() -> None:
    assert is_npi("1053367060")


@pytest.mark.parametrize(
    "line", ["PO Box 5", "P.O. Box 12", "P O BOX 1", "Post Office Box 3", "POB 12", "Lockbox 77", "p.o.box9"]
)
def test_post_office_boxes_are_recognised(line: str) -> None:
    assert is_po_box(line)


@pytest.mark.parametrize("line", ["", "12 Pob Street", "100 Boxwood Ave", "Polk Building", "1 Po Boxer Lane"])
def test_streets_are_not_taken_for_boxes(line: str) -> None:
    assert not is_po_box(line)


def test_codes_of_providers_and_addresses_have_their_forms() -> None:
    assert is_taxonomy("207Q00000X") and is_taxonomy("3336C0003X") and not is_taxonomy("207Q00000")
    assert is_tax_id("311234567") and not any(map(is_tax_id, ("31-1234567", "000000001", "111111111", "")))
    assert is_postal_code("43215") and is_postal_code("432151234") and not is_postal_code("00000")
    assert is_zip_plus_four("432151234") and not is_zip_plus_four("43215")
    assert (
        is_phone("6145550100") and not is_phone("614-555-0100") and digits("(614) 555-0100") == "6145550100"
    )


def test_a_good_client_and_provider_have_no_faults() -> None:
    assert billing_provider_faults(CLIENT) == ()
    assert provider_faults(Provider("ROE", "RICHARD", "1245319599")) == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"npi": "1234567890"}, "npi"),
        ({"tax_id": ""}, "tax_id"),
        ({"taxonomy": "207Q"}, "taxonomy"),
        ({"phone": "1"}, "phone"),
        ({"address": replace(CLIENT.address, postal_code="43215")}, "address.postal_code"),
        ({"address": replace(CLIENT.address, line1="PO Box 1")}, "address.line1"),
        ({"address": replace(CLIENT.address, city="")}, "address.city"),
        ({"address": replace(CLIENT.address, state="XX")}, "address.state"),
    ],
)
def test_a_clients_fault_is_told_at_its_field(change: dict[str, object], field: str) -> None:
    faults = billing_provider_faults(replace(CLIENT, **change))  # type: ignore[arg-type]
    assert [fault.field for fault in faults] == [field] and all(fault.message for fault in faults)


def test_a_patient_may_live_at_a_box_with_a_short_zip_code() -> None:
    assert not list(address_faults(Address("PO Box 9", "Columbus", "OH", "43215")))


@pytest.mark.parametrize(
    ("service", "limit"),
    [
        (date(2026, 3, 1), date(2027, 3, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2023, 12, 31), date(2024, 12, 31)),
    ],
)
def test_medicare_takes_claims_for_one_calendar_year(service: date, limit: date) -> None:
    assert filing_limit(service, MEDICARE) == limit
    assert filing_alarm(service, MEDICARE) == limit - timedelta(days=15)


def test_other_payers_count_their_own_days() -> None:
    payer = Payer("ACME", "60054", timely_filing_days=90)
    assert filing_limit(date(2026, 1, 1), payer) == date(2026, 4, 1)
    assert filing_alarm(date(2026, 1, 1), payer) == date(2026, 3, 17)


@given(st.dates(), st.booleans(), st.integers(-(10**9), 10**9))
def test_deadlines_can_be_told_for_any_date(day: date, medicare: bool, days: int) -> None:
    payer = Payer("ACME", "60054", medicare=medicare, timely_filing_days=days)
    assert filing_alarm(day, payer) <= filing_limit(day, payer)
