"""What an 837P is made from and what comes of it: the batch, the bytes and the map from segment positions to claims."""

from dataclasses import dataclass
from datetime import datetime

from domain.claims.model import Claim
from domain.x12.reader import Delimiters
from domain.x12.writer import DEFAULT


@dataclass(frozen=True, slots=True)
class Partner:
    """One end of the exchange as the ISA names it, with its id in loop 1000A or 1000B and in the GS when they differ."""

    qualifier: str
    interchange_id: str
    application_id: str = ""
    name: str = ""
    identifier: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Batch837P:
    """Claims to one receiver, all of one version (GS08). Control numbers come from the database, `created` is aware.

    `st02` is the number of the first transaction set; later sets (over 5,000 claims) count on from it, and their
    BHT03 is `bht03` with `-2`, `-3`, … `usage` is T for test or P for production.
    """

    sender: Partner
    receiver: Partner
    isa13: int
    gs06: int
    st02: int
    bht03: str
    created: datetime
    usage: str
    claims: tuple[Claim, ...]
    delimiters: Delimiters = DEFAULT


@dataclass(frozen=True, slots=True)
class ClaimSpan:
    """Where a claim stands in its set: CLM to its last segment, and the heads of the loops that hold it.

    Positions are those of 999 IK302: ST is 1.
    """

    first: int
    last: int
    claim_number: str
    heads: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class EncodedSet:
    """One ST: its control number as written, BHT03, the claims in it and where they stand."""

    st02: str
    bht03: str
    segment_count: int
    spans: tuple[ClaimSpan, ...]

    def claims_at(self, position: int) -> tuple[str, ...]:
        """The claims that a segment position concerns: its own, those below a loop's head, or all of the set."""
        own = tuple(span.claim_number for span in self.spans if span.first <= position <= span.last)
        if own:
            return own
        below = tuple(
            span.claim_number
            for span in self.spans
            if any(first <= position <= last for first, last in span.heads)
        )
        return below or tuple(span.claim_number for span in self.spans)


@dataclass(frozen=True, slots=True)
class Encoded837:
    """The file and its map."""

    data: bytes
    sets: tuple[EncodedSet, ...]
