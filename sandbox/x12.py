"""The sandbox's own X12 primitives: segments as lists of text, money as cents, and a writer of envelopes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Segment = list[str]
"""Element 0 is the segment id, element n is XXnn; composites stay unsplit until `parts` is asked."""

ELEMENT, COMPONENT, REPETITION, TERMINATOR = "*", ":", "^", "~"
_FORBIDDEN = re.compile(r"[*:^~\x00-\x1f\x7f]")
_MONEY = re.compile(r"^(-?)([0-9]{0,15})(?:\.([0-9]{1,2})0*)?$")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four delimiters that an ISA announces at positions 3, 82, 104 and 105."""

    element: str
    repetition: str
    component: str
    segment: str


@dataclass(frozen=True, slots=True)
class Party:
    """One side of an interchange: ISA qualifier and id, the application code of its GS, and what it works in."""

    qualifier: str
    interchange_id: str
    application_id: str
    usage: str = "P"
    """ISA15: P production, T test."""


def at(segment: Segment, position: int) -> str:
    """Element XXnn of a segment, empty when the segment ends before it."""
    return segment[position] if position < len(segment) else ""


def parts(value: str, component: str) -> list[str]:
    return value.split(component)


def part(value: str, component: str, position: int) -> str:
    """Component number `position` (from 1) of a composite, empty when absent."""
    pieces = value.split(component)
    return pieces[position - 1] if position <= len(pieces) else ""


def cents(text: str) -> int | None:
    """An X12 amount in cents; None when the text is not an amount (never 0 for nonsense)."""
    found = _MONEY.match(text)
    if not found or not (found[2] or found[3]):
        return None
    amount = int(found[2] or "0") * 100 + int((found[3] or "").ljust(2, "0"))
    return -amount if found[1] else amount


def money(amount: int) -> str:
    """Cents as an X12 amount without needless zeros: 12500 → 125, 12550 → 125.5, -5 → -0.05."""
    sign, whole, rest = "-" if amount < 0 else "", abs(amount) // 100, abs(amount) % 100
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest:02d}".rstrip("0")


def clean(text: str) -> str:
    """Data from another file made safe for ours, whose delimiters differ from the sender's."""
    return _FORBIDDEN.sub(" ", text)


def line(*elements: str) -> str:
    """One segment with trailing empty elements dropped; composites come ready made."""
    return ELEMENT.join(elements).rstrip(ELEMENT) + TERMINATOR


def composite(*components: str) -> str:
    return COMPONENT.join(components).rstrip(COMPONENT)


def transaction(code: str, number: int, guide: str, body: Iterable[str]) -> list[str]:
    """ST … SE around the body, with the count; 835 names no guide in ST03 by its own rules."""
    control = f"{number:04d}"
    head = line("ST", code, control) if code == "835" else line("ST", code, control, guide)
    lines = [head, *body]
    return [*lines, line("SE", str(len(lines) + 1), control)]


def interchange(
    sender: Party,
    receiver: Party,
    control: int,
    when: datetime,
    group: str,
    guide: str,
    sets: list[list[str]],
) -> bytes:
    """One ISA with one GS holding the sets; without sets (TA1) the lines of `group` stand in the envelope."""
    opening = _isa(sender, receiver, control, when)
    gs = [
        line(
            "GS",
            group,
            sender.application_id,
            receiver.application_id,
            when.strftime("%Y%m%d"),
            when.strftime("%H%M%S"),
            str(control),
            "X",
            guide,
        )
    ]
    body = [text for lines in sets for text in lines]
    closing = [line("GE", str(len(sets)), str(control)), line("IEA", "1", f"{control:09d}")]
    return "\n".join([opening, *gs, *body, *closing, ""]).encode("latin-1", "replace")


def bare_interchange(sender: Party, receiver: Party, control: int, when: datetime, body: list[str]) -> bytes:
    """An interchange without functional groups, as a TA1 alone travels."""
    lines = [_isa(sender, receiver, control, when), *body, line("IEA", "0", f"{control:09d}"), ""]
    return "\n".join(lines).encode("latin-1", "replace")


def _isa(sender: Party, receiver: Party, control: int, when: datetime) -> str:
    return (
        ELEMENT.join(
            [
                "ISA",
                "00",
                " " * 10,
                "00",
                " " * 10,
                sender.qualifier.ljust(2)[:2],
                sender.interchange_id.ljust(15)[:15],
                receiver.qualifier.ljust(2)[:2],
                receiver.interchange_id.ljust(15)[:15],
                when.strftime("%y%m%d"),
                when.strftime("%H%M"),
                REPETITION,
                "00501",
                f"{control:09d}",
                "0",
                receiver.usage,
                COMPONENT,
            ]
        )
        + TERMINATOR
    )
