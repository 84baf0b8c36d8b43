"""Sheets of employees: every fault at its cell, all or nothing, and the same sheet again changes nothing."""

import io
import zipfile

import pytest

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.rules.custom_fields import Subject
from domain.rules.fields import FieldType
from services.rules import custom_fields
from services.rules.custom_fields import CustomFieldFacts, NewCustomField
from services.sheets.staging import LARGEST_BYTES
from services.workforce import employees, imports, skills, teams
from services.workforce.skills import SkillFacts
from services.workforce.teams import TeamFacts
from tests.fixtures.tenancy import TenantFixture

SHEET = """Employee no,Full name,E-mail,Department,Skills,Skill: Coding,Hired,Hours
7,Ada Reyes,ADA@north.example,Billing,Denials: 4,2,11/03/2025,7.5
8,Ben Ortiz,,billing,,,2025-01-15,
"""
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="People" sheetId="1" r:id="s"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}


def excel(text: str) -> bytes:
    """The cells of a CSV text as an Excel sheet; digits become numbers, as a spreadsheet keeps them."""
    rows = []
    for line in text.splitlines():
        cells = [
            f"<c><v>{cell}</v></c>" if cell.isdigit() else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
            for cell in line.split(",")
        ]
        rows.append(f"<row>{''.join(cells)}</row>")
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{"".join(rows)}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, part in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            packed.writestr(name, part)
    return out.getvalue()


async def named(tenant: TenantFixture) -> None:
    """What the sheet names."""
    await teams.add_team(tenant.admin, TeamFacts("Billing"))
    for name in ("Denials", "Coding"):
        await skills.add_skill(tenant.admin, SkillFacts(name))


async def test_an_excel_sheet_and_a_csv_of_the_same_cells_come_to_the_same(
    north: TenantFixture, south: TenantFixture
) -> None:
    await named(north)
    first = await imports.stage_employee_file(north.admin, "people.xlsx", excel(SHEET))
    assert (first.problem, first.faults, first.new_count) == ("", [], 2)
    taken = await imports.take_in_employee_file(north.admin, first.id)
    assert (taken.line.added, taken.line.changed, taken.line.same) == (2, 0, 0)
    ada, ben = (await employees.list_employees(north.admin)).items
    assert (ada.number, ada.email, ada.team_name, ada.daily_seconds) == (
        "7",
        "ada@north.example",
        "Billing",
        27_000,
    )
    assert [(one.name, one.level) for one in ada.skills] == [("Coding", 2), ("Denials", 4)]
    assert (ben.team_name, ben.skills, ben.daily_seconds) == ("Billing", [], 28_800)
    again = await imports.stage_employee_file(north.admin, "people.csv", SHEET.encode())
    assert (again.new_count, again.changed_count, again.same_count) == (0, 0, 2)
    done = await imports.take_in_employee_file(north.admin, again.id)
    assert done.line.same == 2
    assert (await employees.list_employees(north.admin)).items == [ada, ben]
    with pytest.raises(Conflict):
        await imports.take_in_employee_file(north.admin, again.id)
    for way in (imports.get_employee_file, imports.take_in_employee_file, imports.discard_employee_file):
        with pytest.raises(NotFound):
            await way(south.admin, first.id)
    with pytest.raises(NotAllowed):
        await imports.stage_employee_file(await north.actor("Biller"), "x.csv", SHEET.encode())


