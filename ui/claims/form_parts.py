"""What the parts of the claim form share: headings of the lines, and faults of a part as a whole."""

from typing import TYPE_CHECKING

from ui.parts.markup import Child, small

if TYPE_CHECKING:
    from ui.claims.entry import Entry

HEADS = {
    "service_from": "From",
    "service_to": "To",
    "place_of_service": "Place",
    "procedure": "Procedure",
    "modifiers": "Modifiers",
    "pointers": "Diagnoses",
    "units": "Units",
    "charge_cents": "Charge $",
}


def error(page: "Entry", name: str) -> Child:
    """What is wrong with a part of the form as a whole."""
    return small(page.errors[name], cls="error") if name in page.errors else None
