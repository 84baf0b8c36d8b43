"""Interchange, group and set envelopes: rules X12-ENV."""

from collections import Counter

from domain.x12.check.elements import check_characters, is_time
from domain.x12.check.findings import Report, at
from domain.x12.envelope import Group, Interchange, TransactionSet
from domain.x12.reader import ISA_LENGTH, ISA_SEPARATORS, Segment
from domain.x12.values import day

KIND_OF_GROUP = {
    "HC": "837", "HP": "835", "HN": "277", "FA": "999", "HS": "270", "HB": "271", "HR": "276", "HI": "278",
    "BE": "834", "RA": "820",
}  # fmt: skip
# GS08 by GS01: the guides of each kind of group. 997 travels in FA as well.
_GUIDES = {
    "HC": ("005010X222", "005010X223", "005010X224", "005010X298", "005010X299", "005010X291"),
    "HP": ("005010X221",),
    "HN": ("005010X212", "005010X214"),
    "FA": ("005010X230", "005010X231"),
}
_ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_ID_QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})


def check_interchange(report: Report, interchange: Interchange) -> None:
    """Everything between ISA and IEA that is not inside a transaction set."""
    _isa(report, interchange.header)
    _iea(report, interchange)
    for stray in interchange.strays:
        report.add("X12-ENV-011", stray, "The segment stands outside any transaction set.")
    if not interchange.groups and not interchange.acknowledgments:
        report.add("X12-ENV-019", interchange.header, "The interchange holds neither a group nor a TA1.")
    _repeated(report, [group.header for group in interchange.groups], 6, "X12-ENV-017", "GS06")
    for segment in interchange.acknowledgments:
        _ta1(report, segment)
    for group in interchange.groups:
        _group(report, group)


def check_control_numbers(report: Report, interchanges: list[Segment]) -> None:
    """The same ISA13 twice in one file."""
    _repeated(report, interchanges, 13, "X12-ENV-017", "ISA13")


def _repeated(report: Report, segments: list[Segment], position: int, rule: str, name: str) -> None:
    counts = Counter(segment.get(position) for segment in segments)
    seen: set[str] = set()
    for segment in segments:
        number = segment.get(position)
        if counts[number] > 1 and number in seen:
            report.add(rule, segment, f"{name} repeats a control number used before.", element=at(position))
        seen.add(number)


def _isa(report: Report, isa: Segment) -> None:
    elements = [part.ljust(1) for part in isa.elements[1:]]
    if len(elements) != 16 or tuple(map(len, elements)) != _ISA_WIDTHS:
        separators = ", ".join(str(place) for place in (ISA_SEPARATORS[0] + 1, ISA_LENGTH))
        text = (
            f"The ISA does not have its fixed widths (first separator and terminator at bytes {separators})."
        )
        report.add("X12-ENV-001", isa, text)
    check_characters(report, isa)
    for position in (5, 7):
        if isa.get(position) not in _ID_QUALIFIERS:
            report.add("X12-ENV-013", isa, "The id qualifier is not one of X12's.", element=at(position))
    for position in (6, 8):
        if not isa.get(position).strip():
            report.add("X12-ENV-013", isa, "The id is empty.", element=at(position))
    if day("20" + isa.get(9)) is None:
        report.add("X12-ENV-013", isa, "Not a day of the calendar as YYMMDD.", element="09")
    if not is_time(isa.get(10)):
        report.add("X12-ENV-013", isa, "Not a time as HHMM.", element="10")
    _isa_codes(report, isa)


def _isa_codes(report: Report, isa: Segment) -> None:
    for position, codes in ((1, ("00", "03")), (3, ("00", "01"))):
        if isa.get(12) == "00501" and isa.get(position) not in codes:
            report.add("X12-ENV-013", isa, f"Must be {codes[0]} or {codes[1]}.", element=at(position))
    if isa.get(12) == "00501" and not isa.delimiters.repetition:
        report.warn(
            "X12-ENV-022", isa, "The repetition separator should be a sign, not a letter.", element="11"
        )
    if isa.get(12) != "00501":
        report.add("X12-ENV-018", isa, "The interchange is not of version 00501.", element="12")
    number = isa.get(13)
    if not (number.isascii() and number.isdigit() and len(number) == 9):
        report.add("X12-ENV-013", isa, "The control number is not nine digits.", element="13")
    if isa.get(14) not in ("0", "1"):
        report.add("X12-ENV-013", isa, "Must be 0 or 1.", element="14")
    if isa.get(15) not in ("P", "T"):
        report.add("X12-ENV-013", isa, "Must be P for production or T for test.", element="15")


