"""Findings and the report that collects them."""

from collections import Counter
from dataclasses import dataclass

from domain.x12.check.catalogue import rule as rule_of
from domain.x12.reader import Segment

MOST_FINDINGS = 2_000
# A rule is told a few times even when others have used up the list.
LEAST_OF_A_RULE = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `rule` is permanent; `segment_number` counts from 1 in the file (0: the file as a whole).

    `segment` is the segment's id, `element` its position as `03` or `05-2` ("" for the segment), `loop` as the guide
    names it, `position` counts from ST as 999 does (0: outside a set). The segment's bytes begin at `offset`; what is
    wrong are the bytes from `start` to `end`. Texts name codes and positions; names, dates and ids of people are never
    in them. `wants`, `to_do` and `citation` are the rule's.
    """

    rule: str
    severity: str
    segment_number: int
    segment: str
    element: str
    loop: str
    message: str
    position: int = 0
    offset: int = 0
    start: int = 0
    end: int = 0
    wants: str = ""
    to_do: str = ""
    citation: str = ""


class Report:
    """Collects findings up to a limit, so that a hostile file cannot fill the memory. Findings of one kind may repeat."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.full = False
        self.told: Counter[str] = Counter()
        # The number of the ST of the set at hand; 0 between sets.
        self.set_start = 0

    def add(
        self,
        rule: str,
        segment: Segment | None,
        message: str,
        *,
        element: str = "",
        loop: str = "",
        severity: str = "",
    ) -> None:
        """One finding, as severe as its rule unless told otherwise. KeyError for a rule that is not in the catalogue."""
        if len(self.findings) >= MOST_FINDINGS:
            self._fill()
            if self.told[rule] >= LEAST_OF_A_RULE:
                return
        self.told[rule] += 1
        known = rule_of(rule)
        number, shown, position, offset, start, end = 0, "", 0, 0, 0, 0
        if segment is not None:
            number, shown, offset = segment.number, shown_id(segment.id), segment.offset
            position = number - self.set_start + 1 if self.set_start else 0
            start, end = place(segment, element)
        told = (known.wants, known.to_do, known.citation)
        where = (number, shown, element, loop, message, position, offset, start, end)
        self.findings.append(Finding(rule, severity or known.severity, *where, *told))

    def warn(
        self, rule: str, segment: Segment | None, message: str, *, element: str = "", loop: str = ""
    ) -> None:
        self.add(rule, segment, message, element=element, loop=loop, severity="warning")

    def _fill(self) -> None:
        if not self.full:
            self.full = True
            known = rule_of("X12-LIM-001")
            text = f"More than {MOST_FINDINGS} findings: of the rest, a few of each rule are listed."
            self.findings.append(
                Finding(known.id, "error", 0, "", "", "", text, 0, 0, 0, 0, known.wants, known.to_do, known.citation)
            )  # fmt: skip

    def sorted(self) -> list[Finding]:
        """By place in the file; findings on the file as a whole come first. A missing element is told once."""
        missing = {(one.segment_number, one.element) for one in self.findings if one.rule.endswith("REQ-001")}
        kept = (
            one
            for one in self.findings
            if one.rule != "X12-ELM-012" or (one.segment_number, one.element) not in missing
        )
        return sorted(kept, key=lambda finding: finding.segment_number)


def place(segment: Segment, element: str) -> tuple[int, int]:
    """First byte and byte after the last of an element as findings spell it; the whole segment for ""."""
    if not element:
        return segment.offset, segment.offset + len(segment.text)
    position, _, component = element.partition("-")
    at, elements = int(position), segment.elements
    if at >= len(elements):
        end = segment.offset + len(segment.text)
        return end, end
    start = segment.offset + sum(len(part) + 1 for part in elements[:at])
    if not component:
        return start, start + len(elements[at])
    parts = elements[at].split(segment.delimiters.component)
    if int(component) > len(parts):
        return start + len(elements[at]), start + len(elements[at])
    start += sum(len(part) + 1 for part in parts[: int(component) - 1])
    return start, start + len(parts[int(component) - 1])


def shown_id(segment_id: str) -> str:
    """A segment id fit to print: at most three letters or digits, else `?`."""
    return segment_id if segment_id.isascii() and segment_id.isalnum() and len(segment_id) <= 3 else "?"


def at(position: int, component: int = 0) -> str:
    """An element's position as findings spell it: `03`, or `05-2` for a component."""
    return f"{position:02d}-{component}" if component else f"{position:02d}"
