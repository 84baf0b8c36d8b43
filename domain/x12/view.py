"""A part of a file as a page shows it: the segments asked for, its loops to jump to, and where a search hits.

Files of any size: of a large one only the part asked for is placed and explained, with the segments that say where it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.x12.envelope import TransactionSet
from domain.x12.reader import Segment, segments
from domain.x12.show import OutlineLine, Placed, explained, placed, placed_set

SHOWN = 300
# Beyond this the loops of the whole file are not listed: a page opens in a second, whatever the file.
LARGEST_PLACED = 1_000_000
MOST_HITS = 500
MOST_LOOPS = 400
# A level or a line never holds so many segments, save in a file made to fill the memory.
MOST_ABOVE = 500
_HEADS = frozenset({"CLM", "CLP", "TRN", "AK2", "LX"})


@dataclass(frozen=True, slots=True)
class LoopPlace:
    """A loop to jump to: where it begins, how deep it lies, what it is, and the number of the claim it holds, if any."""

    number: int
    depth: int
    loop: str
    title: str
    claim_number: str = ""


@dataclass(frozen=True, slots=True)
class FileView:
    """`lines` from segment `first` on; `total` segments in the file. `hits` are segments that hold what was searched.

    `more_hits` says that there are more than are listed. `loops` are those of the whole file, none when it is large.
    """

    lines: list[OutlineLine]
    first: int
    total: int
    loops: list[LoopPlace]
    hits: list[int]
    more_hits: bool = False


def view(data: bytes, first: int = 1, count: int = SHOWN, find: str = "") -> FileView:
    """The part of the file from segment `first` on. Raises Unreadable when the bytes are not X12."""
    wanted = find.strip().casefold()
    return (
        _small(data, first, count, wanted)
        if len(data) <= LARGEST_PLACED
        else _large(data, first, count, wanted)
    )


def _small(data: bytes, first: int, count: int, wanted: str) -> FileView:
    found = placed(data)
    first = max(1, min(first, len(found)))
    hits = [one.segment.number for one in found if wanted and wanted in one.segment.text.casefold()]
    loops = [_loop(one) for one in found if one.loop_title and _named(one)]
    lines = [explained(one) for one in found[first - 1 : first - 1 + count]]
    return FileView(lines, first, len(found), loops[:MOST_LOOPS], hits[:MOST_HITS], len(hits) > MOST_HITS)


def _named(one: Placed) -> bool:
    """Loops worth jumping to: parties of levels and claims, not each line of a claim."""
    return one.segment.id in ("HL", "CLM", "CLP", "AK2") or one.loop in ("1000A", "1000B")


def _loop(one: Placed) -> LoopPlace:
    number = one.segment.get(1) if one.segment.id in ("CLM", "CLP") else ""
    return LoopPlace(one.segment.number, one.depth, one.loop, one.loop_title, number[:38])


def _large(data: bytes, first: int, count: int, wanted: str) -> FileView:
    """One pass over the file that keeps the segments asked for and those above them."""
    above, part = _Above(), _Part(first, count)
    hits: list[int] = []
    total, more = 0, False
    for segment in segments(data):
        total = segment.number
        if segment.number < first:
            above.take(segment)
        elif segment.number < first + count:
            part.take(segment, above)
        if wanted and wanted in segment.text.casefold():
            more = len(hits) >= MOST_HITS
            hits += [] if more else [segment.number]
    if total < first:
        return _large(data, max(1, total - count + 1), count, wanted)
    return FileView([explained(one) for one in part.placed()], first, total, [], hits, more)


class _Above:
    """What stands over a segment in its set: the set's head, the levels it lies in, and the claim it belongs to."""

    def __init__(self) -> None:
        self.interchange: Segment | None = None
        self.group: Segment | None = None
        self.reset()

    def reset(self) -> None:
        """No set is open."""
        self.head: list[Segment] = []
        self.levels: dict[str, list[Segment]] = {}
        self.claim: dict[str, list[Segment]] = {}
        self.open: list[Segment] = self.head

    def take(self, segment: Segment) -> None:
        """Remember a segment as far as later ones lie below it."""
        match segment.elements[0]:
            case "ISA":
                self.interchange, self.group = segment, None
                self.reset()
            case "GS":
                self.group = segment
                self.reset()
            case "ST":
                self.reset()
                self.head.append(segment)
            case "SE" | "GE" | "IEA":
                self.reset()
            case "HL":
                code = segment.get(3)
                kept = dict(self.levels) if code not in self.levels else {}
                for known, level in self.levels.items():
                    if known == code:
                        break
                    kept[known] = level
                self.levels, self.claim, self.open = kept, {}, [segment]
                self.levels[code] = self.open
            case head if head in _HEADS:
                self._claim(head, segment)
            case _ if len(self.open) < MOST_ABOVE:
                self.open.append(segment)

    def _claim(self, head: str, segment: Segment) -> None:
        kept: dict[str, list[Segment]] = {}
        for known, some in self.claim.items():
            if known == head:
                break
            kept[known] = some
        self.claim, self.open = kept, [segment]
        self.claim[head] = self.open

    def segments(self) -> list[Segment]:
        """From ST down to the last segment taken."""
        below = (*self.levels.values(), *self.claim.values())
        return [*self.head, *(one for some in below for one in some)]


class _Part:
    """The segments asked for, with those above the first of them."""

    def __init__(self, first: int, count: int) -> None:
        self.first = first
        self.found: list[Segment] = []
        self.context: list[Segment] | None = None
        self.interchange: Segment | None = None
        self.group: Segment | None = None

    def take(self, segment: Segment, above: _Above) -> None:
        if self.context is None:
            self.context, self.interchange, self.group = above.segments(), above.interchange, above.group
        self.found.append(segment)

    def placed(self) -> Iterator[Placed]:
        """The segments asked for in their loops; those above them only help to find these."""
        current = list(self.context or [])
        for segment in self.found:
            match segment.id:
                case "ISA" | "GS" | "GE" | "IEA":
                    yield from self._set(current)
                    current = []
                    if segment.id == "ISA":
                        self.interchange = segment
                    elif segment.id == "GS":
                        self.group = segment
                    yield Placed(segment, 0 if segment.id in ("ISA", "IEA") else 1)
                case "ST":
                    yield from self._set(current)
                    current = [segment]
                case _:
                    current.append(segment)
        yield from self._set(current)

    def _set(self, current: list[Segment]) -> Iterator[Placed]:
        if not current:
            return
        if current[0].id != "ST" or self.interchange is None:
            yield from (Placed(one, 1) for one in current if one.number >= self.first)
            return
        one = TransactionSet(self.interchange, self.group, 1, current, closed=current[-1].id == "SE")
        yield from (found for found in placed_set(one) if found.segment.number >= self.first)
