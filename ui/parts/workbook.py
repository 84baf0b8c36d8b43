"""Lists as real Excel: typed cells under a frozen heading, written row by row, off the event loop.

Nothing of the file reaches a disk, since most lists hold PHI: where the system offers no room in memory, short lists are
held whole and long ones refused. Text is kept as text whatever it begins with, so nothing in it runs.
"""

import asyncio
import io
import math
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from domain.paging import LARGEST_PAGE, Page
from domain.refusals import Unavailable
from ui.parts.spreadsheets import Percent, spelled

T = TypeVar("T")
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""Of one sheet; what follows goes onto the next one."""
MOST_TEXT = 32_767
"""Characters of a cell, as Excel has it."""
EXACT = 10**15
"""Excel counts in doubles: a whole number from here on would lose digits, and is kept as text."""
_CHUNK = 1 << 16
# Linux keeps what is here in memory. Containers give it 64 MB at first, which a long list would fill.
_MEMORY, _LEAST_ROOM = Path("/dev/shm"), 256 << 20
MOST_CELLS = 200_000
"""Of a list that is held whole, at some 350 bytes each: 20,000 rows of ten columns."""
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
_NARROWEST, _WIDEST, _MEASURED = 8, 60, 1_000
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}


async def xlsx_of(
    title: str,
    zone: str,
    headings: Sequence[str],
    pages: Callable[[str | None, int], Awaitable[Page[T]]],
    cells: Callable[[T], Iterable[object]],
) -> AsyncIterator[bytes]:
    """The bytes of a workbook with the rows of every page; moments in `zone` (IANA). Refused as `export.too_long` when
    the list is longer than there is room for."""
    with ExitStack() as stack:
        memory = _in_memory()
        kept = memory and TemporaryDirectory(prefix="caseload-sheet-", dir=memory, ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(kept)) if kept else None
        book = await asyncio.to_thread(Workbook, folder, title, zone, headings)
        cursor: str | None = None
        while True:
            found = await pages(cursor, LARGEST_PAGE)
            await asyncio.to_thread(book.append, [tuple(cells(line)) for line in found.items])
            cursor = found.next
            if cursor is None:
                break
        with await asyncio.to_thread(book.close) as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk


async def begun(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes. Where a list may turn out too long it is written first, so that the refusal comes before the answer
    has begun."""
    return parts if _in_memory() else _after(await anext(parts), parts)


async def _after(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part


class Workbook:
    """One list on its way into a file, or without a folder held whole. Every method blocks: call them in a thread, one
    after the other."""

    def __init__(self, folder: Path | None, title: str, zone: str, headings: Sequence[str]) -> None:
        self._path, self._zone, self._headings = folder and folder / "list.xlsx", ZoneInfo(zone), headings
        self._whole = io.BytesIO()
        by_row = {"constant_memory": True, "tmpdir": str(folder)} if folder else {"in_memory": True}
        self._book = xlsxwriter.Workbook(str(self._path) if self._path else self._whole, _OPTIONS | by_row)
        self._left = MOST_CELLS
        self._title = "".join(" " if one in "[]:*?/\\'" else one for one in title)[:25]
        self._formats: dict[str, Format] = {}
        self._sheets = 0
        self._begin()

    def append(self, rows: Iterable[Sequence[object]]) -> None:
        """Write rows below those that are there."""
        for cells in rows:
            self._left -= len(cells)
            if self._left < 0 and self._path is None:
                raise _too_long()
            if self._row == MOST_ROWS:
                self._end()
                self._begin()
            for column, cell in enumerate(cells):
                self._write(column, cell)
            if self._row <= _MEASURED:
                self._measure(cells)
            self._row += 1

    def close(self) -> Any:
        """Finish the file; opened for reading."""
        self._end()
        self._book.close()
        self._whole.seek(0)
        return self._path.open("rb") if self._path else self._whole

    def _begin(self) -> None:
        self._sheets += 1
        self._sheet: Worksheet = self._book.add_worksheet(
            self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        )
        bold = self._book.add_format({"bold": True, "bottom": 1})
        for column, heading in enumerate(self._headings):
            self._sheet.write_string(0, column, heading, bold)
        self._sheet.freeze_panes(1, 0)
        # The arrow of the filter stands beside the heading's words.
        self._widths = [len(heading) + 3 for heading in self._headings]
        self._row = 1

    def _end(self) -> None:
        last = len(self._headings) - 1
        self._sheet.autofilter(0, 0, self._row - 1, last)
        # Ids made of digits are text on purpose: no green corner on every one.
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(last)}{self._row}"})
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, min(max(width + 1, _NARROWEST), _WIDEST))

    def _measure(self, cells: Sequence[object]) -> None:
        for column, cell in enumerate(cells):
            wide = 20 if isinstance(cell, datetime) else len(spelled(cell)) + isinstance(cell, Decimal) * 2
            self._widths[column] = max(self._widths[column], wide)

    def _write(self, column: int, cell: object) -> None:
        """Each type in one place: what is no number, day or moment that Excel can hold is text."""
        if cell is None or cell == "":
            return
        at, sheet = (self._row, column), self._sheet
        if isinstance(cell, bool):
            sheet.write_boolean(*at, cell)
        elif isinstance(cell, datetime) and cell.tzinfo and cell.date() > _FIRST_DAY:
            local = cell.astimezone(self._zone)
            form = self._format(f'yyyy-mm-dd hh:mm "{local.tzname()}"')
            sheet.write_datetime(*at, local.replace(tzinfo=None, microsecond=0), form)
        elif isinstance(cell, date) and not isinstance(cell, datetime) and cell >= _FIRST_DAY:
            sheet.write_datetime(*at, cell, self._format("yyyy-mm-dd"))
        elif isinstance(cell, Percent):
            sheet.write_number(*at, Decimal(cell.value) / 100, self._format("0.##%"))
        elif (form_of := _number_format(cell)) is not None:
            sheet.write_number(*at, cell, self._format(form_of))
        else:
            sheet.write_string(*at, (cell if isinstance(cell, str) else spelled(cell))[:MOST_TEXT])

    def _format(self, code: str) -> Format:
        if code not in self._formats:
            self._formats[code] = self._book.add_format({"num_format": code})
        return self._formats[code]


def _number_format(cell: object) -> str | None:
    """How a number is shown: a `Decimal` with the decimals that it has. None: it is kept as text."""
    if isinstance(cell, int):
        return "0" if abs(cell) < EXACT else None
    if isinstance(cell, float):
        return "General" if math.isfinite(cell) else None
    if not isinstance(cell, Decimal) or not cell.is_finite() or len(cell.as_tuple().digits) > 15:
        return None
    exponent = cell.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _too_long() -> Unavailable:
    return Unavailable(
        "export.too_long",
        f"This list is too long for Excel here: more than {MOST_CELLS:,} cells.",
        "Take it as CSV, or narrow it with filters. Who runs the system can give it 256 MB of shared memory (/dev/shm).",
    )


def _in_memory() -> Path | None:
    """Where a file is memory and no disk; None where the system offers no such place with room."""
    try:
        return _MEMORY if shutil.disk_usage(_MEMORY).free >= _LEAST_ROOM else None
    except OSError:
        return None
