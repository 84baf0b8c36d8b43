"""Segments quoted exactly as a partner sent them: what a 277CA says of one claim, what a 999 says of one set."""

from collections.abc import Iterable, Iterator

from domain.x12.envelope import TransactionSet, transaction_sets
from domain.x12.reader import Segment

_OF_CLAIM = frozenset({"TRN", "STC", "REF", "DTP"})


def quote_277ca(data: bytes | Iterable[bytes], claim_number: str) -> list[str]:
    """The segments that say who acknowledges which batch and claim, without names of patients. Empty when none does."""
    for found in transaction_sets(data, "277"):
        if quoted := list(_claim(found, claim_number)):
            return quoted
    return []


def _claim(found: TransactionSet, claim_number: str) -> Iterator[str]:
    head: list[str] = []
    level, here = "", False
    for segment in found.body:
        if segment.id == "HL":
            if here:
                return
            level = segment.get(3)
        elif level in ("20", "21"):
            if segment.id in ("NM1", "TRN", "DTP", "STC"):
                head.append(quoted(segment))
        elif segment.id == "TRN" and level != "19" and segment.get(2) == claim_number:
            here = True
            yield from head
            yield quoted(segment)
        elif here and segment.id == "SVC":
            return
        elif here and segment.id in _OF_CLAIM:
            yield quoted(segment)


def quote_999(data: bytes | Iterable[bytes], group_number: int, set_number: str) -> list[str]:
    """AK1, the AK2 and IK5 of one set, and AK9, of the 999 that answers this group. Empty when none does."""
    for found in transaction_sets(data, "999"):
        group = next((one for one in found.body if one.id == "AK1"), None)
        if group is not None and _same(group.get(2), str(group_number)):
            return [quoted(one) for one in _set(found.body, set_number)]
    return []


def _set(body: Iterable[Segment], set_number: str) -> Iterator[Segment]:
    here = False
    for segment in body:
        if segment.id == "AK2":
            here = _same(segment.get(2), set_number)
        if segment.id in ("AK1", "AK9") or (here and segment.id in ("AK2", "IK5")):
            yield segment


def _same(theirs: str, ours: str) -> bool:
    return theirs.strip().lstrip("0") == ours.lstrip("0")


def quoted(segment: Segment) -> str:
    """A segment with its own delimiters, as it stood in the file."""
    return segment.text + segment.delimiters.terminator
