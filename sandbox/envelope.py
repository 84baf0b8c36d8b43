"""Reads interchanges out of any bytes and judges their envelopes as a TA1 does."""

import re
from dataclasses import dataclass, field
from datetime import date

from sandbox.x12 import Delimiters, Segment, at

WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
"""Widths of ISA01 to ISA16."""

_NOTE_OF_ELEMENT = {
    1: "010",
    2: "011",
    3: "012",
    4: "013",
    5: "005",
    6: "006",
    7: "007",
    8: "008",
    9: "014",
    10: "015",
    11: "016",
    12: "017",
    13: "018",
    14: "019",
    15: "020",
    16: "027",
}
_ID_QUALIFIERS = {"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"}
_NOTED_ONLY = {"014", "015"}


@dataclass(slots=True)
class TransactionSet:
    """ST to SE; `segments` holds both when present, so position n is segments[n-1]."""

    segments: list[Segment]
    closed: bool = False


@dataclass(slots=True)
class Group:
    """GS to GE with its sets."""

    gs: Segment
    sets: list[TransactionSet] = field(default_factory=list)
    ge: Segment | None = None


@dataclass(slots=True)
class Interchange:
    """What was found between ISA and IEA, with the TA1 verdict: A, E or R and its three-digit note."""

    isa: Segment
    delimiters: Delimiters
    groups: list[Group] = field(default_factory=list)
    iea: Segment | None = None
    verdict: str = "A"
    note: str = "000"

    @property
    def control_number(self) -> str:
        return at(self.isa, 13).strip() or "000000000"

    @property
    def usable(self) -> bool:
        return self.verdict != "R"

    def refuse(self, note: str) -> None:
        """The first reason stays; a refusal outranks a remark."""
        verdict = "E" if note in _NOTED_ONLY else "R"
        if self.verdict == "A" or (self.verdict == "E" and verdict == "R"):
            self.verdict, self.note = verdict, note


def read_interchanges(data: bytes) -> list[Interchange]:
    """Every interchange in the bytes; at least one is returned, however broken the bytes are."""
    text = data.decode("latin-1").lstrip("\ufeff\r\n\t ")
    found: list[Interchange] = []
    while text.startswith("ISA"):
        one, text = _read_one(text)
        found.append(one)
    if text.strip() or not found:
        found.append(_unreadable(text))
    return found


def _unreadable(text: str) -> Interchange:
    nothing = Interchange(["ISA"], Delimiters("*", "^", ":", "~"))
    nothing.refuse("024" if text.strip() else "023")
    return nothing


def _read_one(text: str) -> tuple[Interchange, str]:
    isa, delimiters, note = _read_isa(text)
    one = Interchange(isa, delimiters)
    if note:
        one.refuse(note)
    if note in ("023", "026", "004"):
        return one, _next_interchange(text[3:])
    body, rest = _up_to_iea(text, delimiters)
    _fill(one, body)
    for problem in _header_notes(isa):
        one.refuse(problem)
    _check_trailer(one)
    return one, rest.lstrip("\r\n\t ")


def _read_isa(text: str) -> tuple[Segment, Delimiters, str]:
    if len(text) < 106:
        return text.split(text[3] if len(text) > 3 else "*"), Delimiters("*", "^", ":", "~"), "023"
    separator = text[3]
    if separator.isalnum() or separator.isspace():
        return ["ISA"], Delimiters("*", "^", ":", "~"), "026"
    pieces = text[:400].split(separator, 16)
    if len(pieces) < 17 or len(pieces[16]) < 2:
        return pieces, Delimiters(separator, "^", ":", "~"), "023"
    component, terminator = pieces[16][0], pieces[16][1]
    isa = [*pieces[:16], component]
    delimiters = Delimiters(separator, pieces[11][:1] or "^", component, terminator)
    if terminator.isalnum() or terminator == separator:
        return isa, delimiters, "004"
    return isa, delimiters, _width_note(isa)


def _width_note(isa: Segment) -> str:
    for position, width in enumerate(WIDTHS, start=1):
        if len(isa[position]) != width:
            return _NOTE_OF_ELEMENT[position]
    return ""


def _next_interchange(text: str) -> str:
    """Where the next ISA might begin after one that could not even be split."""
    found = re.search(r"ISA[^A-Za-z0-9\s][0-9][0-9]", text)
    return text[found.start() :] if found else ""


def _up_to_iea(text: str, delimiters: Delimiters) -> tuple[list[Segment], str]:
    separator, terminator = delimiters.element, delimiters.segment
    end = re.escape(terminator)
    found = re.search(rf"{end}[\r\n]*IEA{re.escape(separator)}[^{end}]*", text)
    another = text.find(f"{terminator}ISA{separator}")
    stop = found.end() if found else len(text)
    if 0 <= another < stop:
        stop = another
    body = [piece.strip("\r\n") for piece in text[:stop].split(terminator)]
    rest = text[stop:].lstrip(terminator + "\r\n")
    return [piece.split(separator) for piece in body[1:] if piece], rest


def _fill(one: Interchange, segments: list[Segment]) -> None:
    group: Group | None = None
    current: TransactionSet | None = None
    for segment in segments:
        name = segment[0]
        if name == "GS":
            group, current = Group(segment), None
            one.groups.append(group)
        elif name == "IEA":
            one.iea = segment
        elif group is None or group.ge is not None:
            one.refuse("024")
        elif name == "GE":
            group.ge, current = segment, None
        elif name == "ST":
            current = TransactionSet([segment])
            group.sets.append(current)
        elif current is None:
            one.refuse("024")
        else:
            current.segments.append(segment)
            if name == "SE":
                current.closed, current = True, None


def _header_notes(isa: Segment) -> list[str]:
    checks = [
        (isa[1] in ("00", "03"), "010"),
        (isa[3] in ("00", "01"), "012"),
        (isa[5] in _ID_QUALIFIERS, "005"),
        (bool(isa[6].strip()), "006"),
        (isa[7] in _ID_QUALIFIERS, "007"),
        (bool(isa[8].strip()), "008"),
        (_is_day(isa[9]), "014"),
        (bool(re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9]", isa[10])), "015"),
        (not isa[11].isalnum(), "016"),
        (isa[12] == "00501", "017"),
        (bool(re.fullmatch(r"[0-9]{9}", isa[13])) and isa[13] != "000000000", "018"),
        (isa[14] in ("0", "1"), "019"),
        (isa[15] in ("P", "T"), "020"),
        (not isa[16].isalnum() and isa[16] != isa[11], "027"),
    ]
    return [note for held, note in checks if not held]


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{6}", text):
        return False
    try:
        date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return False
    return True


def _check_trailer(one: Interchange) -> None:
    if one.iea is None:
        one.refuse("023")
    elif at(one.iea, 2) != at(one.isa, 13):
        one.refuse("001")
    elif at(one.iea, 1) != str(len(one.groups)):
        one.refuse("021")
    elif not one.groups:
        one.refuse("024")
