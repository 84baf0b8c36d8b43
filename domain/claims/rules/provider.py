"""The billing, rendering and referring providers: who they are and whether a payer can recognise them."""

from collections.abc import Iterator

from domain.claims.model import Claim, Provider
from domain.claims.rules.fields import blank_parts, lines
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.clientele import (
    is_npi,
    is_phone,
    is_po_box,
    is_postal_code,
    is_tax_id,
    is_taxonomy,
    is_zip_plus_four,
)
from domain.codes.postal import is_state

_INDEPENDENT_LABORATORY = "81"
# Imaging and laboratory sections of the CPT code range: the services that Medicare pays only when ordered.
_ORDERED_FROM, _ORDERED_TO = "70010", "89398"


def _billing_name_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.billing.name.strip():
        yield "billing.name"


def _billing_npi_invalid(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not is_npi(claim.billing.npi):
        yield "billing.npi"


def _rendering_npi_invalid(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.rendering is not None and not is_npi(claim.rendering.npi):
        yield "rendering.npi"


def _referring_npi_invalid(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.referring is not None and not is_npi(claim.referring.npi):
        yield "referring.npi"


def _tax_id_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.billing.tax_id.strip():
        yield "billing.tax_id"


def _tax_id_invalid(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.billing.tax_id.strip() and not is_tax_id(claim.billing.tax_id):
        yield "billing.tax_id"


def _billing_address_incomplete(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return blank_parts("billing.address", claim.billing.address)


def _billing_po_box(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for part in ("line1", "line2"):
        if is_po_box(getattr(claim.billing.address, part)):
            yield f"billing.address.{part}"


def _billing_state_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    state = claim.billing.address.state
    if state.strip() and not is_state(state):
        yield "billing.address.state"


def _billing_zip_short(claim: Claim, context: ScrubContext) -> Iterator[str]:
    postal_code = claim.billing.address.postal_code
    if postal_code.strip() and not is_zip_plus_four(postal_code):
        yield "billing.address.postal_code"


def _billing_zip_filled_up(claim: Claim, context: ScrubContext) -> Iterator[str]:
    postal_code = claim.billing.address.postal_code
    if is_postal_code(postal_code) and postal_code[5:] == "0000":
        yield "billing.address.postal_code"


def _billing_taxonomy_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.billing.taxonomy.strip():
        yield "billing.taxonomy"


def _taxonomy_malformed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    named = (("billing", claim.billing), ("rendering", claim.rendering), ("referring", claim.referring))
    for role, provider in named:
        if provider is not None and provider.taxonomy.strip() and not is_taxonomy(provider.taxonomy):
            yield f"{role}.taxonomy"


def _rendering_name_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return _nameless("rendering", claim.rendering)


def _referring_name_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return _nameless("referring", claim.referring)


def _nameless(role: str, provider: Provider | None) -> Iterator[str]:
    if provider is not None and not provider.last_name.strip():
        yield f"{role}.last_name"


def _rendering_is_billing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.rendering is not None and claim.rendering.npi == claim.billing.npi:
        yield "rendering.npi"


def _rendering_taxonomy_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.rendering is not None and not claim.rendering.taxonomy.strip():
        yield "rendering.taxonomy"


def _order_without_referring(claim: Claim, context: ScrubContext) -> Iterator[str]:
    """Medicare pays imaging and laboratory services only when the claim names who ordered them."""
    if claim.referring is not None or not claim.coverage.payer.medicare:
        return
    at_laboratory = claim.place_of_service == _INDEPENDENT_LABORATORY
    if at_laboratory or any(_ORDERED_FROM <= line.procedure <= _ORDERED_TO for _, line in lines(claim)):
        yield "referring"


def _phone_malformed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.billing.phone.strip() and not is_phone(claim.billing.phone):
        yield "billing.phone"


def _signature_missing(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.provider_signature_on_file:
        yield "provider_signature_on_file"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.PROVIDER

RULES = (
    Rule(
        "CL-PRV-001",
        _F,
        _E,
        "The billing provider has a valid NPI.",
        "Enter the ten digits of the billing provider's NPI; one of them is wrong or missing.",
        "X222A1 2010AA NM109; 45 CFR 162.406",
        _billing_npi_invalid,
    ),
    Rule(
        "CL-PRV-002",
        _F,
        _E,
        "The rendering provider has a valid NPI.",
        "Enter the ten digits of the rendering provider's NPI; one of them is wrong or missing.",
        "X222A1 2310B NM109; 45 CFR 162.406",
        _rendering_npi_invalid,
    ),
    Rule(
        "CL-PRV-003",
        _F,
        _E,
        "The referring provider has a valid NPI.",
        "Enter the ten digits of the referring provider's NPI; one of them is wrong or missing.",
        "X222A1 2310A NM109; 45 CFR 162.406",
        _referring_npi_invalid,
    ),
    Rule(
        "CL-PRV-004",
        _F,
        _E,
        "The billing provider has a tax id.",
        "Enter the billing provider's EIN.",
        "X222A1 2010AA REF*EI",
        _tax_id_missing,
    ),
    Rule(
        "CL-PRV-005",
        _F,
        _E,
        "The tax id is an EIN of nine digits.",
        "Enter the nine digits of the EIN without a hyphen.",
        "X222A1 2010AA REF*EI; 26 CFR 301.7701-12",
        _tax_id_invalid,
    ),
    Rule(
        "CL-PRV-006",
        _F,
        _E,
        "The billing provider has a name.",
        "Enter the billing provider's legal name.",
        "X222A1 2010AA NM103",
        _billing_name_missing,
    ),
    Rule(
        "CL-PRV-007",
        _F,
        _E,
        "The billing address has street, city, state and ZIP code.",
        "Complete the billing provider's address.",
        "X222A1 2010AA N3, N4",
        _billing_address_incomplete,
    ),
    Rule(
        "CL-PRV-008",
        _F,
        _E,
        "The billing address is a street address.",
        "Enter the street address; a post office box may only be the pay-to address.",
        "X222A1 2010AA N301",
        _billing_po_box,
    ),
    Rule(
        "CL-PRV-009",
        _F,
        _E,
        "The billing provider's state is a known one.",
        "Enter the two capital letters of the state.",
        "X222A1 2010AA N402",
        _billing_state_unknown,
    ),
    Rule(
        "CL-PRV-010",
        _F,
        _E,
        "The billing ZIP code has nine digits.",
        "Enter all nine digits of the ZIP code, without a hyphen.",
        "X222A1 2010AA N403",
        _billing_zip_short,
    ),
    Rule(
        "CL-PRV-011",
        _F,
        _W,
        "The last four digits of the billing ZIP code are real.",
        "Look up the last four digits; several payers refuse 0000.",
        "X222A1 2010AA N403; USPS Publication 28",
        _billing_zip_filled_up,
    ),
    Rule(
        "CL-PRV-012",
        _F,
        _W,
        "The billing provider has a taxonomy code.",
        "Enter the taxonomy code under which the provider is enrolled; many payers need it.",
        "X222A1 2000A PRV*BI",
        _billing_taxonomy_missing,
    ),
    Rule(
        "CL-PRV-013",
        _F,
        _E,
        "A taxonomy code has ten characters and ends in X.",
        "Enter the ten characters of the taxonomy code.",
        "X222A1 2000A PRV03, 2310B PRV03; NUCC code format",
        _taxonomy_malformed,
    ),
    Rule(
        "CL-PRV-014",
        _F,
        _E,
        "The rendering provider has a last name.",
        "Enter the rendering provider's last name.",
        "X222A1 2310B NM103",
        _rendering_name_missing,
    ),
    Rule(
        "CL-PRV-015",
        _F,
        _W,
        "A rendering provider differs from the billing provider.",
        "Leave the rendering provider empty when it is the billing provider, or check both NPIs.",
        "X222A1 2310B NM1 (situational rule)",
        _rendering_is_billing,
    ),
    Rule(
        "CL-PRV-016",
        _F,
        _W,
        "The rendering provider has a taxonomy code.",
        "Enter the rendering provider's taxonomy code; many payers need it.",
        "X222A1 2310B PRV*PE",
        _rendering_taxonomy_missing,
    ),
    Rule(
        "CL-PRV-017",
        _F,
        _E,
        "The referring provider has a last name.",
        "Enter the referring provider's last name.",
        "X222A1 2310A NM103",
        _referring_name_missing,
    ),
    Rule(
        "CL-PRV-018",
        _F,
        _W,
        "Medicare imaging and laboratory claims name who ordered the service.",
        "Enter the provider who ordered the service.",
        "42 CFR 424.507; Medicare Claims Processing Manual ch. 1 §80.3.2",
        _order_without_referring,
    ),
    Rule(
        "CL-PRV-019",
        _F,
        _E,
        "The billing telephone number has ten digits.",
        "Enter the telephone number with ten digits, or remove it.",
        "X222A1 2010AA PER04",
        _phone_malformed,
    ),
    Rule(
        "CL-PRV-020",
        _F,
        _W,
        "The provider's signature is on file.",
        "Obtain the provider's signature before sending; payers may refuse the claim without it.",
        "X222A1 2300 CLM06; 42 CFR 424.33",
        _signature_missing,
    ),
)
