"""What an 837I is made from: the twin of `domain.x12.batch_837p`, which also says what comes of a batch."""

from dataclasses import dataclass
from datetime import datetime

from domain.claims.institutional import InstitutionalClaim
from domain.x12.batch_837p import Partner
from domain.x12.reader import Delimiters
from domain.x12.writer import DEFAULT


@dataclass(frozen=True, slots=True)
class Batch837I:
    """Institutional claims to one receiver, all of one `Payer.institutional_version`; fields as in `Batch837P`."""

    sender: Partner
    receiver: Partner
    isa13: int
    gs06: int
    st02: int
    bht03: str
    created: datetime
    usage: str
    claims: tuple[InstitutionalClaim, ...]
    delimiters: Delimiters = DEFAULT
