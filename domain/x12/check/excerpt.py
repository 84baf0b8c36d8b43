"""The bytes around a finding, for those who may see the file itself. They may hold PHI: findings never carry them."""

from dataclasses import dataclass

from domain.x12.check.findings import Finding

AROUND = 48
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands before, at and after the place, as text in which signs that cannot be printed are dots."""

    before: str
    there: str
    after: str


def excerpt(data: bytes, finding: Finding) -> Excerpt:
    """The bytes of the file around the place of the finding; all empty for a finding on the file as a whole."""
    if not finding.segment_number:
        return Excerpt("", "", "")
    start, end = finding.start, min(finding.end, finding.start + LONGEST)
    return Excerpt(
        _printable(data[max(0, start - AROUND) : start]),
        _printable(data[start:end]),
        _printable(data[end : end + AROUND]),
    )


def _printable(data: bytes) -> str:
    return "".join(sign if sign.isprintable() else "·" for sign in data.decode("latin-1"))
