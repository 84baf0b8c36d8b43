"""The walk through interchanges, groups and transaction sets, with offsets and counts, forgiving of missing trailers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain.x12.reader import Segment, segments


@dataclass(slots=True)
class TransactionSet:
    """One ST…SE with all its segments. `closed` is false when the SE is missing; `ordinal` counts ST in the file."""

    interchange: Segment
    group: Segment | None
    ordinal: int
    segments: list[Segment]
    closed: bool = False

    @property
    def kind(self) -> str:
        """ST01, such as 837."""
        return self.segments[0].get(1)

    @property
    def control_number(self) -> str:
        return self.segments[0].get(2)

    @property
    def version(self) -> str:
        """ST03, or GS08 where ST03 is not sent (835)."""
        return self.segments[0].get(3) or (self.group.get(8) if self.group else "")

    @property
    def body(self) -> list[Segment]:
        """The segments between ST and SE."""
        return self.segments[1:-1] if self.closed else self.segments[1:]


@dataclass(slots=True)
class Group:
    """One GS…GE."""

    header: Segment
    trailer: Segment | None = None
    sets: list[TransactionSet] = field(default_factory=list)


@dataclass(slots=True)
class Interchange:
    """One ISA…IEA. `strays` are segments that stand inside no transaction set and are no envelope segment."""

    header: Segment
    trailer: Segment | None = None
    groups: list[Group] = field(default_factory=list)
    acknowledgments: list[Segment] = field(default_factory=list)
    strays: list[Segment] = field(default_factory=list)

    @property
    def sets(self) -> Iterator[TransactionSet]:
        for group in self.groups:
            yield from group.sets


class _Walk:
    def __init__(self, first: Segment) -> None:
        self.interchange = Interchange(first)
        self.group: Group | None = None
        self.current: TransactionSet | None = None
        self.ordinal = 0

    def take(self, segment: Segment) -> Interchange | None:
        """Add one segment; answers the interchange that this segment shows to be over."""
        match segment.id:
            case "ISA":
                done, self.interchange = self.interchange, Interchange(segment)
                self.group = self.current = None
                return done
            case "IEA":
                self.group = self.current = None
                if self.interchange.trailer is None:
                    self.interchange.trailer = segment
                else:
                    self.interchange.strays.append(segment)
            case "GS":
                self.group, self.current = Group(segment), None
                self.interchange.groups.append(self.group)
            case "GE":
                self._end_group(segment)
            case "ST":
                self._start_set(segment)
            case _:
                self._inside(segment)
        return None

    def _end_group(self, segment: Segment) -> None:
        if self.group is None:
            self.interchange.strays.append(segment)
        else:
            self.group.trailer = segment
        self.group = self.current = None

    def _start_set(self, segment: Segment) -> None:
        self.ordinal += 1
        if self.group is None:
            self.interchange.strays.append(segment)
            self.current = None
            return
        self.current = TransactionSet(self.interchange.header, self.group.header, self.ordinal, [segment])
        self.group.sets.append(self.current)

    def _inside(self, segment: Segment) -> None:
        if self.current is not None:
            self.current.segments.append(segment)
            if segment.id == "SE":
                self.current.closed = True
                self.current = None
        elif segment.id == "TA1" and self.group is None:
            self.interchange.acknowledgments.append(segment)
        else:
            self.interchange.strays.append(segment)


def interchanges(data: bytes | Iterable[bytes]) -> Iterator[Interchange]:
    """Every interchange of the file. Raises Unreadable when the bytes are not X12."""
    found = segments(data)
    walk = _Walk(next(found))
    for segment in found:
        done = walk.take(segment)
        if done is not None:
            yield done
    yield walk.interchange


def transaction_sets(data: bytes | Iterable[bytes], kind: str = "") -> Iterator[TransactionSet]:
    """Every transaction set of the file, or those of one kind (ST01)."""
    for interchange in interchanges(data):
        for found in interchange.sets:
            if not kind or found.kind == kind:
                yield found
