"""Checks of the facts about providers and addresses: NPI, tax id, taxonomy, ZIP code, state, street address."""

import re
from collections.abc import Iterator

from domain.claims.model import Address, BillingProvider, Provider
from domain.codes.postal import is_state
from domain.refusals import FieldError

_NPI = re.compile(r"[12][0-9]{9}")
_TAX_ID = re.compile(r"[0-9]{9}")
_TAXONOMY = re.compile(r"[0-9]{3}[A-Z0-9]{2}[0-9]{4}X")
_POSTAL_CODE = re.compile(r"[0-9]{5}(?:[0-9]{4})?")
_PHONE = re.compile(r"[2-9][0-9]{9}")
_PO_BOX = re.compile(
    r"\b(?:P\s*\.?\s*O\s*\.?\s*(?:BOX(?![A-Z])|DRAWER|B\s*#?\s*[0-9])|POST\s+OFFICE\s+BOX|LOCK\s*BOX)",
    re.IGNORECASE,
)
# Luhn over 80840 + NPI (ISO card issuer prefix 80840): these five digits always add 24.
_PREFIX_SUM = 24
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def is_npi(text: str) -> bool:
    """Whether the text is an NPI: ten digits, first 1 or 2, and the Luhn check digit over 80840 + NPI."""
    if not _NPI.fullmatch(text):
        return False
    digits = [int(digit) for digit in text]
    doubled = sum(_DOUBLED[digit] for digit in digits[0::2])
    return (_PREFIX_SUM + doubled + sum(digits[1::2])) % 10 == 0


def is_tax_id(text: str) -> bool:
    """Whether the text can be an EIN: nine digits, not beginning with 00 and not one digit repeated."""
    return _TAX_ID.fullmatch(text) is not None and not text.startswith("00") and len(set(text)) > 1


def is_taxonomy(text: str) -> bool:
    """Whether the text has the form of a provider taxonomy code; the list itself is licensed."""
    return _TAXONOMY.fullmatch(text) is not None


def is_postal_code(text: str) -> bool:
    """Whether the text is a ZIP code of 5 or 9 digits, without a hyphen and not all zeros."""
    return _POSTAL_CODE.fullmatch(text) is not None and text[:5] != "00000"


def is_zip_plus_four(text: str) -> bool:
    """Whether the text is a ZIP code with all nine digits."""
    return is_postal_code(text) and len(text) == 9


def printed_zip(digits: str) -> str:
    """A ZIP code as it stands on a letter: `96720-2800`."""
    return f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 else digits


def is_phone(text: str) -> bool:
    """Whether the text is a telephone number of ten digits."""
    return _PHONE.fullmatch(text) is not None


def is_po_box(line: str) -> bool:
    """Whether an address line names a post office box or lock box."""
    return _PO_BOX.search(line) is not None


def digits(text: str) -> str:
    """The ASCII digits of what a person typed: `(555) 010-0199` becomes `5550100199`."""
    return "".join(character for character in text if "0" <= character <= "9")


def billing_provider_faults(provider: BillingProvider) -> tuple[FieldError, ...]:
    """What keeps these facts of a client from standing in loop 2010AA; fields are `BillingProvider` attributes."""
    return tuple(_billing_faults(provider))


def provider_faults(provider: Provider) -> tuple[FieldError, ...]:
    """What keeps these facts from standing in loop 2310; fields are `Provider` attributes."""
    faults = (
        _required("last_name", provider.last_name, "Enter the provider's last name."),
        _npi_fault(provider.npi),
        _taxonomy_fault(provider.taxonomy),
    )
    return tuple(fault for fault in faults if fault)


def address_faults(address: Address, *, billing: bool = False) -> Iterator[FieldError]:
    """What is wrong with an address; a billing address needs a street and nine digits (2010AA N3, N4)."""
    missing = (
        _required("address.line1", address.line1, "Enter the street address."),
        _required("address.city", address.city, "Enter the city."),
    )
    yield from (fault for fault in missing if fault)
    if not is_state(address.state):
        yield FieldError("address.state", "state.unknown", "Enter the two letters of the state.")
    if billing and not is_zip_plus_four(address.postal_code):
        yield FieldError(
            "address.postal_code", "postal_code.nine_digits", "Enter the ZIP code with all nine digits."
        )
    elif not is_postal_code(address.postal_code):
        yield FieldError(
            "address.postal_code", "postal_code.invalid", "Enter a ZIP code of five or nine digits."
        )
    if billing and (is_po_box(address.line1) or is_po_box(address.line2)):
        yield FieldError(
            "address.line1", "address.po_box", "Enter a street address; a PO box goes to pay-to."
        )


def _billing_faults(provider: BillingProvider) -> Iterator[FieldError]:
    faults = (
        _required("name", provider.name, "Enter the provider's legal name."),
        _npi_fault(provider.npi),
        _taxonomy_fault(provider.taxonomy),
    )
    yield from (fault for fault in faults if fault)
    if not is_tax_id(provider.tax_id):
        yield FieldError("tax_id", "tax_id.invalid", "Enter the nine digits of the EIN.")
    if provider.phone and not is_phone(provider.phone):
        yield FieldError("phone", "phone.invalid", "Enter the telephone number with ten digits.")
    yield from address_faults(provider.address, billing=True)


def _required(field: str, value: str, message: str) -> FieldError | None:
    return None if value.strip() else FieldError(field, f"{field}.missing", message)


def _npi_fault(npi: str) -> FieldError | None:
    return (
        None
        if is_npi(npi)
        else FieldError("npi", "npi.invalid", "Enter the ten digits of the NPI; check each digit.")
    )


def _taxonomy_fault(taxonomy: str) -> FieldError | None:
    if not taxonomy or is_taxonomy(taxonomy):
        return None
    return FieldError(
        "taxonomy", "taxonomy.invalid", "Enter the ten characters of the taxonomy code, ending in X."
    )
