"""Reads the first sheet of an Excel file, or a CSV file, as rows of text."""

import codecs
import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from domain.refusals import Invalid

MOST_ROWS = 5_000
MOST_COLUMNS = 60
# One character more than any cell may have: what is cut here is a fault there, and never taken in short.
LONGEST_CELL = 4_001
MOST_TEXT = 20_000_000
# What an Excel file may unpack to: a small file can hold gigabytes of zeros.
LARGEST_UNPACKED = 60 * 1024 * 1024
_ZIP = b"PK\x03\x04"


def rows_of(body: bytes) -> list[list[str]]:
    """Every row of the file, blank ones included, so that row numbers stay those of the sheet.

    Refused as `sheet.unreadable` or `sheet.too_large`.
    """
    rows = _excel(body) if body.startswith(_ZIP) else _csv(body)
    while rows and not any(rows[-1]):
        rows.pop()
    wide = any(len(row) > MOST_COLUMNS for row in rows)
    if len(rows) > MOST_ROWS + 1 or wide or sum(len(cell) for row in rows for cell in row) > MOST_TEXT:
        raise _too_large()
    return rows


def _excel(body: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise _too_large()
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0)
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise _unreadable() from error
    if sheet.total_height > MOST_ROWS + 1 or sheet.total_width > MOST_COLUMNS:
        raise _too_large()
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _csv(body: bytes) -> list[list[str]]:
    """By the mark that parts the first line; quoted cells may hold it."""
    text = _decoded(body)
    if "\0" in text:
        raise _unreadable()
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t|", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise _unreadable() from error
    return [[_text(cell) for cell in row] for row in rows]


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
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time() else str(cell.replace(microsecond=0))
    if isinstance(cell, time):
        cell = cell.replace(microsecond=0)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = cell.isoformat() if isinstance(cell, date | time) else str(cell)
    # An apostrophe in front is how a spreadsheet keeps text that begins like a formula.
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]
    return " ".join(text.split())[:LONGEST_CELL]


def _unreadable() -> Invalid:
    return Invalid(
        "sheet.unreadable", "This file cannot be read.", "Send an Excel sheet (.xlsx) or a CSV file."
    )


def _too_large() -> Invalid:
    return Invalid(
        "sheet.too_large",
        "This sheet is too large.",
        f"At most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns go in at once; split the file.",
    )
