"""What a column may hold, how headings in use are recognised, and how rows are read cell by cell."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.refusals import FieldError, Invalid

LONGEST_CELL = 4_000
"""Characters of a cell; what is longer is a fault, never cut in silence."""
_LOOKED_AT = 20
# How people and databases write that there is nothing.
_NOTHING = frozenset({"-", "--", "\u2013", "\u2014", "N/A", "n/a", "NULL"})
# What a formula shows that failed: #N/A, #REF!, #DIV/0!, #NAME?; LibreOffice counts its own.
_FAILED = re.compile(r"#N/A|#[A-Z0/]+[!?]|#GETTING_DATA|ERR:\d{3}")


class Unreadable(ValueError):
    """A cell that cannot be read; its words say what to enter instead."""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a column may hold. `names` are headings in use, `pattern` finds others (both without case);
    `read` makes the value of a text that is not empty, or raises `Unreadable`. `example` stands in the template."""

    name: str
    label: str
    read: Callable[[str], object]
    names: tuple[str, ...] = ()
    pattern: str = ""
    example: str = ""


@dataclass(slots=True)
class SheetRow:
    """A row by its number in the sheet: what its cells say, as typed and as values, and what is wrong by field."""

    number: int
    texts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def fault(self, name: str, words: str) -> None:
        """Note what is wrong; the first fault of a field is the one that is told."""
        self.faults.setdefault(name, words)


def looked_at(rows: Sequence[Sequence[str]]) -> list[int]:
    """The numbers (from 1) of the rows among which the headings are looked for: the first that hold anything."""
    return [number for number, row in enumerate(rows, 1) if any(row)][:_LOOKED_AT]


def headings_row(columns: Sequence[Column], rows: Sequence[Sequence[str]], said: Mapping[str, str]) -> int:
    """The number (from 1) of the row that holds the headings, 0 for an empty sheet: of the first that hold anything the
    one of which most is recognised, as titles and groups of columns may stand above it; of equals the first."""
    filled = looked_at(rows)
    known = {number: len(guessed(columns, rows[number - 1], said)) for number in filled}
    best = max(filled, key=lambda number: known[number], default=0)
    # One word alone is more likely a cell that reads like a heading.
    return best if known.get(best, 0) > 1 else next(iter(filled), 0)


def headings_at(rows: Sequence[Sequence[str]], number: int) -> tuple[str, ...]:
    """The headings in the row of this number (from 1)."""
    return tuple(rows[number - 1]) if 0 < number <= len(rows) else ()


def folded(heading: str) -> str:
    """A heading as it is remembered and compared: lower case, everything but letters and digits one blank."""
    return " ".join(re.findall(r"[^\W_]+|#", heading.lower()))


def guessed(
    columns: Sequence[Column], headings: Sequence[str], remembered: Mapping[str, str] | None = None
) -> dict[str, int]:
    """The likeliest column (from 0) for each field: as it was said last time, else by headings in use, else by words.
    A column headed `Skill: name` says by itself what it holds."""
    said = remembered or {}
    words = [folded(heading) for heading in headings]
    left = {
        number: text
        for number, text in enumerate(words)
        if text and said.get(text) != "" and not text.startswith("skill ")
    }
    mapping: dict[str, int] = {}

    def take(found: Iterator[tuple[str, int]]) -> None:
        for name, number in found:
            if name not in mapping and number in left:
                mapping[name] = number
                del left[number]

    known = {column.name for column in columns}
    take((said[text], number) for number, text in enumerate(words) if said.get(text) in known)
    take(
        (one.name, number)
        for one in columns
        for number, text in enumerate(words)
        if text in one.names or text == folded(one.label)
    )
    take(
        (one.name, number)
        for one in columns
        for number, text in enumerate(words)
        if one.pattern and re.search(one.pattern, text)
    )
    return mapping


def checked_mapping(
    labels: Mapping[str, str], required: Sequence[str], mapping: Mapping[str, int], width: int
) -> dict[str, int]:
    """The mapping when rows can be read by it, or a refusal with what is missing. `labels`: every field by its name."""
    faults = [
        FieldError(f"mapping.{name}"[:80], "field.unknown", f"Choose one of: {', '.join(labels)}.")
        for name in mapping
        if name not in labels
    ]
    faults += [
        FieldError(f"mapping.{name}", "column.missing", f"Columns are counted from 0 to {width - 1}.")
        for name, column in mapping.items()
        if name in labels and not 0 <= column < width
    ]
    faults += [
        FieldError(f"mapping.{name}", "mapping.missing", f"Say which column holds: {labels[name].lower()}.")
        for name in required
        if name not in mapping
    ]
    if faults:
        title = "The columns are not assigned yet."
        raise Invalid("sheet.mapping", title, faults[0].message, fields=tuple(faults))
    return dict(mapping)


def read_rows(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    mapping: Mapping[str, int],
    headings: int,
    given: Mapping[str, str] | None = None,
) -> list[SheetRow]:
    """Every row below that of the headings (from 1) that says anything in a column that is read. Headings that are
    printed again over the next page say nothing. `given` holds where a cell is empty."""
    above = texts_of(headings_at(rows, headings), mapping)
    told = ((number, texts_of(cells, mapping)) for number, cells in enumerate(rows[headings:], headings + 1))
    return [
        read_row(columns, number, {**(given or {}), **texts})
        for number, texts in told
        if texts and texts != above
    ]


def texts_of(cells: Sequence[str], mapping: Mapping[str, int]) -> dict[str, str]:
    """What the cells of a row say, by field."""
    found = {name: cells[place] for name, place in mapping.items() if place < len(cells)}
    return {name: text for name, text in found.items() if text and text not in _NOTHING}


def read_row(columns: Sequence[Column], number: int, texts: Mapping[str, str]) -> SheetRow:
    """One row of what its cells say by field. What no column reads stays as it is typed."""
    known = {column.name: column for column in columns}
    row = SheetRow(number, dict(texts))
    for name, text in texts.items():
        if words := _unusable(text):
            row.fault(name, words)
        elif name not in known:
            row.facts[name] = text
        else:
            try:
                row.facts[name] = known[name].read(text)
            except Unreadable as wrong:
                row.fault(name, str(wrong))
    return row


def fault_once(rows: Sequence[SheetRow], key: Callable[[SheetRow], object], name: str, what: str) -> None:
    """Fault the later of two rows that have the same key; None is no key."""
    seen: dict[object, int] = {}
    for row in rows:
        if (found := key(row)) is not None and seen.setdefault(found, row.number) != row.number:
            row.fault(name, f"Row {seen[found]} has this {what} already.")


def _unusable(text: str) -> str:
    if _FAILED.fullmatch(text.upper()):
        return f"This cell holds an error of the spreadsheet, {text}: put its value here instead."
    if text[0] in "=@":
        return "This looks like a formula: put its value here instead."
    if "\ufffd" in text:
        return "Some characters could not be read: save the file as CSV UTF-8 or as Excel."
    if len(text) > LONGEST_CELL or not text.isprintable():
        return f"Use at most {LONGEST_CELL:,} characters, without control characters."
    return ""
