"""Claims to an 837P (005010X222A1): grouped by billing provider, subscriber and patient, at most 5,000 claims per ST."""

from domain.claims.model import Claim, Payer
from domain.x12.batch_837p import Batch837P, Encoded837
from domain.x12.claim_837p import put_claim
from domain.x12.coordination_837 import check_decisions
from domain.x12.errors import CannotEncode
from domain.x12.set_837 import CLAIMS_PER_SET, Shape, check_heading, encode

__all__ = ["CLAIMS_PER_SET", "LINES_PER_CLAIM", "encode_837p"]

LINES_PER_CLAIM = 50


def encode_837p(batch: Batch837P) -> Encoded837:
    """The batch as one interchange with one group. Raises CannotEncode when a claim or the batch cannot be written."""
    return encode(batch, _SHAPE)


def _version(payer: Payer) -> str:
    return payer.version


def _check_claim(claim: Claim) -> None:
    check_heading(claim)
    number = claim.claim_number
    if not 1 <= len(claim.lines) <= LINES_PER_CLAIM:
        raise CannotEncode("encode_lines", "A claim needs 1 to 50 service lines.", claim_number=number)
    if not 1 <= len(claim.diagnoses) <= 12:
        raise CannotEncode("encode_diagnoses", "A claim needs 1 to 12 diagnoses.", claim_number=number)
    for line in claim.lines:
        if not line.pointers or any(not 1 <= at <= len(claim.diagnoses) for at in line.pointers):
            raise CannotEncode("encode_pointer", "A line points to no diagnosis.", claim_number=number)
    check_decisions(claim)


_SHAPE = Shape(institutional=False, version=_version, check_claim=_check_claim, put_claim=put_claim)
