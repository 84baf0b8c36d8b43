"""What the codec says when bytes are not the X12 they should be."""

from domain.refusals import Invalid


class Unreadable(Invalid):
    """The bytes cannot be read as the X12 that was expected.

    `offset` is the byte where reading stopped and `segment_number` the 1-based segment of the file, where known (else 0).
    The text names segments and elements, never their contents, because contents may be PHI.
    """

    def __init__(
        self, code: str, title: str, *, offset: int = 0, segment_number: int = 0, segment_id: str = ""
    ) -> None:
        super().__init__(
            code, title, "Ask the sender for a correct X12 005010 file; the bytes are kept as they came."
        )
        self.offset = offset
        self.segment_number = segment_number
        self.segment_id = segment_id


class CannotEncode(Invalid):
    """A claim or batch lacks what the 837P needs. `claim_number` says which claim ("" for the batch itself)."""

    def __init__(self, code: str, title: str, *, claim_number: str = "") -> None:
        super().__init__(code, title, "Correct the field named and release the claim again.")
        self.claim_number = claim_number
