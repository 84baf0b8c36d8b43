"""Addresses, tax numbers and taxonomies of the parties of an 837: rules ADR, BIL and PRV."""

import re

from domain.clientele import is_po_box
from domain.codes.postal import is_state
from domain.x12.check.findings import Report
from domain.x12.reader import Segment

_NINE = re.compile(r"[0-9]{9}\Z")
_ZIP = re.compile(r"[0-9]{5}(?:[0-9]{4})?\Z")


def check_party(report: Report, key: str, segment: Segment, loop: str) -> None:
    """One N3, N4, REF or PRV."""
    match segment.id:
        case "N4":
            _city(report, key, segment, loop)
        case "N3" if loop == "2010AA" and any(is_po_box(line) for line in segment.elements[1:]):
            text = "The billing provider's address must be a street address, not a post-office box."
            report.add(f"{key}-BIL-003", segment, text, element="01", loop=loop)
        case "REF" if loop == "2010AA" and segment.get(1) in ("EI", "SY") and not _NINE.match(segment.get(2)):
            text = "The tax number needs nine digits."
            report.add(f"{key}-BIL-001", segment, text, element="02", loop=loop)
        case "PRV" if segment.get(3) and len(segment.get(3)) != 10:
            text = "A taxonomy code has ten characters."
            report.add(f"{key}-PRV-001", segment, text, element="03", loop=loop)


def _city(report: Report, key: str, segment: Segment, loop: str) -> None:
    state, postal, country = segment.get(2), segment.get(3), segment.get(4)
    if country not in ("", "US"):
        return
    if state and not is_state(state):
        report.add(f"{key}-ADR-001", segment, "There is no such state.", element="02", loop=loop)
    if postal and not _ZIP.match(postal):
        text = "A ZIP code has five or nine digits."
        report.add(f"{key}-ADR-002", segment, text, element="03", loop=loop)
    elif loop == "2010AA" and not _NINE.match(postal):
        text = "The billing provider's ZIP code needs nine digits."
        report.add(f"{key}-BIL-002", segment, text, element="03", loop=loop)
