"""Segments to bytes: sanitised elements, no trailing separators, exact ISA widths, counts that are true."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from domain.x12.reader import Delimiters

DEFAULT = Delimiters()
_SPELLED_OUT = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ı": "i", "‘": "'", "’": "'", "“": '"', "”": '"',
        "–": "-", "—": "-", "‐": "-", "−": "-", "…": "...",
    }
)  # fmt: skip
# X12 basic and extended character sets; the back-tick and the caret are in neither.
_ALLOWED = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !\"&'()*+,-./:;?=%~@[]_{}\\|<>#$"
)
Element = str | tuple[str, ...]


def sanitise(text: str, delimiters: Delimiters = DEFAULT, longest: int = 0) -> str:
    """`text` in the X12 extended set: accents folded, delimiters and control characters turned to single spaces.

    `longest` cuts the result to that many characters (0: no limit); only for names and notes, never for codes.
    """
    if not (text.isascii() and (text.isalnum() or _clean(delimiters)(text))):
        folded = unicodedata.normalize("NFKD", text.translate(_SPELLED_OUT))
        letters = [sign for sign in folded if not unicodedata.combining(sign)]
        kept = [sign if sign in _ALLOWED and sign not in delimiters else " " for sign in letters]
        text = " ".join("".join(kept).split())
    return text[:longest].rstrip() if longest else text


@cache
def _clean(delimiters: Delimiters) -> Callable[[str], object]:
    """Whether a text stands as it is: signs of data, single spaces between words."""
    signs = "".join(re.escape(sign) for sign in sorted(_ALLOWED) if sign != " " and sign not in delimiters)
    return re.compile(rf"(?:[{signs}]+(?: [{signs}]+)*)?\Z").match


@cache
def _clean_segment(delimiters: Delimiters) -> Callable[[str], object]:
    """Whether the elements of a joined segment stand as they are; its separators are counted elsewhere."""
    signs = "".join(re.escape(sign) for sign in sorted(_ALLOWED) if sign != " " and sign not in delimiters)
    around = re.escape(delimiters.element) + re.escape(delimiters.component)
    return re.compile(rf"(?:[{signs}{around}]|(?<=[{signs}]) (?=[{signs}]))*\Z").match


class SegmentWriter:
    """Collects segments of one transaction set or envelope; `count` is how many it holds."""

    def __init__(self, delimiters: Delimiters = DEFAULT) -> None:
        self.delimiters = delimiters
        self._clean = _clean_segment(delimiters)
        self._texts: list[str] = []

    @property
    def count(self) -> int:
        return len(self._texts)

    def put(self, segment_id: str, *elements: Element) -> int:
        """Append a segment; a tuple is a composite. Returns its 1-based position."""
        text = self._as_it_stands(segment_id, elements)
        if text is None:
            parts = [segment_id, *(self._element(element) for element in elements)]
            text = self.delimiters.element.join(parts)
        self._texts.append(text.rstrip(self.delimiters.element))
        return len(self._texts)

    def _as_it_stands(self, segment_id: str, elements: tuple[Element, ...]) -> str | None:
        """The segment joined as it is, or None when an element holds what must be cleaned."""
        separator, component = self.delimiters.element, self.delimiters.component
        parts, inner = [segment_id], 0
        for element in elements:
            if element.__class__ is str:
                parts.append(element)  # type: ignore[arg-type]
            else:
                joined = component.join(element)
                if joined.count(component) != len(element) - 1:
                    return None
                parts.append(joined.rstrip(component))
                inner += parts[-1].count(component)
        text = separator.join(parts)
        if text.count(separator) != len(elements) or text.count(component) != inner or not text.isascii():
            return None
        return text if self._clean(text) else None

    def put_raw(self, segment_id: str, *elements: str) -> None:
        """Append a segment whose elements are written as they are (the fixed-width ISA)."""
        self._texts.append(self.delimiters.element.join((segment_id, *elements)))

    def extend(self, other: "SegmentWriter") -> None:
        self._texts.extend(other._texts)

    def _element(self, element: Element) -> str:
        if isinstance(element, str):
            return sanitise(element, self.delimiters)
        joined = self.delimiters.component.join(sanitise(part, self.delimiters) for part in element)
        return joined.rstrip(self.delimiters.component)

    def to_bytes(self) -> bytes:
        terminator = self.delimiters.terminator
        return "".join(f"{text}{terminator}\n" for text in self._texts).encode("ascii")


@dataclass(frozen=True, slots=True)
class EnvelopeFacts:
    """What ISA and GS say. Control numbers come from the database; `created` is an aware moment, given."""

    sender_qualifier: str
    sender_id: str
    receiver_qualifier: str
    receiver_id: str
    isa13: int
    gs06: int
    created: datetime
    functional_id: str
    version: str
    usage: str = "P"
    acknowledgment_requested: bool = False
    application_sender: str = ""
    application_receiver: str = ""


def put_isa(writer: SegmentWriter, facts: EnvelopeFacts) -> None:
    """ISA, 106 bytes with its terminator whatever the ids hold."""
    limits, clean = writer.delimiters, sanitise
    writer.put_raw(
        "ISA", "00", " " * 10, "00", " " * 10,
        facts.sender_qualifier[:2].ljust(2), clean(facts.sender_id, limits)[:15].ljust(15),
        facts.receiver_qualifier[:2].ljust(2), clean(facts.receiver_id, limits)[:15].ljust(15),
        facts.created.strftime("%y%m%d"), facts.created.strftime("%H%M"), limits.repetition or "^", "00501",
        f"{facts.isa13:09d}", "1" if facts.acknowledgment_requested else "0", facts.usage, limits.component,
    )  # fmt: skip


def put_gs(writer: SegmentWriter, facts: EnvelopeFacts) -> None:
    sender, receiver = (
        facts.application_sender or facts.sender_id,
        facts.application_receiver or facts.receiver_id,
    )
    day, time = facts.created.strftime("%Y%m%d"), facts.created.strftime("%H%M")
    writer.put("GS", facts.functional_id, sender, receiver, day, time, str(facts.gs06), "X", facts.version)


def enclose(facts: EnvelopeFacts, sets: list[SegmentWriter], delimiters: Delimiters = DEFAULT) -> bytes:
    """ISA, GS, the given transaction sets (each ST to SE), GE, IEA, as bytes with a line end after each terminator."""
    writer = SegmentWriter(delimiters)
    put_isa(writer, facts)
    put_gs(writer, facts)
    for one in sets:
        writer.extend(one)
    writer.put("GE", str(len(sets)), str(facts.gs06))
    writer.put("IEA", "1", f"{facts.isa13:09d}")
    return writer.to_bytes()
