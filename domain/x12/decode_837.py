"""837P and 837I back to facts: every claim whole, with what other payers decided on it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.claims.institutional import InstitutionalClaim
from domain.claims.model import Claim
from domain.x12.check.structure import loops_of
from domain.x12.claim_read_837 import ClaimRead
from domain.x12.envelope import TransactionSet, transaction_sets
from domain.x12.guides import guide, guide_key
from domain.x12.institutional_837 import institutional_claim
from domain.x12.parties_837 import CoverageRead, PartyRead
from domain.x12.professional_837 import professional_claim
from domain.x12.reader import Segment


@dataclass(frozen=True, slots=True)
class Decoded837:
    """One ST of an 837: professional claims in `claims`, institutional ones in `institutional`."""

    st02: str
    bht03: str
    version: str
    claims: tuple[Claim, ...]
    institutional: tuple[InstitutionalClaim, ...]


def read_837(data: bytes | Iterable[bytes]) -> Iterator[Decoded837]:
    """Every 837P and 837I of the file. Raises Unreadable when an amount, date or number needed is not one."""
    for one in transaction_sets(data, "837"):
        key = guide_key(one.kind, one.version)
        if key:
            yield _Reading(one, key).read()


class _Reading:
    """Reads one set by the loop that the guide gives each segment."""

    def __init__(self, one: TransactionSet, key: str) -> None:
        self.one, self.key = one, key
        self.bht03 = self.taxonomy = self.relationship = ""
        self.billing, self.patient = PartyRead(), PartyRead()
        self.primary: CoverageRead | None = None
        self.claim: ClaimRead | None = None
        self.claims: list[Claim] = []
        self.institutional: list[InstitutionalClaim] = []

    def read(self) -> Decoded837:
        segments = self.one.segments[:-1] if self.one.closed else self.one.segments
        for segment, loop in zip(segments, loops_of(segments, guide(self.key)), strict=True):
            self._take(segment, loop)
        self._finish_claim()
        return Decoded837(
            self.one.control_number,
            self.bht03,
            self.one.version,
            tuple(self.claims),
            tuple(self.institutional),
        )

    def _take(self, segment: Segment, loop: str) -> None:
        if segment.id in ("HL", "CLM"):
            self._finish_claim()
        if segment.id == "BHT":
            self.bht03 = segment.get(3)
        elif segment.id == "CLM":
            self.claim = ClaimRead(segment)
        elif loop.startswith("20"):
            self._head(segment, loop)
        elif self.claim is not None:
            self.claim.take(segment, loop)

    def _head(self, segment: Segment, loop: str) -> None:
        match loop, segment.id:
            case "2000A", "HL":
                self.taxonomy, self.billing = "", PartyRead()
            case "2000A", "PRV":
                self.taxonomy = segment.get(3)
            case "2010AA", _:
                self.billing.take(segment)
            case "2000B", "SBR":
                self.primary = CoverageRead(segment, PartyRead(), PartyRead())
                self.relationship = segment.get(2) or "18"
            case "2010BA", _ if self.primary is not None:
                self.primary.subscriber.take(segment)
                self.patient = self.primary.subscriber
            case "2010BB", _ if self.primary is not None:
                self.primary.payer.take(segment)
            case "2000C", "PAT":
                self.relationship, self.patient = segment.get(1), PartyRead()
            case "2010CA", _:
                self.patient.take(segment)

    def _finish_claim(self) -> None:
        read, self.claim = self.claim, None
        if read is None or self.primary is None:
            return
        version, billing = self.one.version, self.billing.billing(self.taxonomy)
        parties = billing, self.patient.person, self.primary, self.relationship
        if self.key == "P837":
            self.claims.append(professional_claim(read, version, *parties))
        else:
            self.institutional.append(institutional_claim(read, version, *parties))
