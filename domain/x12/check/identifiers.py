"""Check digits, dates, adjustments and hierarchy: rules that several transactions share, reported under each one's own prefix."""

import re
from dataclasses import dataclass, field
from datetime import date

from domain.clientele import is_npi
from domain.x12.check.elements import is_time
from domain.x12.check.findings import Report
from domain.x12.reader import Segment
from domain.x12.values import day, day_range

_REASON = re.compile(r"(?:[1-9]\d{0,3}|[ABDPWY]\d{1,3})\Z", re.ASCII)


def check_npi(report: Report, key: str, segment: Segment, loop: str, *, test: bool) -> None:
    """NM109 or N104 under qualifier XX. In a test interchange, made-up numbers are usual: a warning there."""
    qualifier, position = (8, 9) if segment.id == "NM1" else (3, 4)
    if segment.get(qualifier) != "XX" or is_npi(segment.get(position)):
        return
    text = "The NPI is not ten digits with a correct check digit."
    severity = "warning" if test else "error"
    report.add(f"{key}-NPI-001", segment, text, element=f"{position:02d}", loop=loop, severity=severity)


def check_dtp(report: Report, key: str, segment: Segment, loop: str) -> tuple[date | None, date | None]:
    """DTP03 in the form that DTP02 names; the first and last day."""
    form, text = segment.get(2), segment.get(3)
    first, last = day_range(form, text) if form in ("D8", "RD8") else (None, None)
    wrong = {
        "D8": first is None,
        "RD8": first is None or last is None,
        "TM": not is_time(text),
        "DT": day(text[:8]) is None or not is_time(text[8:]),
    }.get(form, False)
    if wrong and text:
        what = "The date or time does not exist, or is not in the form that DTP02 names."
        report.add(f"{key}-DAT-001", segment, what, element="03", loop=loop)
    elif first and last and first > last:
        report.add(f"{key}-DAT-002", segment, "The range ends before it begins.", element="03", loop=loop)
    return first, last


def check_adjustments(report: Report, key: str, segment: Segment, loop: str) -> None:
    """CAS: every reason with its amount, every amount with its reason, reasons in the form of their code list."""
    for position in range(2, len(segment.elements), 3):
        reason, amount = segment.get(position), segment.get(position + 1)
        if reason and not _REASON.match(reason):
            text = "The reason is not of the form of a claim adjustment reason code."
            report.add(f"{key}-CAS-001", segment, text, element=f"{position:02d}", loop=loop)
        if not reason and (amount or segment.get(position + 2)):
            text = "An amount without its reason."
            report.add(f"{key}-CAS-002", segment, text, element=f"{position:02d}", loop=loop)
        if reason and not amount:
            text = "A reason without its amount."
            report.add(f"{key}-CAS-003", segment, text, element=f"{position + 1:02d}", loop=loop)


@dataclass(slots=True)
class _Level:
    segment: Segment
    code: str
    children: int = 0


@dataclass(slots=True)
class Hierarchy:
    """HL segments of one set: numbering, parents and HL04, under `key`-HL rules. `parents` says which level holds which."""

    report: Report
    key: str
    parents: dict[str, tuple[str, ...]]
    levels: dict[str, _Level] = field(default_factory=dict)

    def take(self, segment: Segment, loop: str) -> None:
        number, parent, code = segment.get(1), segment.get(2), segment.get(3)
        if number != str(len(self.levels) + 1):
            text = "HL01 must count the levels of the set from 1."
            self.report.add(f"{self.key}-HL-001", segment, text, element="01", loop=loop)
        above = self.levels.get(parent) if parent else None
        expected = self.parents.get(code)
        if expected and (above is None or above.code not in expected):
            text = "HL02 does not name an earlier level of the right kind."
            self.report.add(f"{self.key}-HL-002", segment, text, element="02", loop=loop)
        elif parent and above is None:
            text = "HL02 names no earlier level."
            self.report.add(f"{self.key}-HL-002", segment, text, element="02", loop=loop)
        if above is not None:
            above.children += 1
        self.levels[number or f"?{len(self.levels)}"] = _Level(segment, code)

    def finish(self) -> None:
        for level in self.levels.values():
            said = level.segment.get(4)
            if said == "1" and not level.children:
                text = "HL04 says that levels follow below, and none does."
                self.report.add(f"{self.key}-HL-003", level.segment, text, element="04")
            elif said == "0" and level.children:
                text = "HL04 says that no level follows below, and one does."
                self.report.add(f"{self.key}-HL-004", level.segment, text, element="04")
