"""Reads the sheets of an Excel file, or a CSV file, as rows of text."""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from domain.refusals import Invalid

MOST_ROWS = 20_000
MOST_COLUMNS = 60
# One character more than any cell may have: what is cut here is a fault there, and never taken in short.
LONGEST_CELL = 4_001
MOST_TEXT = 20_000_000
# What an Excel file may unpack to: a small file can hold gigabytes of zeros.
LARGEST_UNPACKED = 60 * 1024 * 1024
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# In the directory of a file that Excel protected with a password.
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
# A cell whose formula failed; at most so much stands before its type, so that no file is gone over and over.
_FAILED = re.compile(rb"(<(?:\w{1,9}:)?c\s[^<>]{0,200}?\bt=)([\"'])e\2")
_MARKS = ",;\t|"
# What Excel puts in front of a CSV file to say how it is parted; it shows no such row.
_SAID_MARK = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_WEB = ("<html", "<!doctype", "<table", "<?xml", "<meta", "<style", "mime-version:")
# Characters without width that come along from web pages and other programs.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))

Rows = list[list[str]]


def sheets_of(body: bytes) -> list[tuple[str, Rows]]:
    """Every sheet in sight that holds anything, by its name ("" for a CSV file): all of its rows, blank ones included,
    so that row numbers stay those of the sheet. Refused as `sheet.unreadable`, `sheet.protected` or `sheet.too_large`."""
    found = _excel(body) if body.startswith((_ZIP, _OLD)) else [("", _csv(body))]
    for _, rows in found:
        while rows and not any(rows[-1]):
            rows.pop()
    if sum(len(cell) for _, rows in found for row in rows for cell in row) > MOST_TEXT:
        raise _too_large()
    return [(name, rows) for name, rows in found if rows]


def _excel(body: bytes) -> list[tuple[str, Rows]]:
    if body.startswith(_OLD) and _PROTECTED in body:
        raise _protected()
    try:
        if body.startswith(_ZIP):
            body = _with_errors(body)
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        names = [one.name for one in book.sheets_metadata if one.visible is SheetVisibleEnum.Visible]
        return [(name, _rows(book.get_sheet_by_name(name))) for name in names]
    except PasswordError as error:
        raise _protected() from error
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OverflowError) as error:
        raise _unreadable() from error
    except BaseException as error:
        # The reader is written in Rust: over some broken files it panics, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable() from error


def _with_errors(body: bytes) -> bytes:
    """The workbook with what its failed formulas show (#N/A, #REF!) as text: the reader takes such cells for empty ones."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise _too_large()
        sheets = {part.filename: packed.read(part) for part in parts if "sheet" in part.filename.lower()}
        if not any(map(_FAILED.search, sheets.values())):
            return body
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as copied:
            for part in parts:
                held = sheets.get(part.filename) or packed.read(part)
                copied.writestr(part.filename, _FAILED.sub(rb"\1\2str\2", held))
        return made.getvalue()


def _rows(sheet: CalamineSheet) -> Rows:
    if sheet.total_height > MOST_ROWS + 1 or sheet.total_width > MOST_COLUMNS:
        raise _too_large()
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    _fill_down(rows, sheet.merged_cell_ranges or ())
    return rows


def _fill_down(rows: Rows, merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell merged over several rows says the same in each: a practice's name beside its patients, a heading as high
    as two. Cells merged over several columns stay one: a title over a group of columns is not each one's heading."""
    left = len(rows) * MOST_COLUMNS
    for (top, column), (bottom, _) in merged:
        below = rows[top + 1 : bottom + 1]
        left -= len(below)
        if left < 0:  # more than there are cells: no program writes this
            raise _unreadable()
        for row in below:
            row[column : column + 1] = rows[top][column : column + 1]


def _csv(body: bytes) -> Rows:
    text = _decoded(body)
    if "\0" in text:
        raise _unreadable()
    if text[:4_000].lstrip().lower().startswith(_WEB):
        raise Invalid(
            "sheet.unreadable",
            "This is a web page that is only named like a sheet.",
            "Open it in Excel, and save it there as an Excel workbook (.xlsx).",
        )
    said = _SAID_MARK.match(text)
    text = text[said.end() :] if said else text
    try:
        rows = _filled(csv.reader(io.StringIO(text, newline=""), delimiter=said[1] if said else _mark(text)))
    except csv.Error as error:
        raise _unreadable() from error
    if rows and text.count('"') % 2 and any("\n" in cell for cell in rows[-1]):
        # Everything behind it would be one cell, and the rows in it lost without a word.
        raise Invalid(
            "sheet.unreadable",
            f"In row {len(rows)} a quotation mark opens a cell and none closes it.",
            "Close it or take it out, or send the sheet as Excel (.xlsx).",
        )
    return [[_text(cell) for cell in row] for row in rows]


def _filled(lines: Iterable[list[str]]) -> Rows:
    """The rows up to the last that holds anything: a small file can hold millions that hold nothing."""
    rows: Rows = []
    blank = 0
    for row in lines:
        if not any(map(str.strip, row)):
            blank += 1
            continue
        if len(rows) + blank > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise _too_large()
        rows += [[] for _ in range(blank)]
        rows.append(row)
        blank = 0
    return rows


def _mark(text: str) -> str:
    """The mark that most lines hold most of: neither a title over the table decides, nor the comma of `Lopez, Maria`."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:40]
    return max(
        _MARKS, key=lambda mark: sorted(line.count(mark) for line in lines)[len(lines) // 2] if lines else 0
    )


def _decoded(body: bytes) -> str:
    """By the mark in front (UTF-8, or UTF-16 as Excel's "Unicode text"), else UTF-8, else what Windows writes here."""
    marked = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-16" if marked else "cp1252", "replace")


def _text(cell: str | float | bool | date | datetime | time | timedelta) -> str:
    """A cell as a person reads it: a whole number without its decimals, a day as 2026-11-03, a moment with its time."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = _moment(cell) if isinstance(cell, date | time | timedelta) else str(cell).translate(_UNSEEN)
    # An apostrophe in front is how a spreadsheet keeps text that begins like a formula.
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]
    return " ".join(text.split())[:LONGEST_CELL]


def _moment(cell: date | datetime | time | timedelta) -> str:
    """Excel keeps parts of a day as binary fractions: 14:30 may be half a second less, and is 14:30."""
    if isinstance(cell, timedelta):
        return str(timedelta(seconds=round(cell.total_seconds())))
    if isinstance(cell, time):
        return f"{_whole(datetime.combine(date(2000, 1, 1), cell)):%H:%M:%S}"
    if not isinstance(cell, datetime):
        return cell.isoformat()
    cell = _whole(cell)
    return cell.date().isoformat() if cell.time() == time() else str(cell)


def _whole(moment: datetime) -> datetime:
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def _unreadable() -> Invalid:
    return Invalid(
        "sheet.unreadable", "This file cannot be read.", "Send an Excel sheet (.xlsx) or a CSV file."
    )


def _protected() -> Invalid:
    return Invalid(
        "sheet.protected",
        "This file is protected with a password.",
        "Save it without one, and send it again.",
    )


def _too_large() -> Invalid:
    return Invalid(
        "sheet.too_large",
        "This sheet is too large.",
        f"At most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns go in at once; split the file.",
    )
