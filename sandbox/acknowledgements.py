"""Writes TA1 and 999."""

from collections.abc import Iterator

from sandbox.envelope import Interchange
from sandbox.syntax.findings import ELEMENT_ERRORS, Finding
from sandbox.syntax.judge import GroupVerdict
from sandbox.x12 import at, clean, composite, line, transaction

GUIDE_999 = "005010X231A1"
_MOST_FINDINGS = 500


def ta1(one: Interchange) -> str:
    """The TA1 segment that answers an interchange, with its own date and time given back."""
    return line(
        "TA1", clean(one.control_number), clean(at(one.isa, 9)), clean(at(one.isa, 10)), one.verdict, one.note
    )


def wants_ta1(one: Interchange) -> bool:
    """Asked for by ISA14, or there is something to say."""
    return one.verdict != "A" or at(one.isa, 14) == "1"


def set_999(number: int, group: GroupVerdict) -> list[str]:
    """One 999 set for one functional group."""
    return transaction("999", number, GUIDE_999, _body(group))


def _body(group: GroupVerdict) -> Iterator[str]:
    yield line("AK1", clean(group.code), clean(group.control), clean(group.guide))
    for one in group.sets:
        yield line("AK2", clean(one.code), clean(one.control), clean(one.guide))
        yield from _errors(one.findings[:_MOST_FINDINGS])
        yield line("IK5", one.verdict, *one.reasons)
    counts = (str(group.included), str(len(group.sets)), str(group.accepted))
    yield line("AK9", group.verdict, *counts, *group.reasons)


def _errors(findings: list[Finding]) -> Iterator[str]:
    """IK3 once per segment and code, its CTX, then an IK4 per element."""
    previous: tuple[int, str, str, str] | None = None
    for one in findings:
        here = (one.position, one.segment, one.loop, one.code)
        if here != previous:
            yield line("IK3", clean(one.segment), str(one.position), one.loop, one.code)
            if one.claim:
                yield line("CTX", composite("CLM01", clean(one.claim)[:35]))
        previous = here
        if one.code == ELEMENT_ERRORS:
            place = composite(str(one.element), str(one.component) if one.component else "")
            yield line("IK4", place, one.number, one.element_code, clean(one.value)[:99])
