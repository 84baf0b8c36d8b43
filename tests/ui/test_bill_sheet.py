"""An institutional claim as it is typed: what the form's text becomes, and what cannot be read."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from domain.refusals import Invalid
from services.claims.views import ClaimDraft
from tests.fixtures.institutional import stay_bill, visit_bill
from ui.claims.bill_draft import bill_draft, bill_sheet
from ui.claims.bill_sheet import BillSheet, columns_of, from_kept

DAY = date(2026, 10, 1)
ONE = UUID(int=1)


def drafted(stay: bool = True) -> ClaimDraft:
    return ClaimDraft(ONE, ONE, ONE, facts=stay_bill(DAY) if stay else visit_bill(DAY))


@pytest.mark.parametrize("stay", [True, False])
def test_the_form_of_a_claim_hands_in_the_same_claim(stay: bool) -> None:
    sheet = bill_sheet(drafted(stay))
    assert bill_draft(sheet) == drafted(stay)
    assert bill_draft(from_kept(sheet.kept())) == drafted(stay)


def test_a_rate_makes_the_charge_of_its_days() -> None:
    sheet = BillSheet()
    sheet.take({"facts.lines.1.rate": "1,200.00", "facts.lines.1.units": "4", "facts.lines.1.unit": "DA"})
    sheet.fill()
    assert (sheet.lines[0]["charge_cents"], sheet.total_cents) == ("4800.00", 480_000)


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        (
            "450\t99283\t25\t10/01/2026\t1\t900.00",
            {"revenue_code": "0450", "procedure": "99283", "modifiers": "25", "service_from": "2026-10-01", "units": "1", "charge_cents": "900.00"},
        ),
        ("0120\t4\t4800.00", {"revenue_code": "0120", "units": "4", "charge_cents": "4800.00"}),
        ("0250\t350.75", {"revenue_code": "0250", "charge_cents": "350.75"}),
    ],
    ids=["emergency", "room", "pharmacy"],
)  # fmt: skip
def test_a_pasted_row_is_read_by_what_stands_in_it(row: str, meant: dict[str, str]) -> None:
    assert columns_of(row.split("\t")) == meant


def test_a_diagnosis_goes_where_it_is_added_and_external_causes_find_their_place() -> None:
    sheet = BillSheet()
    for kind, code in (("diagnosis", "i21.4"), ("diagnosis", "W18.30XA"), ("admitting", "R079"), ("admitting", "R0602"), ("reason", "R079")):  # fmt: skip
        sheet.take({"adding": kind})
        sheet.add_diagnosis(code)
    sheet.take({"adding": "diagnosis"})
    sheet.add_diagnosis("E119")
    sheet.first_diagnosis("diagnosis:E119")
    assert [one["code"] for one in sheet.of_kind("diagnosis")] == ["E119", "I214"]
    assert [one["code"] for one in sheet.of_kind("external")] == ["W1830XA"]
    assert [one["code"] for one in sheet.of_kind("admitting")] == ["R0602"]
    sheet.remove_diagnosis("diagnosis:E119")
    assert [one["code"] for one in sheet.of_kind("diagnosis")] == ["I214"]


def test_what_cannot_be_read_is_told_at_its_field() -> None:
    sheet = bill_sheet(drafted())
    sheet.heads["facts.statement_to"] = "soon"
    sheet.lines[0]["units"] = "four"
    sheet.lines[1]["charge_cents"] = "1.234"
    span = next(row for row in sheet.codes if row["kind"] == "span")
    span["last"] = ""
    with pytest.raises(Invalid) as refusal:
        bill_draft(sheet)
    number = sheet.codes.index(span) + 1
    assert {fault.field for fault in refusal.value.fields} == {
        "facts.statement_to",
        "facts.lines.1.units",
        "facts.lines.2.charge_cents",
        f"codes.{number}.last",
    }


def test_rows_of_codes_repeat_the_kind_and_empty_ones_are_left_out() -> None:
    sheet = bill_sheet(drafted(stay=False))
    sheet.add_code()
    sheet.take({"codes.1.kind": "value", "codes.1.code": "80", "codes.1.amount": "4"})
    sheet.add_code()
    facts = bill_draft(sheet).facts
    assert facts is not None and [(one.code, one.amount) for one in facts.values] == [("80", Decimal(4))]
    assert sheet.codes[1]["kind"] == "value"
    sheet.remove_code(1)
    assert len(sheet.codes) == 1
