"""Lists as real Excel: typed cells under a frozen heading, sent while they are written.

A hundred thousand rows take the memory of one page of them, and nothing of a list is ever on disk: what leaves holds
PHI, and a temporary file would keep it in clear. Text is kept as text whatever it begins with, so nothing in it runs.
"""

import asyncio
import io
import math
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from domain.paging import LARGEST_PAGE, Page
from ui.parts import workbook_parts as parts
from ui.parts.spreadsheets import Percent, spelled

T = TypeVar("T")
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""Of one sheet; what follows goes onto the next one."""
MOST_TEXT = 32_767
"""Characters of a cell, as Excel has it."""
EXACT = 10**15
"""Excel counts in doubles: a whole number from here on would lose digits, and is kept as text."""
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - what Excel counts from has no zone
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
_NARROWEST, _WIDEST = 8, 60
# XML cannot carry these; Excel writes them as _x0007_, and what looks so already with its line escaped.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


async def xlsx_of(
    title: str,
    zone: str,
    headings: Sequence[str],
    pages: Callable[[str | None, int], Awaitable[Page[T]]],
    cells: Callable[[T], Iterable[object]],
) -> AsyncIterator[bytes]:
    """The bytes of a workbook with the rows of every page; moments in `zone` (IANA)."""
    book, cursor, more = Workbook(title, zone, headings), None, True
    while more:
        found = await pages(cursor, LARGEST_PAGE)
        if sent := await asyncio.to_thread(book.append, [tuple(cells(line)) for line in found.items]):
            yield sent
        cursor, more = found.next, found.next is not None
    yield await asyncio.to_thread(book.close)


class Workbook:
    """One list on its way out. Both methods answer the bytes that are ready, and compute: call them in a thread."""

    def __init__(self, title: str, zone: str, headings: Sequence[str]) -> None:
        self._zone, self._headings = ZoneInfo(zone), headings
        self._title = "".join(" " if one in "[]:*?/\\'" else one for one in title)[:25]
        self._letters = [parts.letters(column) for column in range(len(headings))]
        # The arrow of the filter stands beside the heading's words.
        self._widths = [len(heading) + 3 for heading in headings]
        self._out = _Outgoing()
        # An archive over something that cannot seek says each part's size behind it, so nothing has to be gone back to.
        self._archive = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]
        self._forms: dict[str, int] = {}
        self._sheets: list[str] = []
        self._ends: list[int] = []

    def append(self, rows: Sequence[Sequence[object]]) -> bytes:
        """Write rows below those that are there. Columns are as wide as the first rows ask for."""
        if not self._sheets:
            self._measure(rows)
            self._begin()
        for cells in rows:
            if self._row == MOST_ROWS:
                self._end()
                self._begin()
            self._row += 1
            written = (
                self._cell(f"{column}{self._row}", cell)
                for column, cell in zip(self._letters, cells, strict=True)
            )
            self._sheet.write(f'<row r="{self._row}">{"".join(written)}</row>'.encode())
        return self._out.taken()

    def close(self) -> bytes:
        """Finish the file."""
        self._end()
        last = [f"$A$1:${self._letters[-1]}${row}" for row in self._ends]
        for name, text in parts.around(self._sheets, last, list(self._forms)).items():
            self._archive.writestr(name, text)
        self._archive.close()
        return self._out.taken()

    def _begin(self) -> None:
        number = len(self._sheets) + 1
        self._sheets.append(self._title if number == 1 else f"{self._title} {number}")
        self._sheet = self._archive.open(parts.sheet_name(number), "w")
        self._row = 1
        widths = [min(max(width + 1, _NARROWEST), _WIDEST) for width in self._widths]
        bold = (
            _text(f"{letters}1", heading, parts.HEADING)
            for letters, heading in zip(self._letters, self._headings, strict=True)
        )
        self._sheet.write(f'{parts.sheet_head(widths)}<row r="1">{"".join(bold)}</row>'.encode())

    def _end(self) -> None:
        self._ends.append(self._row)
        self._sheet.write(parts.sheet_foot(f"A1:{self._letters[-1]}{self._row}").encode())
        self._sheet.close()

    def _measure(self, rows: Iterable[Sequence[object]]) -> None:
        for cells in rows:
            for column, cell in enumerate(cells):
                wide = (
                    20 if isinstance(cell, datetime) else len(spelled(cell)) + isinstance(cell, Decimal) * 2
                )
                self._widths[column] = max(self._widths[column], wide)

    def _cell(self, at: str, cell: object) -> str:
        """Each type in one place: what is no number, day or moment that Excel can hold is text."""
        if cell is None or cell == "":
            return ""
        if isinstance(cell, bool):
            return f'<c r="{at}" t="b"><v>{cell:d}</v></c>'
        if isinstance(cell, datetime) and cell.tzinfo and cell.date() > _FIRST_DAY:
            local = cell.astimezone(self._zone)
            since = local.replace(tzinfo=None, microsecond=0) - _DAY_ZERO
            form = f'yyyy-mm-dd hh:mm "{local.tzname()}"'
            return self._number(at, f"{since.days + since.seconds / 86_400:.16g}", form)
        if isinstance(cell, date) and not isinstance(cell, datetime) and cell >= _FIRST_DAY:
            return self._number(at, str((cell - _DAY_ZERO.date()).days), "yyyy-mm-dd")
        if isinstance(cell, Percent):
            return self._number(at, f"{Decimal(cell.value) / 100:f}", "0.##%")
        if (form_of := _number_format(cell)) is not None:
            return self._number(at, f"{cell:f}" if isinstance(cell, Decimal) else str(cell), form_of)
        return _text(at, cell if isinstance(cell, str) else spelled(cell))

    def _number(self, at: str, value: str, form: str) -> str:
        style = self._forms.setdefault(form, len(self._forms) + parts.FIRST_FORM)
        return f'<c r="{at}" s="{style}"><v>{value}</v></c>'


class _Outgoing(io.RawIOBase):
    """What the archive writes to: held until it is sent on."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, some: bytes) -> int:  # type: ignore[override]
        self._held += some
        return len(some)

    def taken(self) -> bytes:
        """What was written since the last time."""
        held, self._held = bytes(self._held), bytearray()
        return held


def _text(at: str, text: str, style: int = 0) -> str:
    sendable = escape(_UNSENDABLE.sub(_spelled_out, text[:MOST_TEXT]))
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{sendable}</t></is></c>'


def _spelled_out(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


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