def _iea(report: Report, interchange: Interchange) -> None:
    trailer, header = interchange.trailer, interchange.header
    if trailer is None:
        report.add("X12-ENV-002", header, "The interchange has no IEA: it may be cut off.")
        return
    if not trailer.terminated:
        report.add("X12-ENV-012", trailer, "The last segment has no terminator.")
    if trailer.get(2) != header.get(13):
        report.add("X12-ENV-003", trailer, "IEA02 differs from ISA13.", element="02")
    if not _says(trailer.get(1), len(interchange.groups)):
        text = f"IEA01 differs from the number of groups, {len(interchange.groups)}."
        # An interchange of TA1 alone counts no groups; partners differ on what they write there.
        severity = "error" if interchange.groups else "warning"
        report.add("X12-ENV-004", trailer, text, element="01", severity=severity)


def _says(text: str, count: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) == count


def _group(report: Report, group: Group) -> None:
    gs, ge = group.header, group.trailer
    check_characters(report, gs)
    _gs(report, gs)
    if ge is None:
        report.add("X12-ENV-005", gs, "The group has no GE: it may be cut off.")
    else:
        if ge.get(2) != gs.get(6):
            report.add("X12-ENV-006", ge, "GE02 differs from GS06.", element="02")
        if not _says(ge.get(1), len(group.sets)):
            text = f"GE01 differs from the number of transaction sets, {len(group.sets)}."
            report.add("X12-ENV-007", ge, text, element="01")
    if not group.sets:
        report.add("X12-ENV-019", gs, "The group holds no transaction set.")
    _repeated(report, [one.segments[0] for one in group.sets], 2, "X12-ENV-017", "ST02")
    for one in group.sets:
        _set(report, one, gs)
    report.set_start = 0


def _gs(report: Report, gs: Segment) -> None:
    for position, name in ((1, "GS01"), (2, "GS02"), (3, "GS03"), (6, "GS06"), (8, "GS08")):
        if not gs.get(position):
            report.add("X12-ENV-014", gs, f"{name} is missing.", element=at(position))
    if not (gs.get(6).isascii() and gs.get(6).isdigit() and len(gs.get(6)) <= 9):
        report.add("X12-ENV-014", gs, "The control number is not one to nine digits.", element="06")
    if day(gs.get(4)) is None:
        report.add("X12-ENV-014", gs, "Not a day of the calendar as CCYYMMDD.", element="04")
    if not is_time(gs.get(5)):
        report.add("X12-ENV-014", gs, "Not a time as HHMM or HHMMSS.", element="05")
    if gs.get(7) != "X":
        report.add("X12-ENV-014", gs, "Must be X.", element="07")
    guides = _GUIDES.get(gs.get(1), ())
    if guides and gs.get(8).startswith("005010X") and not gs.get(8).startswith(guides):
        text = f"A group {gs.get(1)} holds sets of {' or '.join(guides[:2])}, not of this guide."
        report.add("X12-ENV-023", gs, text, element="08")


def _set(report: Report, one: TransactionSet, gs: Segment) -> None:
    st, se = one.segments[0], one.segments[-1]
    report.set_start = st.number
    expected = KIND_OF_GROUP.get(gs.get(1))
    if expected and one.kind != expected and (one.kind, expected) != ("997", "999"):
        report.add("X12-ENV-015", st, f"A group {gs.get(1)} holds {expected}, not this set.", element="01")
    if st.get(3) and gs.get(8) and st.get(3) != gs.get(8):
        report.add("X12-ENV-016", st, "ST03 differs from GS08.", element="03")
    if not 4 <= len(st.get(2)) <= 9:
        report.add("X12-ENV-014", st, "ST02 needs four to nine characters.", element="02")
    if not one.closed:
        report.add("X12-ENV-008", st, "The transaction set has no SE: it may be cut off.")
        return
    if se.get(2) != st.get(2):
        report.add("X12-ENV-009", se, "SE02 differs from ST02.", element="02")
    if not _says(se.get(1), len(one.segments)):
        text = f"SE01 differs from the number of segments, {len(one.segments)}."
        report.add("X12-ENV-010", se, text, element="01")


def _ta1(report: Report, segment: Segment) -> None:
    if segment.get(4) not in ("A", "E", "R"):
        report.add("X12-ENV-020", segment, "TA104 must be A, E or R.", element="04")
    note = segment.get(5)
    if not (len(note) == 3 and note.isascii() and note.isdigit() and int(note) <= 31):
        report.add("X12-ENV-020", segment, "TA105 must be 000 to 031.", element="05")
    elif (segment.get(4) == "A") != (note == "000") and segment.get(4) in ("A", "R"):
        report.add("X12-ENV-024", segment, "The verdict and the note contradict each other.", element="05")
    if not segment.get(1):
        report.add("X12-ENV-020", segment, "TA101 is missing.", element="01")
    if day("20" + segment.get(2)) is None:
        report.add("X12-ENV-020", segment, "TA102 is not a day of the calendar as YYMMDD.", element="02")
    if not is_time(segment.get(3)):
        report.add("X12-ENV-020", segment, "TA103 is not a time as HHMM.", element="03")