async def test_one_wrong_cell_keeps_every_row_out(north: TenantFixture, south: TenantFixture) -> None:
    await named(north)
    wrong = SHEET + "8,Ben Again,,Billing,,,,\n9,,no-address,Nowhere,Juggling: 3,9,2025-13-40,99\n"
    made = await imports.stage_employee_file(north.admin, "people.csv", wrong.encode())
    cells = {(one.row, made.headings[one.column]) for one in made.faults}
    columns = ("Full name", "E-mail", "Department", "Skills", "Skill: Coding", "Hired", "Hours")
    assert cells == {(4, "Employee no"), *((5, column) for column in columns)}
    assert [row.number for row in made.rows] == [4, 5, 2, 3]
    with pytest.raises(Invalid, match="nothing was taken in"):
        await imports.take_in_employee_file(north.admin, made.id)
    assert (await employees.list_employees(north.admin)).items == []
    # Without those columns, and with the second number read as a name's, nothing is in the way of a good sheet.
    put_away = await imports.discard_employee_file(north.admin, made.id)
    assert put_away.line.status == "discarded"


async def test_only_what_the_columns_say_changes(north: TenantFixture, south: TenantFixture) -> None:
    await named(north)
    first = await imports.stage_employee_file(north.admin, "people.csv", SHEET.encode())
    await imports.take_in_employee_file(north.admin, first.id)
    more = b"Badge;Who;Skill: Denials\n7;Ada Reyes;\n8;Ben Ortiz;3\n"
    made = await imports.stage_employee_file(north.admin, "more.csv", more)
    assert "name" in made.problem
    mapped = await imports.map_employee_columns(north.admin, made.id, {"number": 0, "name": 1})
    assert (mapped.new_count, mapped.changed_count, mapped.same_count) == (0, 2, 0)
    await imports.take_in_employee_file(north.admin, made.id)
    ada, ben = (await employees.list_employees(north.admin)).items
    assert [(one.name, one.level) for one in ada.skills] == [("Coding", 2)]
    assert ada.email == "ada@north.example" and ada.version == 2
    assert [(one.name, one.level) for one in ben.skills] == [("Denials", 3)]


async def test_fields_that_the_company_added_come_with_the_sheet(
    north: TenantFixture, south: TenantFixture
) -> None:
    wage = CustomFieldFacts("Hourly wage", FieldType.CENTS)
    await custom_fields.add_custom_field(north.admin, NewCustomField(Subject.EMPLOYEE, "wage", wage))
    sheet = b"Our people\n\nNumber,Name,Hourly wage\n7,Ada Reyes,$31.50\n8,Ben Ortiz,a lot\n"
    made = await imports.stage_employee_file(north.admin, "people.csv", sheet)
    assert (made.headings_row, [one.message for one in made.faults]) == (3, ["Enter: amount of money."])
    made = await imports.stage_employee_file(north.admin, "people.csv", sheet.replace(b"a lot", b""))
    await imports.take_in_employee_file(north.admin, made.id)
    ada, ben = (await employees.list_employees(north.admin)).items
    assert (ada.custom, ben.custom) == ({"wage": 3150}, {})
    again = await imports.stage_employee_file(north.admin, "again.csv", sheet.replace(b"a lot", b"20"))
    assert (again.same_count, again.changed_count) == (1, 1)
    assert "custom_wage" not in (await imports.stage_employee_file(south.admin, "people.csv", sheet)).fields


async def test_two_thousand_rows_go_in_at_once(north: TenantFixture, south: TenantFixture) -> None:
    rows = "".join(f"{number},Person {number},Biller\n" for number in range(2_000))
    made = await imports.stage_employee_file(north.admin, "all.csv", f"Number,Name,Title\n{rows}".encode())
    taken = await imports.take_in_employee_file(north.admin, made.id)
    assert (taken.line.added, taken.row_count, taken.same_count) == (2_000, 2_000, 2_000)
    assert (await employees.list_employees(south.admin)).items == []


@pytest.mark.parametrize(
    "body", [b"  ", b"PK\x03\x04 no sheet", b"a\0b", b",,\n,,\n", b"x" * (LARGEST_BYTES + 1)]
)
async def test_what_is_no_sheet_is_refused(north: TenantFixture, body: bytes) -> None:
    with pytest.raises(Invalid):
        await imports.stage_employee_file(north.admin, "people.xlsx", body)
