"""A sheet of named cells, edited as in a spreadsheet: every act answers a new sheet, so that each can be undone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

ROW_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
MOST_PASTED = 20_000
# A cell in quotes holds quotes twice, as spreadsheets copy it; anything else stands as it is.
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_CELL = re.compile(r'("(?:[^"]|"")*"(?=\t|\r?\n|$)|[^\t\r\n]*)(\t|\r\n|\n|\r|$)')


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its id and its cells by column; cells without text are left out."""

    id: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns in their order and rows in theirs."""

    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...] = ()


def set_cells(sheet: Sheet, changes: Iterable[tuple[str, str, str]]) -> Sheet:
    """With other texts in some cells, each a row's id, a column and a text. Unknown rows and columns are passed over."""
    wanted: dict[str, dict[str, str]] = {}
    for row, column, text in changes:
        if column in sheet.columns:
            wanted.setdefault(row, {})[column] = text.strip()
    return replace(sheet, rows=tuple(_with(row, wanted.get(row.id, {})) for row in sheet.rows))


def insert(sheet: Sheet, before: int, ids: Sequence[str]) -> Sheet:
    """With empty rows before that place (from 0). Ids that are there already, or are none, are passed over."""
    known = {row.id for row in sheet.rows}
    new = [SheetRow(one) for one in dict.fromkeys(ids) if one not in known and ROW_ID.fullmatch(one)]
    place = min(max(before, 0), len(sheet.rows))
    return replace(sheet, rows=(*sheet.rows[:place], *new, *sheet.rows[place:]))


def delete(sheet: Sheet, ids: Iterable[str]) -> Sheet:
    """Without these rows."""
    gone = set(ids)
    return replace(sheet, rows=tuple(row for row in sheet.rows if row.id not in gone))


def move(sheet: Sheet, identifier: str, by: int) -> Sheet:
    """With a row further down (or up, when negative); it stops at the ends."""
    rows = list(sheet.rows)
    place = next((number for number, row in enumerate(rows) if row.id == identifier), None)
    if place is None:
        return sheet
    row = rows.pop(place)
    rows.insert(min(max(place + by, 0), len(rows)), row)
    return replace(sheet, rows=tuple(rows))


def paste(sheet: Sheet, row: str, column: str, text: str, new_ids: Iterable[str]) -> Sheet:
    """With what was copied elsewhere written from a cell on, to the right and down; rows that lack are added."""
    places = [one.id for one in sheet.rows]
    if column not in sheet.columns or (row not in places and places):
        return sheet
    matrix = copied(text)
    first = places.index(row) if places else 0
    short = first + len(matrix) - len(places)
    grown = insert(sheet, len(places), [one for one, _ in zip(new_ids, range(max(short, 0)), strict=False)])
    columns = sheet.columns[sheet.columns.index(column) :]
    targets = grown.rows[first : first + len(matrix)]
    changes = [
        (target.id, name, cell)
        for target, line in zip(targets, matrix, strict=False)
        for name, cell in zip(columns, line, strict=False)
    ]
    return set_cells(grown, changes)


def copied(text: str) -> list[list[str]]:
    """The cells of rows and columns copied from a spreadsheet: tabs between cells, line ends between rows."""
    lines: list[list[str]] = [[]]
    for found in _CELL.finditer(text[: MOST_PASTED * 20].rstrip("\r\n")):
        cell, end = found[1], found[2]
        if _QUOTED.fullmatch(cell):
            cell = cell[1:-1].replace('""', '"')
        lines[-1].append(" ".join(cell.split()))
        if end != "\t":
            lines.append([])
        if not end:
            break
    return [line for line in lines if line][:MOST_PASTED]


def _with(row: SheetRow, texts: Mapping[str, str]) -> SheetRow:
    if not texts:
        return row
    cells = {**row.cells, **texts}
    return SheetRow(row.id, {column: text for column, text in cells.items() if text})
