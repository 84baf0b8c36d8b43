"""The walk of a transaction set along its guide: order, loops, repeats (STR) and elements (REQ, COD, NOT)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.x12.check.findings import Report, at
from domain.x12.guides.notation import ElementRule, Guide, LoopRule, SegmentRule
from domain.x12.reader import Segment

Rule = SegmentRule | LoopRule


@dataclass(slots=True)
class _Frame:
    """An open loop: how far its segments have come, and how often each child was seen."""

    loop: LoopRule
    opened_by: Segment
    slot: int = 0
    seen: dict[int, int] = field(default_factory=dict)
    values: set[tuple[int, str]] = field(default_factory=set)


class Walk:
    """Places every segment of one set in its loop.

    Per segment, in file order: `places` the loop's name, `depths` how deep it lies, `opened` whether it opens the loop.
    """

    def __init__(self, report: Report, guide: Guide) -> None:
        self.report, self.guide, self.key = report, guide, guide.key
        self.frames: list[_Frame] = []
        self.places: list[str] = []
        self.depths: list[int] = []
        self.opened: list[bool] = []

    def run(self, segments: list[Segment]) -> list[str]:
        """Walk the segments from ST to the one before SE; answers the loop of each."""
        first = segments[0]
        self.frames = [_Frame(self.guide.root, first, seen={0: 1})]
        self._elements(first, self.guide.root.children[0].head)
        self._record(first)
        for segment in segments[1:]:
            self._place(segment)
            self._record(segment)
        while self.frames:
            self._close()
        return self.places

    def _record(self, segment: Segment) -> None:
        self.places.append(self._name)
        self.depths.append(len(self.frames) - 1)
        self.opened.append(len(self.frames) > 1 and self.frames[-1].opened_by is segment)

    def _place(self, segment: Segment) -> None:
        found = self._forward(segment)
        if found is not None:
            self._accept(segment, *found)
            return
        if segment.id not in self.guide.ids:
            self.report.add("X12-SEG-004", segment, "The guide knows no such segment here.", loop=self._name)
            return
        if not (self._recovered(segment) or self._late_anywhere(segment)):
            self._misfit(segment)

    @property
    def _name(self) -> str:
        return "" if len(self.frames) == 1 else self.frames[-1].loop.name

    def _forward(self, segment: Segment) -> tuple[int, int, Rule] | None:
        """The innermost open loop that takes the segment at or after where it stands."""
        name = segment.elements[0]
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            slot = frame.slot
            for index, rule, head in frame.loop.by_id.get(name, ()):
                if rule.slot >= slot and (not head.keys or matches(head, segment)):
                    return depth, index, rule
        return None

    def _accept(self, segment: Segment, depth: int, index: int, rule: Rule) -> None:
        while len(self.frames) > depth + 1:
            self._close()
        frame = self.frames[depth]
        frame.slot = rule.slot
        frame.seen[index] = frame.seen.get(index, 0) + 1
        if rule.most and frame.seen[index] == rule.most + 1 and not _each(rule):
            text = f"{_said(rule)} may stand at most {rule.most} times here."
            self.report.add(f"{self.key}-STR-004", segment, text, loop=frame.loop.name)
        if isinstance(rule, LoopRule):
            self.frames.append(_Frame(rule, segment, seen={0: 1}))
        elif rule.each:
            self._once(segment, frame, index)
        self._elements(segment, rule.head)

    def _once(self, segment: Segment, frame: _Frame, index: int) -> None:
        value = (index, segment.get(1))
        if value in frame.values:
            text = "The same qualifier may stand only once in this loop."
            self.report.add(f"{self.key}-STR-004", segment, text, element="01", loop=frame.loop.name)
        frame.values.add(value)

    def _recovered(self, segment: Segment) -> bool:
        """From the innermost loop out: a segment that comes too late, or one of a loop whose head is missing."""
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            for index, rule in _members(frame):
                room = _each(rule) or not rule.most or frame.seen.get(index, 0) < rule.most
                if room and matches(rule.head, segment):
                    self._late(segment, depth, index, rule)
                    return True
            for index, rule in _members(frame):
                inner = _inside(rule, segment) if rule.slot >= frame.slot else None
                if inner is not None and isinstance(rule, LoopRule):
                    self._imply(segment, depth, index, rule, inner)
                    return True
        return False

    def _late_anywhere(self, segment: Segment) -> bool:
        """As a last resort, a segment that an open loop takes but has had its fill of."""
        for depth in range(len(self.frames) - 1, -1, -1):
            for index, rule in _members(self.frames[depth]):
                if matches(rule.head, segment):
                    self._late(segment, depth, index, rule)
                    return True
        return False

    def _imply(
        self, segment: Segment, depth: int, index: int, rule: LoopRule, inner: tuple[int, Rule]
    ) -> None:
        while len(self.frames) > depth + 1:
            self._close()
        frame = self.frames[depth]
        frame.slot = rule.slot
        frame.seen[index] = frame.seen.get(index, 0) + 1
        text = f"Loop {rule.name} begins without its {rule.head.label}."
        self.report.add(f"{self.key}-STR-003", segment, text, loop=rule.name)
        self.frames.append(_Frame(rule, segment, seen={0: 1}))
        self._accept(segment, depth + 1, *inner)

    def _late(self, segment: Segment, depth: int, index: int, rule: Rule) -> None:
        frame = self.frames[depth]
        text = f"{rule.head.label} of loop {frame.loop.name} stands too late."
        self.report.add(f"{self.key}-STR-002", segment, text, loop=frame.loop.name)
        if isinstance(rule, LoopRule):
            self._accept(segment, depth, index, rule)
        else:
            frame.seen[index] = frame.seen.get(index, 0) + 1
            self._elements(segment, rule)

    def _misfit(self, segment: Segment) -> None:
        """A segment that no open loop takes: a wrong qualifier where its id is known, else the wrong place."""
        for frame in reversed(self.frames):
            for _, rule in _members(frame):
                if rule.head.id == segment.id and rule.head.keys:
                    key = rule.head.keys[0]
                    text = f"This qualifier of {segment.id} is not used in loop {frame.loop.name}."
                    where = at(key.position, key.component)
                    self.report.add(f"{self.key}-COD-001", segment, text, element=where, loop=frame.loop.name)
                    return
        self.report.add(f"{self.key}-STR-001", segment, "The segment does not belong here.", loop=self._name)

    def _close(self) -> None:
        frame = self.frames.pop()
        for index, rule in enumerate(frame.loop.children):
            if rule.required and not frame.seen.get(index):
                text = f"{_said(rule)} is missing."
                self.report.add(f"{self.key}-STR-003", frame.opened_by, text, loop=frame.loop.name)

    def _elements(self, segment: Segment, rule: SegmentRule) -> None:
        """Most demands are met: only those that are not get the closer look that finds the words."""
        elements = segment.elements
        count = len(elements)
        for demand in rule.demands:
            value = elements[demand.position] if demand.position < count else ""
            if demand.component:
                if not value:
                    continue
                parts = value.split(segment.delimiters.component)
                value = parts[demand.component - 1] if demand.component <= len(parts) else ""
            met = (not demand.codes or value in demand.codes) if value else demand.sign == "?"
            if not met:
                self._element(segment, demand)
        if count > rule.first_unused:
            for demand in rule.unused:
                if demand.position < count and elements[demand.position]:
                    self._element(segment, demand)

    def _element(self, segment: Segment, demand: ElementRule) -> None:
        value, where, loop = segment.get(demand.position), at(demand.position, demand.component), self._name
        if demand.component:
            if not value:
                return
            parts = value.split(segment.delimiters.component)
            value = parts[demand.component - 1] if demand.component <= len(parts) else ""
        if demand.sign == "n":
            if value:
                text = "The guide does not use this element."
                self.report.warn(f"{self.key}-NOT-001", segment, text, element=where, loop=loop)
        elif not value:
            if demand.sign != "?":
                self.report.add(
                    f"{self.key}-REQ-001", segment, "A required element is missing.", element=where, loop=loop
                )
        elif demand.codes and value not in demand.codes:
            allowed = ", ".join(sorted(demand.codes)[:12]) + (", …" if len(demand.codes) > 12 else "")
            text = f"The code is not one that the guide allows here ({allowed})."
            self.report.add(f"{self.key}-COD-001", segment, text, element=where, loop=loop)


def _members(frame: _Frame) -> Iterator[tuple[int, Rule]]:
    """The loop's children but its head: a second head opens the loop anew."""
    children = frame.loop.children
    for index in range(1, len(children)):
        yield index, children[index]


def _inside(rule: Rule, segment: Segment) -> tuple[int, Rule] | None:
    """The child of a loop, its head apart, that takes the segment."""
    if isinstance(rule, LoopRule):
        for index in range(1, len(rule.children)):
            if matches(rule.children[index].head, segment):
                return index, rule.children[index]
    return None


def _each(rule: Rule) -> bool:
    return isinstance(rule, SegmentRule) and rule.each


def _said(rule: Rule) -> str:
    return f"Loop {rule.name}" if isinstance(rule, LoopRule) else rule.label


def matches(rule: SegmentRule, segment: Segment) -> bool:
    """Whether the segment has the rule's id and one of the values of each key."""
    if rule.id != segment.elements[0]:
        return False
    for key in rule.keys:
        value = segment.get(key.position)
        if key.component:
            parts = value.split(segment.delimiters.component)
            value = parts[key.component - 1] if key.component <= len(parts) else ""
        if value not in key.codes:
            return False
    return True


def loops_of(segments: list[Segment], guide: Guide) -> list[str]:
    """The loop of each segment of a set, from ST on, whatever is wrong with it."""
    return Walk(Report(), guide).run(segments)
