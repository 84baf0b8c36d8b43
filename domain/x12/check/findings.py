"""Findings and the report that collects them."""

from dataclasses import dataclass

from domain.x12.reader import Segment

MOST_FINDINGS = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `rule` is permanent; `segment_number` counts from 1 in the file (0: the file as a whole).

    `segment` is the segment's id, `element` its position as `03` or `05-2` ("" for the segment), `loop` as the guide
    names it. Messages name codes and positions; names, dates and ids of people are never in them.
    """

    rule: str
    severity: str
    segment_number: int
    segment: str
    element: str
    loop: str
    message: str


class Report:
    """Collects findings up to a limit, so that a hostile file cannot fill the memory. Findings of one kind may repeat."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.full = False

    def add(
        self,
        rule: str,
        segment: Segment | None,
        message: str,
        *,
        element: str = "",
        loop: str = "",
        severity: str = "error",
    ) -> None:
        if len(self.findings) >= MOST_FINDINGS:
            self._fill()
            return
        number, known = (segment.number, shown_id(segment.id)) if segment is not None else (0, "")
        self.findings.append(Finding(rule, severity, number, known, element, loop, message))

    def warn(
        self, rule: str, segment: Segment | None, message: str, *, element: str = "", loop: str = ""
    ) -> None:
        self.add(rule, segment, message, element=element, loop=loop, severity="warning")

    def _fill(self) -> None:
        if not self.full:
            self.full = True
            text = f"More than {MOST_FINDINGS} findings: the rest is not listed."
            self.findings.append(Finding("X12-LIM-001", "error", 0, "", "", "", text))

    def sorted(self) -> list[Finding]:
        """By place in the file; findings on the file as a whole come first."""
        return sorted(self.findings, key=lambda finding: finding.segment_number)


def shown_id(segment_id: str) -> str:
    """A segment id fit to print: at most three letters or digits, else `?`."""
    return segment_id if segment_id.isascii() and segment_id.isalnum() and len(segment_id) <= 3 else "?"


def at(position: int, component: int = 0) -> str:
    """An element's position as findings spell it: `03`, or `05-2` for a component."""
    return f"{position:02d}-{component}" if component else f"{position:02d}"
