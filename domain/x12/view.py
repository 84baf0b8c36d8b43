"""A part of a file as a page shows it: the segments asked for, its loops to jump to, and where a search hits.

Files of any size: of a large one only the part asked for is placed and explained, with the segments that say where it stands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.x12.envelope import TransactionSet
from domain.x12.reader import BLANKS, Delimiters, Segment, runs, segments_of
from domain.x12.show import OutlineLine, Placed, explained, placed, placed_set

SHOWN = 300
# Beyond this the loops of the whole file are not listed: a page opens in a second, whatever the file.
LARGEST_PLACED = 1_000_000
MOST_HITS = 500
MOST_LOOPS = 400
# A level or a line never holds so many segments, save in a file made to fill the memory.
MOST_ABOVE = 500
_ENVELOPE = ("ISA", "GS", "ST", "SE", "GE", "IEA")
_HEADS = ("CLM", "CLP", "TRN", "AK2", "LX")
_Raw = tuple[int, str]


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
    first = max(1, first if first <= len(found) else _last_part(len(found), count))
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
    """One pass over the file. What is not shown is neither split into elements nor kept, save what stands above."""
    above, part = _Above(), _Part(first)
    hits: list[int] = []
    number, more = 0, False
    for run in runs(data):
        raws = [text for raw in run.text.split(run.delimiters.terminator) if (text := raw.lstrip(BLANKS))]
        if wanted and wanted in run.text.casefold():
            found = [at for at, raw in enumerate(raws, start=number + 1) if wanted in raw.casefold()]
            more = more or len(hits) + len(found) > MOST_HITS
            hits = (hits + found)[:MOST_HITS]
        if number + len(raws) < first:
            above.take(number, raws, run.delimiters)
        elif number < first + count - 1:
            before = first - 1 - number
            above.take(number, raws[: max(0, before)], run.delimiters)
            shown = (one for one in segments_of(run, number) if first <= one.number < first + count)
            part.take(shown, above)
        number += len(raws)
    if number < first:
        return _large(data, _last_part(number, count), count, wanted)
    return FileView([explained(one) for one in part.placed()], first, number, [], hits, more)


def _last_part(total: int, count: int) -> int:
    """The first segment of the last part of a file, when parts are counted from its beginning."""
    return max(0, total - 1) // count * count + 1


class _Above:
    """What stands over a segment in its set: the set's head, the levels it lies in, and the claim it belongs to.

    Segments are kept as (number, text) until somebody asks: nearly all of them are forgotten again.
    """

    def __init__(self) -> None:
        self.delimiters = Delimiters()
        self.interchange: _Raw | None = None
        self.group: _Raw | None = None
        self.reset()

    def reset(self) -> None:
        """No set is open."""
        self.head: list[_Raw] = []
        self.levels: dict[str, list[_Raw]] = {}
        self.claim: dict[str, list[_Raw]] = {}
        self.open: list[_Raw] = self.head

    def take(self, before: int, raws: list[str], delimiters: Delimiters) -> None:
        """Remember segments as far as later ones lie below them."""
        self.delimiters = delimiters
        heads = {f"{name}{delimiters.element}"[:3]: name for name in (*_ENVELOPE, *_HEADS, "HL")}
        for number, raw in enumerate(raws, start=before + 1):
            head = heads.get(raw[:3])
            if head is None:
                if len(self.open) < MOST_ABOVE:
                    self.open.append((number, raw))
            elif head in _ENVELOPE:
                self._envelope(head, (number, raw))
            elif head == "HL":
                self._level((number, raw))
            else:
                self.claim = _down_to(self.claim, head)
                self.open = self.claim[head] = [(number, raw)]

    def _envelope(self, head: str, one: _Raw) -> None:
        self.reset()
        if head == "ISA":
            self.interchange, self.group = one, None
        elif head == "GS":
            self.group = one
        elif head == "ST":
            self.head.append(one)

    def _level(self, one: _Raw) -> None:
        code = [*one[1].split(self.delimiters.element), "", "", ""][3]
        self.levels, self.claim = _down_to(self.levels, code), {}
        self.open = self.levels[code] = [one]

    def segments(self) -> list[Segment]:
        """From ST down to the last segment taken."""
        below = (*self.levels.values(), *self.claim.values())
        return [self.segment(one) for some in (self.head, *below) for one in some]

    def segment(self, one: _Raw) -> Segment:
        """A kept segment. Where it begins in the file is not known any more: it is not shown."""
        return Segment(one[0], 0, one[1].split(self.delimiters.element), self.delimiters)


def _down_to(open_loops: dict[str, list[_Raw]], name: str) -> dict[str, list[_Raw]]:
    """The loops that stay open when one of that name begins: those opened before the last one of its kind."""
    kept: dict[str, list[_Raw]] = {}
    for known, some in open_loops.items():
        if known == name:
            break
        kept[known] = some
    return kept


class _Part:
    """The segments asked for, with those above the first of them."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.found: list[Segment] = []
        self.context: list[Segment] | None = None
        self.interchange: Segment | None = None
        self.group: Segment | None = None

    def take(self, shown: Iterable[Segment], above: _Above) -> None:
        """Take in what is shown; what stands above the first of it is asked once."""
        if self.context is None:
            self.context = above.segments()
            self.interchange = above.segment(above.interchange) if above.interchange else None
            self.group = above.segment(above.group) if above.group else None
        self.found.extend(shown)

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
