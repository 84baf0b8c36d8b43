"""The whole check of a file: every interchange, every set along its guide, then the rules across segments."""

from domain.x12.check import acknowledgments, claims, remittances
from domain.x12.check.elements import check_segment
from domain.x12.check.envelope import check_control_numbers, check_interchange
from domain.x12.check.findings import Finding, Report
from domain.x12.check.structure import Walk
from domain.x12.envelope import TransactionSet, interchanges
from domain.x12.guides import guide, guide_key
from domain.x12.reader import Segment


def check(data: bytes) -> list[Finding]:
    """Everything wrong with the file, in file order. Raises Unreadable when the bytes are not X12 at all."""
    report = Report()
    headers: list[Segment] = []
    remits: dict[int, TransactionSet] = {}
    numbers: set[str] = set()
    for interchange in interchanges(data):
        headers.append(interchange.header)
        check_interchange(report, interchange)
        for one in interchange.sets:
            _check_set(report, one, numbers)
            if guide_key(one.kind, one.version) == "R835":
                remits[one.ordinal] = one
        report.set_start = 0
    check_control_numbers(report, headers)
    if remits:
        remittances.check_money(report, data, remits)
    return report.sorted()


def _check_set(report: Report, one: TransactionSet, numbers: set[str]) -> None:
    report.set_start = one.segments[0].number
    key = guide_key(one.kind, one.version)
    segments = one.segments[:-1] if one.closed else one.segments
    if not key:
        _no_guide(report, one)
        places = [""] * len(segments)
    else:
        places = Walk(report, guide(key)).run(segments)
    for segment, loop in zip(segments, places, strict=True):
        check_segment(report, segment, loop)
    test = one.interchange.get(15) == "T"
    match key:
        case "P837" | "I837":
            claims.check_claims(report, key, segments, places, numbers, test=test)
        case "R835":
            remittances.check_remittance(report, segments, places, test=test)
        case "C277":
            acknowledgments.check_277ca(report, segments, places, test=test)
        case "A999":
            acknowledgments.check_999(report, segments)


def _no_guide(report: Report, one: TransactionSet) -> None:
    st = one.segments[0]
    if one.version and not one.version.startswith("005010"):
        text = "The transaction set is not of version 005010: only its envelope and elements were checked."
        report.add("X12-ENV-018", st, text, element="03")
    else:
        text = "There is no guide for this transaction set here: only its envelope and elements were checked."
        report.warn("X12-ENV-021", st, text, element="01")
