"""Rules over several segments: the HL tree, who the patient is, sums, line numbers, pointers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from sandbox.syntax import findings as f
from sandbox.syntax.findings import Finding
from sandbox.x12 import Segment, at, cents, parts

Placed = list[tuple[str, Segment]]
_LEVELS = {"20": "2000A", "22": "2000B", "23": "2000C"}
_PARENT = {"22": "20", "23": "22"}


def check_situations(placed: Placed, component: str) -> Iterator[Finding]:
    yield from _check_hierarchy(placed)
    yield from _check_patients(placed)
    for claim in _claims(placed):
        yield from claim.check(component)


def _element(
    segment: Segment, position: int, loop: str, element: int, number: str, code: str, claim: str = ""
) -> Finding:
    value = at(segment, element)
    return Finding(segment[0], position, loop, f.ELEMENT_ERRORS, element, 0, number, code, value, claim=claim)


def _check_hierarchy(placed: Placed) -> Iterator[Finding]:
    """HL01 counts from 1; HL02 names the open parent of the right level; HL04 is 1 only with children."""
    levels = [(n, segment) for n, (loop, segment) in enumerate(placed, 1) if segment[0] == "HL" and loop]
    parents = {at(segment, 2) for _, segment in levels}
    latest: dict[str, str] = {}
    for count, (position, segment) in enumerate(levels, start=1):
        own, level = at(segment, 1), at(segment, 3)
        loop = _LEVELS.get(level, "")
        if own != str(count):
            yield _element(segment, position, loop, 1, "628", f.BAD_PATTERN)
        expected = latest.get(_PARENT.get(level, ""), "")
        if at(segment, 2) != expected:
            yield _element(segment, position, loop, 2, "734", f.BAD_PATTERN)
        if (at(segment, 4) == "1") != (own in parents):
            yield _element(segment, position, loop, 4, "736", f.BAD_PATTERN)
        latest[level] = own


def _check_patients(placed: Placed) -> Iterator[Finding]:
    """SBR02 = 18 exactly when the subscriber is the patient; then address and DMG stand in 2010BA."""
    subscribers = [n for n, (loop, s) in enumerate(placed) if loop == "2000B" and s[0] == "HL"]
    for start, end in pairwise([*subscribers, len(placed)]):
        inside = placed[start:end]
        sbr = next(((n, s) for n, (loop, s) in enumerate(inside) if s[0] == "SBR" and loop == "2000B"), None)
        if sbr is None:
            continue
        has_patient = any(loop == "2000C" for loop, _ in inside)
        is_self = at(sbr[1], 2) == "18"
        if is_self == has_patient and at(sbr[1], 2) in ("", "18"):
            yield _element(sbr[1], start + sbr[0] + 1, "2000B", 2, "1069", f.BAD_CODE)
        own = {s[0] for loop, s in inside if loop == "2010BA"}
        missing = [name for name in ("N3", "N4", "DMG") if name not in own] if is_self and own else []
        for name in missing:
            yield Finding(name, start + sbr[0] + 2, "2010BA", f.DEPENDENT_MISSING)


@dataclass(slots=True)
class _Claim:
    position: int
    clm: Segment
    diagnoses: int = 0
    lines: list[tuple[int, Segment]] = field(default_factory=list)
    """LX segments with their positions."""
    services: list[tuple[int, Segment]] = field(default_factory=list)

    def check(self, component: str) -> Iterator[Finding]:
        claim = at(self.clm, 1)
        for count, (position, lx) in enumerate(self.lines, start=1):
            if at(lx, 1) != str(count):
                yield _element(lx, position, "2400", 1, "554", f.BAD_PATTERN, claim)
        amounts = [cents(at(s, 2 if s[0] == "SV1" else 3)) for _, s in self.services]
        charge = cents(at(self.clm, 2))
        known = [amount for amount in amounts if amount is not None]
        if charge is not None and len(known) == len(amounts) and sum(known) != charge:
            yield _element(self.clm, self.position, "2300", 2, "782", f.BAD_PATTERN, claim)
        for position, service in self.services:
            yield from self._check_pointers(position, service, component, claim)

    def _check_pointers(
        self, position: int, service: Segment, component: str, claim: str
    ) -> Iterator[Finding]:
        if service[0] != "SV1":
            return
        pointers = [p for p in parts(at(service, 7), component) if p]
        if any(not p.isdigit() or not 1 <= int(p) <= self.diagnoses for p in pointers) or len(pointers) > 4:
            yield _element(service, position, "2400", 7, "1328", f.BAD_CODE, claim)


def _claims(placed: Placed) -> list[_Claim]:
    found: list[_Claim] = []
    for position, (loop, segment) in enumerate(placed, start=1):
        name = segment[0]
        if name == "CLM":
            found.append(_Claim(position, segment))
        elif not found or not loop:
            continue
        elif name == "HI" and loop == "2300":
            found[-1].diagnoses += _count_diagnoses(segment)
        elif name == "LX":
            found[-1].lines.append((position, segment))
        elif name in ("SV1", "SV2") and loop == "2400":
            found[-1].services.append((position, segment))
    return found


def _count_diagnoses(segment: Segment) -> int:
    """HI composites that name a diagnosis; the separator is the one character after the qualifier."""
    codes = ("ABK", "ABF", "BK", "BF")
    return sum(1 for value in segment[1:] if any(value[: len(c)] == c for c in codes))
