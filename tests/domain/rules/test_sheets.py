"""Editing a sheet: cells, rows, and what is pasted from a spreadsheet."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.rules.sheets import Sheet, SheetRow, copied, delete, insert, move, paste, set_cells

SHEET = Sheet(("a", "b"), (SheetRow("1", {"a": "x"}), SheetRow("2", {"b": "y"}), SheetRow("3")))
NEW = ("n1", "n2", "n3", "n4")


def ids(sheet: Sheet) -> list[str]:
    return [row.id for row in sheet.rows]


def test_cells_are_set_and_emptied_and_the_sheet_before_stays_as_it_was() -> None:
    after = set_cells(SHEET, [("1", "a", " "), ("1", "b", " new "), ("9", "a", "?"), ("2", "c", "?")])
    assert after.rows[0].cells == {"b": "new"}
    assert after.rows[1:] == SHEET.rows[1:]
    assert SHEET.rows[0].cells == {"a": "x"}


def test_rows_are_inserted_moved_and_deleted() -> None:
    assert ids(insert(SHEET, 1, ["n", "1", "no good!"])) == ["1", "n", "2", "3"]
    assert ids(move(SHEET, "1", 1)) == ["2", "1", "3"]
    assert ids(move(SHEET, "3", 5)) == ids(SHEET) == ids(move(SHEET, "9", 1))
    assert ids(delete(SHEET, ["2", "9"])) == ["1", "3"]


def test_a_whole_row_pasted_from_a_spreadsheet_fills_cells_to_the_right_and_adds_rows_that_lack() -> None:
    after = paste(SHEET, "3", "a", "p\tq\tbeyond\r\nr\t\r\n", NEW)
    assert ids(after) == ["1", "2", "3", "n1"]
    assert after.rows[2].cells == {"a": "p", "b": "q"}
    assert after.rows[3].cells == {"a": "r"}
    assert ids(paste(Sheet(("a",)), "", "a", "1\n2", NEW)) == ["n1", "n2"]


def test_cells_in_quotes_are_read_as_spreadsheets_copy_them_and_tests_with_quotes_stay() -> None:
    assert copied('"a ""b"""\t"two\nlines"\t> 5') == [['a "b"', "two lines", "> 5"]]
    assert copied('"A","B"\tcontains($, "x")') == [['"A","B"', 'contains($, "x")']]
    assert copied("") == [[""]]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.text(alphabet='ab"$> 5', max_size=6), min_size=2, max_size=2), min_size=1, max_size=5
    )
)
def test_whatever_is_pasted_no_row_is_lost_and_no_id_is_there_twice(matrix: list[list[str]]) -> None:
    after = paste(SHEET, "2", "a", "\n".join("\t".join(line) for line in matrix), NEW)
    assert ids(after)[:3] == ids(SHEET)
    assert len(set(ids(after))) == len(after.rows)
