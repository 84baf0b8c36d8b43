"""Every list leaves as CSV and as a workbook that says the same in types."""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from domain.paging import Page
from domain.refusals import Unavailable
from tests.ui.addresses import Closed, lists
from tests.ui.conftest import Both, Visit
from ui.parts import workbook
from ui.parts.spreadsheets import Percent, csv_text, harmless
from ui.parts.workbook import begun, xlsx_of

ZONE = "America/New_York"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")
_MONEY = re.compile(r"-?\d+\.\d\d")
# Sheets that people fill in or mend: their cells stay as they are typed.
AS_TYPED = ("/export/template-", "/export/sheet-faults")
HOSTILE = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "_x0041_",
    "Ünal 😀",
    "a\x07b",
    "http://x.example",
    "x" * 40_000,
]


async def test_every_list_says_the_same_in_excel_as_in_csv_with_types(standing: Both, visit: Visit) -> None:
    for made, other in (standing, standing[::-1]):
        browser = await visit(made.tenant, made.tenant.admin)
        zone, rows = made.tenant.admin.time_zone, 0
        for one in [one for one in lists() if ".csv" in one.path]:
            plain = await browser.http.get(one.address(made.ids))
            sheet = await browser.http.get(one.address(made.ids).replace(".csv", ".xlsx", 1))
            assert plain.status_code == sheet.status_code == 200, one.path
            assert other.mark not in plain.text
            rows += _alike(one, plain.text, sheet.content, zone)
            name = one.path.partition("?")[0].removeprefix("/export/").removesuffix(".csv")
            assert f'"{name}-{made.tenant.subdomain}-20' in sheet.headers["content-disposition"]
        assert rows > 30


def _alike(one: Closed, plain: str, body: bytes, zone: str) -> int:
    expected = list(csv.reader(io.StringIO(plain.removeprefix("\ufeff"))))
    found = _rows(body)
    assert found[0] == expected[0], one.path
    assert len(found) == len(expected), one.path
    for cells, texts in zip(found[1:], expected[1:], strict=True):
        if one.path.startswith(AS_TYPED):
            assert [harmless(str(cell).removesuffix(".0")) for cell in cells] == texts
            continue
        for heading, cell, text in zip(expected[0], cells, texts, strict=True):
            assert _says(cell, text, zone), (one.path, heading, cell, text)
    return len(found) - 1


def _says(cell: Any, text: str, zone: str) -> bool:
    """Whether a cell is the value that CSV spells, in its type."""
    if _MOMENT.fullmatch(text):
        there = datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
        return bool(isinstance(cell, datetime) and cell == there)
    if isinstance(cell, bool):
        return text == ("yes" if cell else "no")
    if isinstance(cell, float):
        return Decimal(repr(cell)) in (Decimal(text), Decimal(text) / 100)
    if isinstance(cell, date):
        return cell.isoformat() == text
    dated = re.fullmatch(r"\d{4}-\d\d-\d\d", text) or _MONEY.fullmatch(text) or text in ("yes", "no")
    return harmless(cell) == text and not dated


def _rows(body: bytes) -> list[list[Any]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


async def _written(rows: list[tuple[object, ...]], headings: tuple[str, ...]) -> bytes:
    async def pages(cursor: str | None, size: int) -> Page[tuple[object, ...]]:
        first = int(cursor or 0)
        return Page(rows[first : first + size], str(first + size) if first + size < len(rows) else None)

    parts: AsyncIterator[bytes] = xlsx_of("A list: of [all]", ZONE, headings, pages, lambda one: one)
    return b"".join([part async for part in parts])


async def test_text_that_looks_like_a_formula_is_text() -> None:
    body = await _written([(one,) for one in HOSTILE], ("Text",))
    assert [row[0] for row in _rows(body)[1:]] == [one.replace("\x07", "\x07")[:32_767] for one in HOSTILE]
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert [harmless(text) for text in ("\n=1", "\uff1d1")] == ["'\n=1", "'\uff1d1"]
    assert csv_text([["=1+1", "-12.50"]]) == "'=1+1,-12.50\r\n"


async def test_values_keep_their_types_and_moments_show_the_askers_zone() -> None:
    summer, winter = datetime(2026, 7, 1, 3, tzinfo=UTC), datetime(2026, 12, 1, 3, tzinfo=UTC)
    row = (
        Decimal("-1234.50"),
        7,
        True,
        Percent(80),
        None,
        date(2026, 2, 28),
        summer,
        winter,
        10**16,
        date(1885, 1, 1),
    )
    body = await _written([row], tuple("abcdefghij"))
    assert _rows(body)[1] == [
        -1234.5, 7.0, True, 0.8, "", date(2026, 2, 28), datetime(2026, 6, 30, 23), datetime(2026, 11, 30, 22),
        "10000000000000000", "1885-01-01",
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        sheet, styles = (packed.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:J2"/>' in sheet
    assert "#,##0.00" in styles
    assert "EDT" in styles
    assert "EST" in styles


async def test_a_list_is_written_in_memory_and_nothing_of_it_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    monkeypatch.setattr(workbook, "_MEMORY", tmp_path)
    monkeypatch.setattr(workbook, "_LEAST_ROOM", 1)
    written: list[list[Path]] = []

    async def pages(cursor: str | None, size: int) -> Page[int]:
        written.append([*tmp_path.iterdir()])
        return Page([*range(size)], None if cursor else "more")

    parts = xlsx_of("A list", ZONE, ("Number",), pages, lambda one: (one,))
    first = await anext(parts)
    await parts.aclose()  # whoever asked has gone away in the middle
    assert first
    assert written[1]
    assert list(tmp_path.iterdir()) == []


async def test_without_room_in_memory_short_lists_are_the_same_and_long_ones_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows: list[tuple[object, ...]] = [(Decimal("1.50"), "=1+1"), (date(2026, 2, 28), "x" * 40_000)]
    expected = _rows(await _written(rows, ("a", "b")))
    monkeypatch.setattr(workbook, "_MEMORY", tmp_path / "nowhere")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert _rows(await _written(rows, ("a", "b"))) == expected
    monkeypatch.setattr(workbook, "MOST_CELLS", 3)

    async def pages(cursor: str | None, size: int) -> Page[tuple[object, ...]]:
        return Page(rows)

    with pytest.raises(Unavailable, match="too long"):
        await begun(xlsx_of("A list", ZONE, ("a", "b"), pages, lambda one: one))


async def test_what_does_not_fit_one_sheet_goes_onto_the_next(monkeypatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 201)
    body = await _written([(number,) for number in range(450)], ("Number",))
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    read = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [len(rows) for rows in read] == [201, 201, 51]
    assert [row[0] for rows in read for row in rows[1:]] == list(range(450))
