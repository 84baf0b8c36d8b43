"""Bytes to segments: delimiters from each ISA, line ends tolerated, bounded memory, never a crash on any bytes."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.x12.errors import Unreadable

CHUNK = 1 << 17
LONGEST_SEGMENT = 1 << 20
BLANKS = "\r\n\t \x00\x1a"
ISA_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
ISA_LENGTH = 106
_ISA_AHEAD = re.compile(r"[\r\n\t \x00\x1a]*ISA[^A-Za-z0-9]")
_BYTE_ORDER_MARK = "\xef\xbb\xbf"


class Delimiters(NamedTuple):
    """The four delimiters of one interchange. `repetition` is "" when ISA11 holds a letter, as 4010 has it."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"


class Segment(NamedTuple):
    """One segment: `number` counts from 1 in the file, `offset` is its first byte, `elements[0]` its id."""

    number: int
    offset: int
    elements: list[str]
    delimiters: Delimiters
    terminated: bool = True

    def get(self, position: int) -> str:
        """The element at `position` (1 for the first after the id), "" when absent."""
        return self.elements[position] if position < len(self.elements) else ""

    @property
    def id(self) -> str:
        return self.elements[0]

    @property
    def text(self) -> str:
        return self.delimiters.element.join(self.elements)


class Run(NamedTuple):
    """Whole segments of one interchange, still joined: `offset` is the first byte of `text`."""

    delimiters: Delimiters
    offset: int
    text: str
    terminated: bool = True


def read_delimiters(header: str, offset: int = 0) -> Delimiters:
    """Delimiters from the text that begins with ISA: by its fixed positions, else by counting sixteen elements."""
    element = header[3:4]
    if not element or element.isalnum() or element.isspace():
        raise Unreadable("x12_no_separator", "No element separator after ISA.", offset=offset + 3)
    if len(header) >= ISA_LENGTH and all(header[at] == element for at in ISA_SEPARATORS):
        found = Delimiters(element, header[104], header[82], header[105])
    else:
        found = _delimiters_by_count(header, element, offset)
    repetition = "" if found.repetition.isalnum() or found.repetition.isspace() else found.repetition
    distinct = {found.element, found.component, found.terminator}
    if len(distinct) < 3 or found.terminator.isalnum() or found.component.isalnum():
        raise Unreadable(
            "x12_bad_delimiters", "The delimiters in the ISA are not three different signs.", offset=offset
        )
    return found._replace(repetition=repetition)


def _delimiters_by_count(header: str, element: str, offset: int) -> Delimiters:
    parts = header.split(element, 16)
    if len(parts) < 17 or len(parts[16]) < 2 or any("\n" in part for part in parts[1:16]):
        raise Unreadable("x12_isa_incomplete", "The ISA has fewer than sixteen elements.", offset=offset)
    return Delimiters(element, parts[16][0], parts[11][:1] or "^", parts[16][1])


def runs(data: bytes | Iterable[bytes]) -> Iterator[Run]:
    """Stream `data` as runs of whole segments, each with the delimiters of its own interchange.

    Raises Unreadable when the bytes do not begin with an ISA, or a segment exceeds a megabyte.
    """
    buffer, offset, delimiters = "", 0, None
    for chunk, last in _chunks(data):
        buffer += chunk
        while True:
            if delimiters is None:
                lead = len(buffer) - len(buffer.lstrip(BLANKS))
                if offset == 0 and buffer.startswith(_BYTE_ORDER_MARK):
                    lead = len(_BYTE_ORDER_MARK)
                buffer, offset = buffer[lead:], offset + lead
                if len(buffer) < 256 and not last:
                    break
                _require_isa(buffer, offset)
                delimiters = read_delimiters(buffer, offset)
                cut = _cut(buffer, delimiters, 1)
            elif _ISA_AHEAD.match(buffer):
                delimiters = None
                continue
            else:
                cut = _cut(buffer, delimiters, 0)
            if not cut:
                break
            yield Run(delimiters, offset, buffer[:cut])
            buffer, offset = buffer[cut:], offset + cut
        if len(buffer) > LONGEST_SEGMENT:
            raise Unreadable("x12_segment_too_long", "A segment is longer than a megabyte.", offset=offset)
    if delimiters is not None and buffer.strip(BLANKS):
        yield Run(delimiters, offset, buffer, terminated=False)


def _chunks(data: bytes | Iterable[bytes]) -> Iterator[tuple[str, bool]]:
    if isinstance(data, bytes | bytearray | memoryview):
        whole = bytes(data)
        data = (whole[at : at + CHUNK] for at in range(0, len(whole), CHUNK))
    # Latin-1 maps every byte to one character, so offsets stay true and nothing can fail to decode.
    for chunk in data:
        yield chunk.decode("latin-1"), False
    yield "", True


def _require_isa(buffer: str, offset: int) -> None:
    if not buffer:
        raise Unreadable("x12_empty", "The file is empty.", offset=offset)
    if not buffer.startswith("ISA"):
        raise Unreadable("x12_no_isa", "The file does not begin with an ISA segment.", offset=offset)


def _cut(buffer: str, delimiters: Delimiters, start: int) -> int:
    """Where the whole segments of this interchange end in `buffer`; 0 when none is whole yet."""
    at = buffer.find("ISA", start)
    while at >= 0:
        before = buffer[:at].rstrip(BLANKS) if at < 64 else buffer[at - 64 : at].rstrip(BLANKS)
        bounded = before.endswith(delimiters.terminator) or (
            delimiters.terminator in BLANKS and buffer[at - 1 : at] in BLANKS and at > 0
        )
        if bounded and not buffer[at + 3 : at + 4].isalnum():
            return at
        at = buffer.find("ISA", at + 3)
    return buffer.rfind(delimiters.terminator) + 1


def segments(data: bytes | Iterable[bytes]) -> Iterator[Segment]:
    """Every segment of the file with its number and byte offset, in bounded memory."""
    number = 0
    for run in runs(data):
        for segment in segments_of(run, number):
            number = segment.number
            yield segment


def segments_of(run: Run, before: int) -> Iterator[Segment]:
    """The segments of one run, of which `before` have come before."""
    number, offset = before, run.offset
    terminator, element = run.delimiters.terminator, run.delimiters.element
    for raw in run.text.split(terminator):
        text = raw.lstrip(BLANKS)
        if not run.terminated:
            text = text.rstrip(BLANKS)
        if text:
            number += 1
            start = offset + len(raw) - len(raw.lstrip(BLANKS))
            yield Segment(number, start, text.split(element), run.delimiters, run.terminated)
        offset += len(raw) + 1


def tidy(run: Run) -> list[str]:
    """The raw segment texts of a run without the line ends between them; the fast path, offsets are given up."""
    terminator, text = run.delimiters.terminator, run.text
    if "\n" in text or "\r" in text:
        text = text.replace(terminator + "\r\n", terminator).replace(terminator + "\n", terminator)
    if not run.terminated or any(terminator + blank in text for blank in f"\n\r {terminator}"):
        return [raw.strip(BLANKS) for raw in text.split(terminator) if raw.strip(BLANKS)]
    raws = text.lstrip(BLANKS).split(terminator)
    raws.pop()
    return raws
