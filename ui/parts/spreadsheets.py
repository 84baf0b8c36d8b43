"""Lists as CSV: exactly what a filter shows, page by page, and nothing that a spreadsheet would run.

Cells are values: text, whole numbers, `Decimal` (money and whatever has fixed decimals), `Percent`, dates, aware
moments, yes and no as `bool`, None for nothing. Here is how CSV spells each; `workbook` how Excel keeps each.
"""

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from domain.paging import LARGEST_PAGE, Page

T = TypeVar("T")
# Some countries' spreadsheets run the wide signs as well; a break in front of a sign is left out on reading.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Percent:
    """A share as people say it: 80 is 80 %."""

    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that only this tenant's list has: its heading, and the cell of a row."""

    heading: str
    cell: Callable[[Any], object]


async def csv_of(
    headings: Sequence[str],
    pages: Callable[[str | None, int], Awaitable[Page[T]]],
    cells: Callable[[T], Iterable[object]],
) -> AsyncIterator[str]:
    """The rows of every page, asked for by cursor and size: a hundred thousand cost no more memory than two hundred."""
    # The mark tells spreadsheets that this is UTF-8.
    yield "\ufeff" + csv_text([headings])
    cursor: str | None = None
    while True:
        found = await pages(cursor, LARGEST_PAGE)
        yield csv_text(cells(line) for line in found.items)
        cursor = found.next
        if cursor is None:
            return


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV. Text is made harmless; numbers and dates pass as they are."""
    out = io.StringIO()
    csv.writer(out).writerows([spelled(cell) for cell in row] for row in rows)
    return out.getvalue()


def spelled(cell: object) -> str:
    """A value as CSV writes it: moments and days in ISO 8601, amounts without thousands, `yes` and `no`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Percent):
        return str(cell.value)
    if isinstance(cell, date):  # a moment too
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.12g}"
    return harmless(cell) if isinstance(cell, str) else str(cell)


def harmless(text: str) -> str:
    """A spreadsheet runs what begins like a formula: such text gets an apostrophe in front. Amounts stay numbers."""
    if not text.startswith(_RUNS) or _amount(text):
        return text
    return f"'{text}"


def _amount(text: str) -> bool:
    return text[:1] == "-" and text[1:].replace(".", "", 1).isdigit()
