"""A claim as it is typed: rows of a spreadsheet, pointers as people write them, and faults at their fields."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from domain.refusals import Invalid
from ui.claims.sheet import Sheet, columns_of, draft_of, from_draft, from_kept

IDS = {"patient_id": str(uuid4()), "coverage_id": str(uuid4()), "client_id": str(uuid4())}


def filled(**line: str) -> Sheet:
    """A sheet with one line that could be handed in."""
    sheet = Sheet(**IDS, diagnoses=["E119"])
    sheet.lines[0].update(
        {"service_from": "2026-11-02", "procedure": "99213", "charge_cents": "125.00", **line}
    )
    return sheet


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("11/02/2026\t99213\t25\t1,2\t1\t125.00", {"service_from": "2026-11-02", "service_to": "2026-11-02", "procedure": "99213", "modifiers": "25", "pointers": "1,2", "units": "1", "charge_cents": "125.00"}),
        ("2026-11-02\t2026-11-03\t11\t99213\t\t1\t2\t80", {"service_from": "2026-11-02", "service_to": "2026-11-03", "place_of_service": "11", "procedure": "99213", "pointers": "1", "units": "2", "charge_cents": "80"}),
        ("99213\t1\t125", {"procedure": "99213", "units": "1", "charge_cents": "125"}),
        ("99213", {"procedure": "99213"}),
    ],
)  # fmt: skip
def test_a_row_of_a_spreadsheet_finds_its_columns(row: str, found: dict[str, str]) -> None:
    assert columns_of(row.split("\t")) == found


def test_pasting_three_rows_makes_three_lines_from_the_one_where_the_cursor_stands() -> None:
    sheet = filled()
    count = sheet.paste(
        "11/02/2026\t99214\t\t1\t1\t150\r\n11/03/2026\t93000\t\t1\t1\t40\n\n11/03/2026\t36415\t\t1\t1\t12", 2
    )
    assert count == 3
    assert [line["procedure"] for line in sheet.lines] == ["99213", "99214", "93000", "36415"]
    assert sheet.total_cents == 12500 + 15000 + 4000 + 1200


def test_a_new_line_repeats_date_place_and_pointers_but_not_what_was_done() -> None:
    sheet = filled(place_of_service="22", pointers="1")
    sheet.add_line()
    assert sheet.lines[1]["service_from"] == "2026-11-02"
    assert sheet.lines[1]["place_of_service"] == "22"
    assert sheet.lines[1]["procedure"] == sheet.lines[1]["charge_cents"] == ""


def test_empty_lines_at_the_end_are_not_handed_in() -> None:
    sheet = filled()
    sheet.add_line()
    assert len(draft_of(sheet).lines) == 1


@pytest.mark.parametrize(
    ("typed", "meant"), [("1,2", (1, 2)), ("1 3", (1, 3)), ("AC", (1, 3)), ("", ()), ("12", (12,))]
)
def test_pointers_are_numbers_or_the_letters_of_the_paper_form(typed: str, meant: tuple[int, ...]) -> None:
    assert draft_of(filled(pointers=typed)).lines[0].pointers == meant


def test_what_cannot_be_read_is_refused_at_its_field_all_at_once() -> None:
    sheet = filled(charge_cents="12.345", pointers="x1", units="one", service_from="yesterday")
    sheet.coverage_id = ""
    with pytest.raises(Invalid) as refused:
        draft_of(sheet)
    assert {fault.field for fault in refused.value.fields} == {
        "coverage_id",
        "lines.1.charge_cents",
        "lines.1.pointers",
        "lines.1.units",
        "lines.1.service_from",
    }


@pytest.mark.parametrize(
    ("typed", "cents"), [("125", 12500), ("$1,250.5", 125050), ("0.01", 1), (" 80.00 ", 8000)]
)
def test_amounts_are_read_as_people_type_them(typed: str, cents: int) -> None:
    assert draft_of(filled(charge_cents=typed)).lines[0].charge_cents == cents


def test_a_draft_survives_the_store_and_a_claim_comes_back_as_it_was() -> None:
    sheet = filled(modifiers="25, 59", units="2.5", service_to="2026-11-04")
    draft = draft_of(from_kept(sheet.kept()))
    assert draft.lines[0].modifiers == ("25", "59")
    assert draft.lines[0].units == Decimal("2.5")
    assert draft.lines[0].service_to == date(2026, 11, 4)
    assert draft.patient_id == UUID(IDS["patient_id"])
    assert draft_of(from_draft(draft)) == draft


def test_a_box_that_was_unticked_is_told_from_one_that_was_not_shown() -> None:
    sheet = filled()
    sheet.take({"lines.1.units": "1"})
    assert draft_of(sheet).accepts_assignment
    sheet.take({"has_assignment": "1", "lines.1.units": "1"})
    assert not draft_of(sheet).accepts_assignment
