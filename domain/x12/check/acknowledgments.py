"""Rules across the segments of a 277CA (C277-…) and of a 999 (A999-…)."""

from domain.x12.check.findings import Report
from domain.x12.check.identifiers import Hierarchy, check_dtp, check_npi
from domain.x12.decode_999 import ACCEPTED_VERDICTS
from domain.x12.reader import Segment

_PARENTS: dict[str, tuple[str, ...]] = {"21": ("20",), "19": ("21",), "PT": ("19",)}
_CATEGORIES = frozenset({"A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"})
_REFUSING = frozenset({"A3", "A6", "A7", "A8"})


def check_277ca(report: Report, segments: list[Segment], places: list[str], *, test: bool = False) -> None:
    """Hierarchy, status categories, dates and NPIs of one 277CA."""
    hierarchy = Hierarchy(report, "C277", _PARENTS)
    for segment, loop in zip(segments, places, strict=True):
        match segment.id:
            case "HL":
                hierarchy.take(segment, loop)
            case "STC":
                _status(report, segment, loop)
            case "DTP":
                check_dtp(report, "C277", segment, loop)
            case "NM1":
                check_npi(report, "C277", segment, loop, test=test)
    hierarchy.finish()
    _counted(report, segments, places)


def _counted(report: Report, segments: list[Segment], places: list[str]) -> None:
    """QTY of loop 2200B (90 accepted, AA rejected) against the first verdict on each claim."""
    verdicts: list[bool] = []
    told: dict[str, Segment] = {}
    fresh = False
    for segment, loop in zip(segments, places, strict=True):
        if segment.id == "QTY" and loop == "2200B":
            told[segment.get(1)] = segment
        elif segment.id == "TRN" and loop == "2200D":
            fresh = True
        elif segment.id == "STC" and loop == "2200D" and fresh:
            verdicts.append(segment.get(1).split(segment.delimiters.component)[0] in _REFUSING)
            fresh = False
    counts = {"90": verdicts.count(False), "AA": verdicts.count(True)}
    for kind, segment in told.items():
        if verdicts and kind in counts and _number(segment.get(2)) != counts[kind]:
            text = f"QTY says {_number(segment.get(2))}, the claims say {counts[kind]}."
            report.add("C277-CNT-001", segment, text, element="02", loop="2200B")


def _status(report: Report, segment: Segment, loop: str) -> None:
    for position in (1, 10, 11):
        category = segment.get(position).split(segment.delimiters.component)[0]
        if category and category not in _CATEGORIES:
            text = "The status category is none of a claim acknowledgment's (A0 to A8)."
            report.add("C277-STC-001", segment, text, element=f"{position:02d}-1", loop=loop)
    category = segment.get(1).split(segment.delimiters.component)[0]
    if (category in _REFUSING and segment.get(3) == "WQ") or (
        category in ("A1", "A2") and segment.get(3) == "U"
    ):
        text = "STC03 (WQ accepted, U rejected) contradicts the status category."
        report.warn("C277-STC-002", segment, text, element="03", loop=loop)


def check_999(report: Report, segments: list[Segment]) -> None:
    """The counts and the verdict of AK9 against the verdicts of the sets."""
    verdicts = [segment.get(1) for segment in segments if segment.id == "IK5"]
    answered = sum(1 for segment in segments if segment.id == "AK2")
    if len(verdicts) != answered:
        report.add("A999-CNT-001", segments[0], f"{answered} AK2 are answered by {len(verdicts)} IK5.")
    _faults(report, segments)
    for segment in segments:
        if segment.id == "AK9":
            _totals(report, segment, verdicts)
        elif segment.id == "IK3" and not _number(segment.get(2)):
            report.add(
                "A999-IK3-001", segment, "IK302 must count segments from 1.", element="02", loop="2100"
            )


def _faults(report: Report, segments: list[Segment]) -> None:
    """A rejected set names a fault, one accepted without errors names none."""
    faults = 0
    for segment in segments:
        if segment.id == "AK2":
            faults = 0
        elif segment.id == "IK3":
            faults += 1
        elif segment.id == "IK5" and segment.get(1) == "R" and not faults and not segment.get(2):
            report.add("A999-IK5-001", segment, "The set is rejected without a fault named.", element="01")
        elif segment.id == "IK5" and segment.get(1) == "A" and (faults or segment.get(2)):
            text = "The set is accepted without errors, yet a fault is named."
            report.add("A999-IK5-002", segment, text, element="01")


def _totals(report: Report, ak9: Segment, verdicts: list[str]) -> None:
    included, received, accepted = (_number(ak9.get(position)) for position in (2, 3, 4))
    passed = sum(1 for verdict in verdicts if verdict in ACCEPTED_VERDICTS)
    if len(verdicts) > received:
        report.add("A999-CNT-002", ak9, "AK903 is less than the sets answered.", element="03")
    # Sets without errors may be left out of the answer, so only a full answer can be compared.
    if len(verdicts) == received and verdicts and passed != accepted:
        report.add(
            "A999-CNT-003", ak9, f"AK904 says {accepted} accepted, the sets say {passed}.", element="04"
        )
    if accepted > received:
        report.add("A999-CNT-004", ak9, "More sets accepted than received.", element="04")
    verdict = ak9.get(1)
    whole = accepted == included and accepted > 0
    wrong = {
        "A": not whole, "E": not whole, "P": whole or accepted == 0, "R": accepted > 0,
    }.get(verdict, False)  # fmt: skip
    if wrong:
        report.add("A999-AK9-001", ak9, "AK901 contradicts the counts beside it.", element="01")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0
