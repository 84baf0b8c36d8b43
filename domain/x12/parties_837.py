"""Names, addresses and demographics of an 837 as they are read, before they become facts of a claim."""

from dataclasses import dataclass, replace
from datetime import date

from domain.claims.model import Address, BillingProvider, Coverage, Payer, Person, Provider
from domain.x12.reader import Segment
from domain.x12.values import day


@dataclass(slots=True)
class PartyRead:
    """One NM1 loop as read so far."""

    last: str = ""
    first: str = ""
    middle: str = ""
    identifier: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    birth_date: date | None = None
    sex: str = ""
    taxonomy: str = ""
    tax_id: str = ""
    contact: str = ""
    phone: str = ""

    def take(self, segment: Segment) -> None:
        get = segment.get
        match segment.id:
            case "NM1":
                self.last, self.first, self.middle, self.identifier = get(3), get(4), get(5), get(9)
            case "N3":
                self.line1, self.line2 = get(1), get(2)
            case "N4":
                self.city, self.state, self.postal_code = get(1), get(2), get(3)
            case "DMG":
                self.birth_date, self.sex = day(get(2)), get(3)
            case "PRV":
                self.taxonomy = get(3)
            case "REF" if get(1) in ("EI", "SY"):
                self.tax_id = get(2)
            case "PER":
                self.contact = get(2)
                self.phone = next((get(at + 1) for at in (3, 5, 7) if get(at) == "TE"), "")

    @property
    def address(self) -> Address:
        return Address(self.line1, self.city, self.state, self.postal_code, self.line2)

    @property
    def person(self) -> Person:
        return Person(self.last, self.first, self.birth_date, self.sex, self.address, self.middle)

    @property
    def provider(self) -> Provider:
        return Provider(self.last, self.first, self.identifier, self.taxonomy)

    def billing(self, taxonomy: str) -> BillingProvider:
        return BillingProvider(
            self.last, self.identifier, self.tax_id, taxonomy, self.address, self.contact, self.phone
        )


@dataclass(slots=True)
class CoverageRead:
    """SBR with its subscriber and payer, of loop 2000B or 2320."""

    sbr: Segment
    subscriber: PartyRead
    payer: PartyRead

    def coverage(self, version: str, relationship: str) -> Coverage:
        """As facts. `version` is that of the set and becomes the payer's, for the kind of claim that the set holds."""
        filing, name, identifier = self.sbr.get(9), self.payer.last, self.payer.identifier
        payer = Payer(name, identifier, filing, medicare=filing in ("MA", "MB"))
        if "X223" in version:
            payer = replace(payer, institutional_version=version)
        else:
            payer = replace(payer, version=version)
        return Coverage(
            payer,
            self.subscriber.identifier,
            self.subscriber.person,
            relationship,
            self.sbr.get(1),
            self.sbr.get(3),
            insurance_type=self.sbr.get(5),
        )
