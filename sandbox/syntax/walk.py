"""Walks the segments of one 837 through the guide's loops and notes what does not belong or is missing."""

from collections import Counter
from dataclasses import dataclass, field

from sandbox.syntax import findings as f
from sandbox.syntax.elements import check_elements
from sandbox.syntax.findings import Finding
from sandbox.syntax.guide import FORBIDDEN_BY_KIND, KNOWN_SEGMENTS, TREES, Loop
from sandbox.x12 import Segment, at

_SINGLE = frozenset({"BHT", "SBR", "PAT", "CLM", "SV1", "SV2", "N3", "N4", "DMG", "CL1", "OI"})


@dataclass(slots=True)
class OpenLoop:
    """A loop that is being read: how often each segment and each child loop was seen in it."""

    loop: Loop
    seen: list[Segment] = field(default_factory=list)
    children: Counter[str] = field(default_factory=Counter)
    members_checked: bool = False


@dataclass(slots=True)
class Walk:
    """The reading of one set: where each segment stands, and the findings on the way."""

    kind: str
    component: str
    placed: list[tuple[str, Segment]] = field(default_factory=list)
    """(loop id, segment) in file order; the loop is empty where the segment belongs nowhere."""
    findings: list[Finding] = field(default_factory=list)
    _stack: list[OpenLoop] = field(default_factory=list)
    _claim: str = ""

    def read(self, segments: list[Segment]) -> None:
        self._stack = [OpenLoop(TREES[self.kind])]
        for position, segment in enumerate(segments, start=1):
            loop = self._place(segment, position)
            self.placed.append((loop, segment))
            if loop:
                self.findings.extend(
                    check_elements(segment, position, self.kind, loop, self.component, self._claim)
                )
        self._close_down_to(0, len(segments))
        self._close(self._stack[0], len(segments))

    def _place(self, segment: Segment, position: int) -> str:
        name = segment[0]
        current = self._stack[-1]
        if position == 1:
            current.seen.append(segment)
            return current.loop.id
        if name in current.loop.members:
            self._member(current, segment, position)
            return current.loop.id
        for depth in range(len(self._stack) - 1, -1, -1):
            for child in self._stack[depth].loop.children:
                if child.opener == name and _qualifies(child, segment):
                    return self._enter(depth, child, segment, position)
        if name == "SE":
            self._close_down_to(0, position)
            self._stack[0].seen.append(segment)
            return "ST"
        self._complain(segment, position)
        return ""

    def _member(self, current: OpenLoop, segment: Segment, position: int) -> None:
        if segment[0] in _SINGLE and any(one[0] == segment[0] for one in current.seen):
            self._note(segment[0], position, current.loop.id, f.SEGMENT_TOO_OFTEN)
        current.seen.append(segment)

    def _enter(self, depth: int, child: Loop, segment: Segment, position: int) -> str:
        self._close_down_to(depth, position)
        if child.opener in ("CLM", "HL"):
            self._claim = at(segment, 1) if child.opener == "CLM" else ""
        above = self._stack[-1]
        self._check_members(above, position)
        above.children[child.id] += 1
        if child.most and above.children[child.id] > child.most:
            self._note(segment[0], position, child.id, f.LOOP_TOO_OFTEN)
        self._stack.append(OpenLoop(child, [segment]))
        return child.id

    def _close_down_to(self, depth: int, position: int) -> None:
        while len(self._stack) - 1 > depth:
            self._close(self._stack.pop(), position)

    def _close(self, done: OpenLoop, position: int) -> None:
        """A required child loop that did not come is reported where the loop ends."""
        self._check_members(done, position)
        for child in done.loop.children:
            if child.least and not done.children[child.id]:
                self._note(child.opener, position, child.id, f.LOOP_TOO_SELDOM)

    def _check_members(self, opened: OpenLoop, position: int) -> None:
        """Once, where the loop's own segments end: required ones that did not come."""
        if opened.members_checked:
            return
        opened.members_checked = True
        for name, codes in opened.loop.required:
            if not any(one[0] == name and (not codes or at(one, 1) in codes) for one in opened.seen):
                self._note(name, position, opened.loop.id, f.MISSING)

    def _complain(self, segment: Segment, position: int) -> None:
        name, loop = segment[0], self._stack[-1].loop.id
        if name not in KNOWN_SEGMENTS and name not in FORBIDDEN_BY_KIND[self.kind]:
            code = f.UNKNOWN_SEGMENT
        elif any(name in opened.loop.members for opened in self._stack):
            code = f.OUT_OF_SEQUENCE
        else:
            code = f.UNEXPECTED
        self._note(name, position, loop, code)

    def _note(self, name: str, position: int, loop: str, code: str) -> None:
        self.findings.append(Finding(name[:3], position, loop, code, claim=self._claim))


def _qualifies(child: Loop, segment: Segment) -> bool:
    return not child.qualifiers or at(segment, child.position) in child.qualifiers
