"""Segments that several loops of an 837 share: people, addresses, demographics."""

from domain.claims.model import Address, Person
from domain.x12.values import ccyymmdd
from domain.x12.writer import SegmentWriter, sanitise


def put_person(
    writer: SegmentWriter, entity: str, person: Person, qualifier: str = "", identifier: str = ""
) -> None:
    """NM1 of a person, names cut to the lengths of NM103 to NM105."""
    last, first = sanitise(person.last_name, longest=60), sanitise(person.first_name, longest=35)
    middle = sanitise(person.middle_name, longest=25)
    writer.put("NM1", entity, "1", last, first, middle, "", "", qualifier, identifier)


def put_address(writer: SegmentWriter, address: Address) -> None:
    """N3 and N4; a ZIP code with a hyphen loses it."""
    writer.put("N3", sanitise(address.line1, longest=55), sanitise(address.line2, longest=55))
    postal = address.postal_code.replace("-", "")
    writer.put("N4", sanitise(address.city, longest=30), address.state, postal)


def put_demographics(writer: SegmentWriter, person: Person) -> None:
    if person.birth_date is not None:
        writer.put("DMG", "D8", ccyymmdd(person.birth_date), person.sex or "U")
