"""TA1 interchange acknowledgments: was the envelope itself accepted."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.x12.envelope import interchanges
from domain.x12.reader import Segment


@dataclass(frozen=True, slots=True)
class InterchangeAcknowledgment:
    """TA1: `interchange_control_number` is the ISA13 answered, `verdict` A accepted, E with errors, R rejected."""

    interchange_control_number: str
    date: str
    time: str
    verdict: str
    note: str

    @property
    def accepted(self) -> bool:
        return self.verdict in ("A", "E")


def read_ta1(data: bytes | Iterable[bytes]) -> tuple[InterchangeAcknowledgment, ...]:
    """Every TA1 of the file, wherever it stands. Raises Unreadable when the bytes are not X12."""
    found: list[Segment] = []
    for interchange in interchanges(data):
        found.extend(interchange.acknowledgments)
        found.extend(segment for segment in interchange.strays if segment.id == "TA1")
    return tuple(InterchangeAcknowledgment(*(segment.get(at) for at in range(1, 6))) for segment in found)
