"""Which of the transactions a file holds, told from its first transaction set."""

from domain.x12.errors import Unreadable
from domain.x12.reader import segments

UNKNOWN = "unknown"
_KINDS = {"835": "835", "999": "999", "277": "277CA"}


def kind_of(data: bytes) -> str:
    """837P, 837I, 835, 999, 277CA, TA1 (an interchange that holds nothing else) or `unknown`. Never raises."""
    version, answer = "", UNKNOWN
    try:
        for segment in segments(data):
            if segment.id == "TA1":
                answer = "TA1"
            elif segment.id == "GS":
                version = segment.get(8)
            elif segment.id == "ST":
                return _set_kind(segment.get(1), segment.get(3) or version)
    except Unreadable:
        return answer
    return answer


def _set_kind(set_id: str, version: str) -> str:
    if set_id == "837":
        return "837I" if "X223" in version else "837P"
    return _KINDS.get(set_id, UNKNOWN)
