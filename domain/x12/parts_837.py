"""Segments and loops that 837P and 837I share: billing provider, subscriber, patient, payer, people, addresses."""

from domain.claims.model import Address, BillingProvider, Coverage, Payer, Person, Provider
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


def put_provider(writer: SegmentWriter, entity: str, provider: Provider) -> None:
    """NM1 of a person with an NPI, in loop 2310 or 2420."""
    last, first = sanitise(provider.last_name, longest=60), sanitise(provider.first_name, longest=35)
    writer.put("NM1", entity, "1", last, first, "", "", "", "XX", provider.npi)


def communication(phone: str, email: str = "") -> tuple[str, ...]:
    """The pairs of PER03 to PER06, for what is known."""
    found = (("TE", "".join(sign for sign in phone if sign.isdigit())), ("EM", email))
    return tuple(part for pair in found if pair[1] for part in pair)


def put_billing_provider(writer: SegmentWriter, provider: BillingProvider) -> None:
    """Loops 2000A (after HL) and 2010AA."""
    if provider.taxonomy:
        writer.put("PRV", "BI", "PXC", provider.taxonomy)
    writer.put("NM1", "85", "2", sanitise(provider.name, longest=60), "", "", "", "", "XX", provider.npi)
    put_address(writer, provider.address)
    writer.put("REF", "EI", provider.tax_id)
    if provider.phone:
        writer.put("PER", "IC", sanitise(provider.contact_name, longest=60), *communication(provider.phone))


def put_subscriber(
    writer: SegmentWriter, coverage: Coverage, is_patient: bool, *, institutional: bool = False
) -> None:
    """Loops 2000B (after HL), 2010BA and 2010BB. Address and birth date only when the subscriber is the patient."""
    put_sbr(writer, coverage, "18" if is_patient else "", institutional=institutional)
    put_person(writer, "IL", coverage.subscriber, "MI", coverage.member_id)
    if is_patient:
        put_address(writer, coverage.subscriber.address)
        put_demographics(writer, coverage.subscriber)
    put_payer(writer, coverage.payer)


def put_sbr(
    writer: SegmentWriter, coverage: Coverage, relationship: str, *, institutional: bool = False
) -> None:
    """SBR of the payer asked (2000B) or of another one (2320). The 837I does not use SBR05."""
    insurance, filing = "" if institutional else coverage.insurance_type, coverage.payer.claim_filing_code
    writer.put("SBR", coverage.order, relationship, coverage.group_number, "", insurance, "", "", "", filing)


def put_payer(writer: SegmentWriter, payer: Payer) -> None:
    writer.put("NM1", "PR", "2", sanitise(payer.name, longest=60), "", "", "", "", "PI", payer.payer_id)


def put_patient(writer: SegmentWriter, relationship: str, person: Person) -> None:
    """Loops 2000C (after HL) and 2010CA."""
    writer.put("PAT", relationship)
    put_person(writer, "QC", person)
    put_address(writer, person.address)
    put_demographics(writer, person)
