"""Types, lengths and characters of elements, whatever the guide: rules X12-SEG and X12-ELM."""

import re

from domain.x12.check.dictionary import Kind, element_kinds
from domain.x12.check.findings import Report, at
from domain.x12.check.shapes import glance
from domain.x12.reader import Segment
from domain.x12.values import day

# Element 782, monetary amount, is the only one of this type and length.
_AMOUNT: Kind = ("R", 1, 18)
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}\Z")
_OUTSIDE = re.compile(r"[^A-Za-z0-9 !\"&'()*+,\-./:;?=%~@\[\]_{}\\|<>#$^`]")
_OTHER_COMPONENT = re.compile(r"[A-Z0-9]{2,3}[:>/|<!+&;\\][A-Z0-9]", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DECIMAL = re.compile(r"-?(?:\d+\.?\d*|\.\d+)\Z", re.ASCII)
_WHOLE = re.compile(r"-?\d+\Z", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{1,2})?)?\Z", re.ASCII)


# Relational conditions of X12: when one element of a pair is sent, so is the other.
_TOGETHER: dict[str, tuple[tuple[int, int], ...]] = {
    "NM1": ((8, 9),), "N1": ((3, 4),), "PER": ((3, 4), (5, 6), (7, 8)), "DMG": ((1, 2),), "PAT": ((5, 6), (7, 8)),
    "CR1": ((1, 2), (5, 6)), "BPR": ((6, 7), (12, 13)), "LIN": ((2, 3),), "PLB": ((5, 6), (7, 8), (9, 10), (11, 12), (13, 14)),
    "SV1": ((3, 4),), "SV2": ((4, 5),), "PRV": ((2, 3),),
}  # fmt: skip


def check_segment(report: Report, segment: Segment, loop: str = "") -> None:
    """Characters, id, separators, and every element's type and length."""
    kinds = element_kinds().get(segment.elements[0])
    if kinds is None or not glance(segment.elements[0], segment.delimiters)(segment.text):
        _look_closely(report, segment, kinds, loop)
    for first, second in _TOGETHER.get(segment.elements[0], ()):
        if bool(segment.get(first)) != bool(segment.get(second)):
            lacking = second if segment.get(first) else first
            text = f"Elements {first:02d} and {second:02d} come together, and one is missing."
            report.add("X12-ELM-012", segment, text, element=at(lacking), loop=loop)


def _look_closely(
    report: Report, segment: Segment, kinds: tuple[tuple[Kind, ...], ...] | None, loop: str
) -> None:
    if not _SEGMENT_ID.match(segment.id):
        text = "The segment id is not two or three capital letters or digits."
        report.add("X12-SEG-001", segment, text, loop=loop)
        return
    if len(segment.elements) == 1:
        report.add("X12-SEG-003", segment, "The segment has no elements.", loop=loop)
    elif not segment.elements[-1]:
        text = "Separators at the end of the segment should be left out."
        report.add("X12-SEG-002", segment, text, loop=loop)
    check_characters(report, segment, loop)
    if kinds is None:
        return
    if len(segment.elements) - 1 > len(kinds):
        text = f"The segment has more than its {len(kinds)} elements."
        report.add("X12-ELM-008", segment, text, element=at(len(kinds) + 1), loop=loop)
    for position, (element, parts) in enumerate(zip(segment.elements[1:], kinds, strict=False), start=1):
        if element and parts:
            _check_element(report, segment, position, element, parts, loop)


def check_characters(report: Report, segment: Segment, loop: str = "") -> None:
    """X12 basic and extended sets only; lower case belongs to the extended set."""
    text = segment.text
    if text.isascii() and text.isprintable():
        return
    for position, element in enumerate(segment.elements):
        if _CONTROL.search(element):
            text = "A control character or line end stands inside the segment."
            report.add("X12-ELM-001", segment, text, element=at(position), loop=loop)
        elif _OUTSIDE.search(element):
            text = "A character is outside the X12 basic and extended sets."
            report.add("X12-ELM-002", segment, text, element=at(position), loop=loop)


def _check_element(
    report: Report, segment: Segment, position: int, element: str, kinds: tuple[Kind, ...], loop: str
) -> None:
    repetition = segment.delimiters.repetition
    values = element.split(repetition) if repetition and repetition in element else [element]
    for value in values:
        components = value.split(segment.delimiters.component)
        if len(kinds) == 1:
            if len(components) > 1 and segment.id not in ("DTP", "DTM"):
                text = "The component separator stands in an element that is not a composite."
                report.add("X12-ELM-009", segment, text, element=at(position), loop=loop)
                continue
            _check_value(report, segment, at(position), value, kinds[0], loop)
            continue
        if len(components) == 1 and _OTHER_COMPONENT.match(value):
            text = "The components look separated by another sign than the ISA declares."
            report.warn("X12-SEG-005", segment, text, element=at(position), loop=loop)
        if len(components) > len(kinds):
            text = f"The composite has more than its {len(kinds)} components."
            report.add("X12-ELM-010", segment, text, element=at(position), loop=loop)
        elif not components[-1]:
            text = "Separators at the end of the composite should be left out."
            report.warn("X12-SEG-002", segment, text, element=at(position), loop=loop)
        for number, (part, kind) in enumerate(zip(components, kinds, strict=False), start=1):
            if part:
                _check_value(report, segment, at(position, number), part, kind, loop)


def _check_value(report: Report, segment: Segment, where: str, value: str, kind: Kind, loop: str) -> None:
    name, least, most = kind
    size = len(value.strip("-").replace(".", "")) if name in ("R", "N0") else len(value)
    if size > most:
        report.add("X12-ELM-003", segment, f"Longer than {most} characters.", element=where, loop=loop)
    elif size < least:
        report.add("X12-ELM-004", segment, f"Shorter than {least} characters.", element=where, loop=loop)
    if value != value.strip(" "):
        text = "Spaces at the beginning or end should be left out."
        report.warn("X12-ELM-005", segment, text, element=where, loop=loop)
    if (name == "R" and not _DECIMAL.match(value)) or (name == "N0" and not _WHOLE.match(value)):
        report.add("X12-ELM-006", segment, "Not a number.", element=where, loop=loop)
    elif kind == _AMOUNT:
        _check_amount(report, segment, where, value, loop)
    elif name == "DT" and day(value) is None:
        report.add("X12-ELM-007", segment, "Not a day of the calendar as CCYYMMDD.", element=where, loop=loop)
    elif name == "TM" and not _TIME.match(value):
        report.add("X12-ELM-011", segment, "Not a time as HHMM or HHMMSS.", element=where, loop=loop)


def _check_amount(report: Report, segment: Segment, where: str, value: str, loop: str) -> None:
    whole, _, fraction = value.partition(".")
    if len(fraction.rstrip("0")) > 2:
        report.add("X12-ELM-013", segment, "An amount has at most two decimals.", element=where, loop=loop)
    elif 10 < len(whole.lstrip("-")) + len(fraction) <= 18:
        report.add("X12-ELM-014", segment, "An amount has at most ten digits.", element=where, loop=loop)


def is_time(value: str) -> bool:
    return bool(_TIME.match(value))
