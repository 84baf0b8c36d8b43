"""The team as people keep it: a sheet that is mended and taken in, levels and holidays ticked, one's own time away."""

import re
from datetime import UTC, datetime, timedelta

from services.workforce import absences, employees, imports, skills
from services.workforce.employees import EmployeeFacts
from services.workforce.skills import SkillFacts
from tests.fixtures.tenancy import TenantFixture
from tests.ui.conftest import Visit

SHEET = b"Badge,Who,Skill: Denials\n7,Ada Reyes,4\n8,Ben Ortiz,9\n"


async def test_a_sheet_is_mapped_shows_its_fault_at_the_cell_and_is_taken_in(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    await skills.add_skill(north.admin, SkillFacts("Denials"))
    browser = await visit(north, north.admin)
    for body in (SHEET, SHEET.replace(b",9", b",2")):
        kept = await browser.post("/upload/employees", files={"file": ("people.csv", body)})
        assert kept.status == 200, kept.text
    good, bad = (await imports.list_employee_files(north.admin)).items
    tab = await browser.open(f"/team/employees/imports/{bad.id}")
    assert "cannot be read yet" in tab.main
    chosen = {"column_number": "0", "column_name": "1"}
    await tab.do("map", fields=chosen)
    assert "One cell is not right" in tab.main and "C3" in tab.main and "1 to 5" in tab.main
    await tab.do("take_in")
    assert (await employees.list_employees(north.admin)).items == []
    await tab.go(f"/team/employees/imports/{good.id}")
    await tab.do("map", fields=chosen)
    assert "2 new, 0 changed, 0 as known" in tab.main
    await tab.do("take_in")
    assert "2 employees added." in tab.main
    await tab.go("/team/employees")
    assert "Ada Reyes" in tab.main and "Denials 4" in tab.main
    exported = await browser.get("/export/employees.csv")
    assert "7,Ada Reyes" in exported.text and "Denials: 4" in exported.text
    again = await browser.post("/upload/employees", files={"file": ("back.csv", exported.text.encode())})
    assert again.status == 200
    back = (await imports.list_employee_files(north.admin)).items[0]
    assert (await imports.get_employee_file(north.admin, back.id)).same_count == 2
    stranger = await visit(south, south.admin)
    assert (await stranger.get(f"/team/employees/imports/{good.id}")).status == 404


async def test_an_employee_a_team_and_a_calendar_are_kept_on_their_pages(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    skill = await skills.add_skill(north.admin, SkillFacts("Denials"))
    browser = await visit(north, north.admin)
    tab = await browser.open("/team/employees/new")
    fields = {"name": "Ada Reyes", "number": "7", "time_zone": "America/Chicago", "daily_seconds": "99"}
    await tab.do("save", fields={**fields, f"level.{skill.id}": "5"})
    assert "Enter hours from 0 to 24" in tab.main
    await tab.do("save", fields={**fields, "daily_seconds": "7.5", f"level.{skill.id}": "5"})
    (ada,) = (await employees.list_employees(north.admin)).items
    assert (ada.daily_seconds, ada.skills[0].level) == (27_000, 5)
    await tab.go("/team/teams/new")
    await tab.do("save", fields={"name": "Denials", "lead_id": str(ada.id)})
    await tab.go("/team/teams")
    assert "Ada Reyes" in tab.main
    await tab.go("/team/calendars/new")
    week = {f"week.{day}": "09:00-17:00" if day < 5 else "" for day in range(7)}
    await tab.do("save", fields={"name": "Office", "zone": "America/Chicago", "standard": "true", **week})
    await tab.go("/team/calendars")
    address = re.search(r"/team/calendars/[0-9a-f-]{36}", tab.main)
    assert address
    await tab.go(address[0])
    await tab.do("ask_holidays", year="2027")
    assert "Federal holidays of 2027" in tab.regions["over"]
    await tab.do("close_holidays", year="2027", fields={"days": ["2027-11-25", "2027-01-01"]})
    assert "Thanksgiving" in tab.main and "Juneteenth" not in tab.main
    await tab.do("open_day", day="2027-11-25")
    assert "Thanksgiving" not in tab.main
    await tab.go("/team")
    assert "37.5" in tab.main


async def test_a_person_without_any_right_over_the_team_enters_their_own_time_away(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    biller, other = await north.actor("Biller"), await north.actor("Biller")
    browser = await visit(north, biller)
    tab = await browser.open("/away")
    assert "not on the list of employees" in tab.main
    mine = await employees.add_employee(north.admin, EmployeeFacts("1", "Ada", user_id=biller.user_id))
    stand = await employees.add_employee(north.admin, EmployeeFacts("2", "Ben", user_id=other.user_id))
    await tab.go("/away")
    begins = datetime.now(UTC).date() + timedelta(days=3)
    form = {"kind": "leave", "starts_on": begins.isoformat(), "substitute_id": str(stand.id)}
    await tab.do("enter_absence", fields=form)
    assert "Enter the day." in tab.regions["over"]
    await tab.do("enter_absence", fields={**form, "ends_on": begins.isoformat()})
    (entered,) = (await absences.my_time(biller)).absences
    assert (entered.employee_id, entered.substitute_name) == (mine.id, "Ben")
    assert "Ben" in tab.main
    await tab.do("cancel_absence", id=str(entered.id))
    assert "No time away." in tab.main
