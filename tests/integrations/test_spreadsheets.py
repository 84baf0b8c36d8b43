"""Files as people really have them: with titles, merged cells, several sheets, other marks and encodings, broken ones."""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter

from domain.refusals import Invalid
from domain.sheets.columns import guessed, headings_at, headings_row, read_rows
from domain.sheets.kinds import MINUTES, PATIENTS
from integrations.spreadsheets import MOST_ROWS, sheets_of

Sheet = Sequence[Sequence[Any]]


def workbook(*sheets: tuple[str, Sheet], merged: Sequence[tuple[int, ...]] = (), hidden: int = -1) -> bytes:
    """An Excel file of these sheets; a tuple in a cell is a formula with what it came to."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        length = book.add_format({"num_format": "[h]:mm"})
        for number, (name, rows) in enumerate(sheets):
            sheet = book.add_worksheet(name)
            for place in merged:
                sheet.merge_range(*place, "")
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, tuple):
                        sheet.write_formula(row, column, cell[0], None, cell[1])
                    elif isinstance(cell, timedelta):
                        sheet.write_datetime(row, column, cell, length)
                    elif cell != "":
                        sheet.write(row, column, cell)
            if number == hidden:
                sheet.hide()
    return out.getvalue()


def read(columns: Any, rows: list[list[str]]) -> tuple[int, list[Any]]:
    """The row of headings as it is found, and the rows below it."""
    at = headings_row(columns, rows, {})
    return at, read_rows(columns, rows, guessed(columns, headings_at(rows, at)), at)


def test_titles_groups_of_columns_blank_rows_and_headings_printed_again_are_no_patients() -> None:
    rows = [
        ("Lakeside roster, October 2026",),
        (),
        ("Patient", "", "", "Insurance", ""),
        ("MRN", "Patient Name", "DOB", "Insurance", "MBI"),
        (1001, "LOPEZ, MARIA A", "4/12/1951", "Medicare", "1EG4TE5MK73"),
        (),
        ("MRN", "Patient Name", "DOB", "Insurance", "MBI"),
        (1002, "Ortiz, Ben", 18730, "N/A", "-"),
    ]
    ((_, cells),) = sheets_of(workbook(("Roster", rows)))
    at, found = read(PATIENTS, cells)
    assert (at, [row.number for row in found]) == (4, [5, 8])
    assert [row.facts["account_number"] for row in found] == ["1001", "1002"]
    assert found[0].facts["birth_date"] == found[1].facts["birth_date"]
    assert "payer" not in found[1].facts and "member_id" not in found[1].facts


def test_a_cell_merged_over_rows_says_the_same_in_each_of_them() -> None:
    rows = [("Clinic", "Acct", "DOB"), ("Lakeside", 1, "1/2/1950"), ("", 2, "1/3/1950"), ("", 3, "1/4/1950")]
    ((_, cells),) = sheets_of(workbook(("Roster", rows), merged=[(1, 0, 3, 0)]))
    assert [row.facts["practice"] for row in read(PATIENTS, cells)[1]] == ["Lakeside"] * 3


def test_sheets_out_of_sight_and_empty_ones_are_not_read() -> None:
    roster = [("Acct", "DOB"), (1, "1/2/1950")]
    body = workbook(
        ("Notes", [("How to fill this in",)]), ("Old", roster), ("Blank", []), ("Now", roster), hidden=1
    )
    assert [name for name, _ in sheets_of(body)] == ["Notes", "Now"]


def test_lengths_of_time_are_the_same_however_a_sheet_keeps_them_and_a_formula_is_its_value() -> None:
    rows = [
        ("Acct #", "Nurse", "DOS", "Mins"),
        *(
            (1, "Ann Reyes", "10/05/2026", length)
            for length in ("0:25", 25, "25.0", "25 min", timedelta(minutes=25))
        ),
        (1, "Ann Reyes", "10/05/2026", ("=20+5", 25)),
        (1, "Ann Reyes", "10/05/2026", 25.5),
        (1, "Ann Reyes", "10/05/2026", ("=VLOOKUP(1,X:X,2)", "#N/A")),
        (1, "Ann Reyes", "10/05/2026", 0.0173611),
    ]
    ((_, cells),) = sheets_of(workbook(("Time", rows)))
    found = read(MINUTES, cells)[1]
    assert [row.facts.get("seconds") for row in found] == [1500] * 6 + [1530, None, None]
    assert "#N/A" in found[7].faults["seconds"]
    assert "not hours" in found[8].faults["seconds"]


CELLS = (
    ["Acct", "Last name", "First name", "DOB", "City"],
    ["7", "Núñez", "José", "1/2/1950", "Dayton; OH, US"],
)


@pytest.mark.parametrize(
    ("mark", "above", "encoding"),
    [
        (",", "", "utf-8-sig"),
        (",", "", "cp1252"),
        (";", "Roster, as of October, 2026\n\n", "cp1252"),
        (";", "sep=;\r\n", "utf-8"),
        ("\t", "", "utf-16"),
        ("|", "Roster\n", "utf-8"),
    ],
)
def test_every_mark_and_encoding_says_the_same(mark: str, above: str, encoding: str) -> None:
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in CELLS]
    text = above + "\r\n".join(mark.join(row) for row in quoted)
    ((_, rows),) = sheets_of(text.encode(encoding))
    assert [row for row in rows if any(row)][-2:] == [*CELLS]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><table><tr><td>Acct</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "web page"),
        (b'Acct,Note\n1,"said \n2,fine\n', "quotation mark"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "cannot be read"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04" + bytes(60), "cannot be read"),
        (b"Acct\n" * (MOST_ROWS + 2), "too large"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(body: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        sheets_of(body)
    assert refused.value.what_to_do


def test_millions_of_rows_that_hold_nothing_are_none() -> None:
    ((_, rows),) = sheets_of(b"Acct\n\n7\n" + b",\n" * 300_000)
    assert [row for row in rows if row] == [["Acct"], ["7"]]
    assert len(rows) == 3


def test_as_many_rows_as_a_company_has_go_in_at_once() -> None:
    ((_, rows),) = sheets_of(b"Acct\n" + b"7\n" * MOST_ROWS)
    assert len(rows) == MOST_ROWS + 1
