"""A file as people read it: loops indented, segments named, codes put into plain words."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.x12.check.findings import Report, shown_id
from domain.x12.check.structure import Walk
from domain.x12.code_words import CODE_WORDS, COMPONENT_WORDS, DIAGNOSIS_KINDS
from domain.x12.envelope import Interchange, TransactionSet, interchanges
from domain.x12.guides import guide, guide_key
from domain.x12.reader import Segment
from domain.x12.values import day
from domain.x12.words import ELEMENT_WORDS, GUIDE_TITLES, LOOP_TITLES, SEGMENT_TITLES

_DATES = {("GS", 4), ("BHT", 4), ("BPR", 16), ("DTM", 2), ("STC", 2), ("TS3", 3), ("PLB", 2)}
# Longer ones are no amounts, and Python refuses to turn thousands of digits into a number.
_LONGEST_AMOUNT = 18
_MONEY = {
    ("CLM", 2), ("SV1", 2), ("SV2", 3), ("SVD", 2), ("AMT", 2), ("BPR", 2), ("CLP", 3), ("CLP", 4), ("CLP", 5),
    ("SVC", 2), ("SVC", 3), ("STC", 4),
} | {("CAS", at) for at in range(3, 20, 3)} | {("PLB", at) for at in range(4, 15, 2)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExplainedElement:
    """One element or component: where, as sent, what it is, and what a code, date or amount means ("" when as it stands)."""

    position: str
    raw: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """One segment. `depth` is its indentation, `loop_title` set on the first segment of a loop, `raw` without terminator."""

    depth: int
    number: int
    offset: int
    segment: str
    loop: str
    loop_title: str
    title: str
    raw: str
    elements: tuple[ExplainedElement, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment in its place, not yet explained. `title` replaces the segment's own words where it is set."""

    segment: Segment
    depth: int
    loop: str = ""
    loop_title: str = ""
    title: str = ""


def outline(data: bytes) -> list[OutlineLine]:
    """The file in a form that a page can draw. Raises Unreadable when the bytes are not X12."""
    return [explained(one) for one in placed(data)]


def placed(data: bytes) -> list[Placed]:
    """Every segment with its loop and depth, in file order. Raises Unreadable when the bytes are not X12."""
    found: list[Placed] = []
    for interchange in interchanges(data):
        found.extend(_interchange(interchange))
    return sorted(found, key=lambda one: one.segment.number)


def show(data: bytes) -> str:
    """The file as indented text. Raises Unreadable when the bytes are not X12."""
    return "\n".join(text for line in outline(data) for text in _texts(line)) + "\n"


def _texts(line: OutlineLine) -> Iterator[str]:
    indent = "  " * line.depth
    if line.loop_title:
        yield f"{'':6} {'  ' * max(line.depth - 1, 0)}[{line.loop}] {line.loop_title}"
    told = "; ".join(_told(element) for element in line.elements if element.raw.strip())
    yield _printable(f"{line.number:6} {indent}{line.segment:3} {line.title}{': ' + told if told else ''}")


def _told(element: ExplainedElement) -> str:
    value = f"{element.meaning} ({element.raw})" if element.meaning else element.raw.strip()
    return f"{element.label} {value}" if element.label else value


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "·" for sign in text)


def _interchange(interchange: Interchange) -> Iterator[Placed]:
    yield Placed(interchange.header, 0)
    for segment in (*interchange.acknowledgments, *interchange.strays):
        yield Placed(segment, 1)
    for group in interchange.groups:
        yield Placed(group.header, 1)
        for one in group.sets:
            yield from placed_set(one)
        if group.trailer is not None:
            yield Placed(group.trailer, 1)
    if interchange.trailer is not None:
        yield Placed(interchange.trailer, 0)


def placed_set(one: TransactionSet) -> Iterator[Placed]:
    """The segments of one transaction set in their loops."""
    key = guide_key(one.kind, one.version)
    segments = one.segments[:-1] if one.closed else one.segments
    depths, loops, opened = [0] * len(segments), [""] * len(segments), [False] * len(segments)
    if key:
        walk = Walk(Report(), guide(key))
        loops = walk.run(segments)
        depths, opened = walk.depths, walk.opened
    titles = LOOP_TITLES.get(key, {})
    for segment, loop, depth, first in zip(segments, loops, depths, opened, strict=True):
        extra = GUIDE_TITLES.get(key, "") if segment.id == "ST" else ""
        title = titles.get(loop, "") if first else ""
        yield Placed(segment, 2 + depth + (segment.id != "ST"), loop, title, extra)
    if one.closed:
        yield Placed(one.segments[-1], 2)


def explained(one: Placed) -> OutlineLine:
    """The segment with its elements in words."""
    segment = one.segment
    known = one.title or SEGMENT_TITLES.get(segment.id, "Segment")
    return OutlineLine(
        one.depth, segment.number, segment.offset, shown_id(segment.id), one.loop, one.loop_title, known, segment.text,
        tuple(_elements(segment)),
    )  # fmt: skip


def _elements(segment: Segment) -> Iterator[ExplainedElement]:
    words = ELEMENT_WORDS.get(segment.id, ())
    for position, raw in enumerate(segment.elements[1:], start=1):
        if not raw or (segment.id == "ISA" and (position <= 4 or position in (11, 16))):
            continue
        label = words[position - 1] if position <= len(words) else ""
        if segment.id == "HI":
            yield _code_of_hi(segment, position, raw)
        elif "+" in label or (segment.delimiters.component in raw and segment.id != "ISA"):
            yield from _components(segment, position, raw, label.split("+"))
        else:
            yield ExplainedElement(f"{position:02d}", raw, label, _meaning(segment, position, raw))


def _components(segment: Segment, position: int, raw: str, labels: list[str]) -> Iterator[ExplainedElement]:
    for number, part in enumerate(raw.split(segment.delimiters.component), start=1):
        if not part:
            continue
        label = labels[number - 1] if number <= len(labels) else ""
        words = COMPONENT_WORDS.get((segment.id, position, number), {})
        meaning = words.get(part, "")
        if not meaning and number == 1:
            meaning = CODE_WORDS.get((segment.id, position), {}).get(part, "")
        yield ExplainedElement(f"{position:02d}-{number}", part, label, meaning)


def _code_of_hi(segment: Segment, position: int, raw: str) -> ExplainedElement:
    kind, _, rest = raw.partition(segment.delimiters.component)
    return ExplainedElement(
        f"{position:02d}", rest or raw, DIAGNOSIS_KINDS.get(kind, "code") if rest else "code", ""
    )


def _meaning(segment: Segment, position: int, raw: str) -> str:
    words = CODE_WORDS.get((segment.id, position))
    if words is not None:
        return words.get(raw, "")
    if (segment.id, position) in _DATES:
        return _day(raw)
    if (segment.id, position) in _MONEY:
        return _money(raw)
    if (segment.id in ("DTP", "PAT") and position in (3, 6)) or (segment.id == "DMG" and position == 2):
        return " to ".join(filter(None, (_day(part) for part in raw.split("-"))))
    return ""


def _day(raw: str) -> str:
    found = day(raw)
    return found.isoformat() if found else ""


def _money(raw: str) -> str:
    sign, digits = ("-", raw[1:]) if raw.startswith("-") else ("", raw)
    whole, _, fraction = digits.partition(".")
    if not (whole + fraction).isdigit() or len(fraction) > 2 or not (whole + fraction).isascii():
        return ""
    if len(whole) > _LONGEST_AMOUNT:
        return ""
    return f"{sign}${int(whole or 0):,}.{fraction:0<2}"
