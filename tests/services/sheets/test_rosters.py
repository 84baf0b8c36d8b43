"""Rosters of patients: new, known and wrong rows, enrolments brought on, once however often."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.rules.custom_fields import Subject
from domain.rules.fields import FieldType
from services.care import enrolments, profiles
from services.care.profiles import CoordinatorFacts
from services.clientele import clients, coverages, patients
from services.clientele.clients import ClientFacts
from services.rules import custom_fields
from services.rules.custom_fields import CustomFieldFacts, NewCustomField
from services.sheets import imports
from services.sheets.staging import LARGEST_BYTES
from tests.fixtures.care import CareDesk
from tests.fixtures.exchange import CLIENT, Exchange
from tests.fixtures.sheets import ROSTER, comma, excel, stage, taken, worked
from tests.fixtures.tenancy import TenantFixture


def line(desk: CareDesk, **said: Any) -> list[Any]:
    """A row of the roster: everything that brings somebody to a consent."""
    day = date.today()
    row = dict(zip(ROSTER, (
        "Hill Family Practice", "M-1", "Lopez, Maria A", date(1951, 4, 12), "Female", "120 Main Street", "Dayton", "OH", 45402,
        "(937) 555-0142", "Hill Payer", "1EG4TE5MK73", "CCM", "E11.9; I10", 12, "yes", day - timedelta(days=30),
        day - timedelta(days=20), "Verbal", "The patient", "all", 1987654328, desk.actor.name, "Spanish", 4,
    ), strict=True)) | said  # fmt: skip
    return list(row.values())


async def desk_of(exchange: Exchange) -> CareDesk:
    """A care desk whose coordinator's e-mail stands for her in rows."""
    desk = await CareDesk(exchange).open()
    await exchange.tenant.owner.execute("UPDATE payers SET name = 'Hill Payer' WHERE tenant_id = $1", exchange.tenant.tenant_id)  # fmt: skip
    return desk


async def email_of(desk: CareDesk) -> str:
    return str(
        await desk.exchange.tenant.owner.fetchval("SELECT email FROM users WHERE id = $1", desk.actor.user_id)
    )


async def test_a_roster_brings_patients_coverages_and_enrolments_once(
    here: Exchange, there: Exchange
) -> None:
    desk, other = await desk_of(here), await desk_of(there)
    rows = [ROSTER, line(desk, **{"Care Coordinator": await email_of(desk)})]
    rows.append(line(desk, MRN="M-2", **{"Pt Name": "Ben Ortiz", "Care Coordinator": "", "Program": "", "Conditions": "", "Consent Date": "", "AWV": "", "MBI": "9XX"}))  # fmt: skip
    made = await stage(desk.admin, "patients", excel(rows))
    assert (made.problem, made.faults, made.new_count) == ("", [], 2)
    assert made.rows[0].words == "new patient; coverage; CCM; then at “Care plan due”; profile"
    done = await taken(desk, made.id)
    assert (done.line.status, done.line.added, done.line.refused, done.line.done) == ("taken", 2, 0, 2)
    (maria,) = await patients.search_patients(desk.admin, "M-1")
    assert (maria.name, maria.birth_date, maria.sex, maria.postal_code, maria.phone) == (
        "Lopez, Maria A", date(1951, 4, 12), "F", "45402", "9375550142",
    )  # fmt: skip
    covered = (await coverages.list_coverages(desk.admin, maria.id)).items
    assert [one.member_id for one in covered] == ["1EG4TE5MK73"]
    (care,) = [one for one in (await enrolments.list_care(desk.admin)).items if one.patient_id == maria.id]
    assert (care.programme, care.coordinator_id) == ("ccm", desk.actor.user_id)
    shown = await enrolments.get_care(desk.admin, care.id)
    assert [one.event for one in reversed(shown.history)] == ["eligible", "visited", "consented"]
    assert shown.history[0].said["given_by"] == "The patient"
    profile = "SELECT language, risk FROM care_profiles WHERE patient_id = $1"
    assert tuple(await desk.exchange.one(profile, maria.id)) == ("Spanish", 4)
    # The same again, as CSV and with more in it: known, and the change alone is written.
    rows[2][rows[0].index("City")] = "Akron"
    again = await stage(desk.admin, "patients", comma(rows), "roster.csv")
    assert (again.faults, again.same_count, again.changed_count) == ([], 1, 1)
    done = await taken(desk, again.id)
    assert (done.line.added, done.line.changed, done.line.same) == (0, 1, 1)
    assert (await patients.search_patients(desk.admin, "M-2"))[0].city == "Akron"
    assert len((await enrolments.get_care(desk.admin, care.id)).history) == 3
    with pytest.raises(Conflict):
        await imports.take_in_sheet(desk.admin, made.id)
    for way in (imports.get_sheet, imports.take_in_sheet, imports.discard_sheet, imports.faulty_rows):
        with pytest.raises(NotFound):
            await way(other.admin, made.id)
    assert await patients.search_patients(other.admin, "Lopez") == []
    with pytest.raises(NotAllowed):
        await imports.get_sheet(await here.tenant.actor("View-Only"), made.id)


async def test_whom_nobody_has_goes_to_the_named_coordinator_only_with_the_licence_of_the_state(
    here: Exchange, there: Exchange
) -> None:
    desk, other = await desk_of(here), await desk_of(there)
    row = line(desk, **{"Care Coordinator": ""})
    await taken(desk, (await stage(desk.admin, "patients", comma([ROSTER, row]))).id)
    [care] = (await enrolments.list_care(desk.admin)).items
    assert desk.actor.user_id and care.coordinator_id is None
    assert (await enrolments.list_care(other.admin)).items == []
    row[ROSTER.index("Care Coordinator")] = await email_of(desk)
    for states, refused, changed in (("TX",), 1, 0), (("TX", "OH"), 0, 1):
        await profiles.save_coordinator(desk.admin, desk.actor.user_id, CoordinatorFacts(states=states))
        row[ROSTER.index("City")] = states[-1]  # a sheet of the same content would be the same sheet
        done = await taken(desk, (await stage(desk.admin, "patients", comma([ROSTER, row]))).id)
        assert (done.line.refused, done.line.changed) == (refused, changed)
    now = await here.one(
        "SELECT coordinator_id, coordinator_since FROM care_enrolments WHERE id = $1", care.id
    )
    assert now["coordinator_id"] == desk.actor.user_id and now["coordinator_since"] is not None


async def test_every_fault_stands_at_its_cell_and_keeps_the_sheet_out_unless_rows_are_left_out(
    here: Exchange, there: Exchange
) -> None:
    desk = await desk_of(here)
    email = await email_of(desk)
    good = line(desk, **{"Care Coordinator": email})
    wrong: dict[str, tuple[Any, str]] = {
        "Clinic": ("Nowhere Clinic", "no such practice"),
        "Pt Name": ("=cmd|' /C calc'!A0", "looks like a formula"),
        "DOB": ("13/45/1951", "Enter a date"),
        "Gender": ("x", "Enter female"),
        "Zip": ("1", "ZIP code"),
        "Primary Insurance": ("No Payer", "no such payer"),
        "Program": ("XYZ", "CCM, PCM or APCM"),
        "Conditions": ("I10", "at least 2 chronic"),
        "Consent Type": ("thought", "spoken or written"),
        "Explained": ("service", "must have been told"),
        "PCP NPI": ("1234567890", "NPI"),
        "Care Coordinator": ("nobody@example.org", "Nobody with this e-mail"),
        "Language": ("Klingon", "language"),
        "Street Address": ("x" * 5_000, "at most"),
        "City": ("Day\ufffdton", "could not be read"),
    }
    rows: list[Any] = [ROSTER, good]
    for number, (heading, (cell, _)) in enumerate(wrong.items()):
        row = {**dict(zip(ROSTER, good, strict=True)), "MRN": f"W-{number}", "DOB": date(1950, 1, number + 1)}
        rows.append(list((row | {heading: cell}).values()))
    rows.append(good)  # twice the same number
    made = await stage(desk.admin, "patients", comma(rows))
    told = {(one.row, made.headings[one.column]): one.message for one in made.faults}
    for number, (heading, (_, words)) in enumerate(wrong.items(), 3):
        assert words in told[number, heading], heading
    assert "Row 2 has this account number" in told[len(rows), "MRN"]
    with pytest.raises(Invalid, match="nothing was taken in"):
        await imports.take_in_sheet(desk.admin, made.id)
    faulty = await imports.faulty_rows(desk.admin, made.id)
    assert len(faulty.items) == made.faulty_rows == len(wrong) + 1
    done = await taken(desk, made.id, leave_out=True)
    assert (done.line.added, done.line.left_out, done.line.total) == (1, len(wrong) + 1, 1)
    assert len(await patients.search_patients(desk.admin, "Lopez")) == 1


async def test_columns_are_remembered_and_a_permission_that_ended_stops_the_sheet(
    here: Exchange, there: Exchange
) -> None:
    desk = await desk_of(here)
    # It has no headings: its first row, which names somebody, is remembered in their place.
    rows = [["X-9", "Garcia, Ann", "01/02/1950", "F", "1 Main", "Dayton", "OH", "45402", "x"]]
    rows += [[f"X-{n}", f"Person{n}, Ann", f"0{n + 1}/02/1950", "F", "1 Main", "Dayton", "OH", "45402", "x"] for n in range(3)]  # fmt: skip
    made = await stage(desk.admin, "patients", comma(rows))
    assert "birth date" in made.problem
    names = ("account_number", "name", "birth_date", "sex", "line1", "city", "state", "postal_code")
    mapped = await imports.map_sheet(desk.admin, made.id, {name: n for n, name in enumerate(names)})
    assert (mapped.problem, mapped.new_count) == ("", 3)
    again = await stage(desk.admin, "patients", comma([*rows, rows[1][:-1]]))
    assert again.mapping == mapped.mapping
    kept = await here.rows("SELECT * FROM sheet_headings")
    assert len(kept) == len(rows[0]) and "garcia" not in str(kept).lower()
    helper = await here.tenant.actor("Tenant Admin")
    await imports.take_in_sheet(helper, made.id)
    await here.tenant.owner.execute(
        "UPDATE memberships SET status = 'ended' WHERE user_id = $1", helper.user_id
    )
    stopped = await worked(desk, made.id)
    assert (stopped.line.status, stopped.line.done) == ("stopped", 0)
    await imports.go_on_with_sheet(desk.admin, made.id)
    assert (await worked(desk, made.id)).line.added == 3


async def test_nobody_is_written_over_somebody_else_who_has_the_same_number(
    here: Exchange, there: Exchange
) -> None:
    desk = await desk_of(here)
    email = await email_of(desk)
    first = line(desk, **{"Care Coordinator": email})
    await taken(desk, (await stage(desk.admin, "patients", comma([ROSTER, first]))).id)
    rows = [
        ROSTER,
        line(desk, **{"Pt Name": "Ben Ortiz", "DOB": date(1948, 2, 1), "Care Coordinator": ""}),
    ]
    made = await stage(desk.admin, "patients", comma(rows))
    assert [(made.headings[one.column], one.message) for one in made.faults if "Another patient" in one.message] == [
        ("MRN", "Another patient here has this number. Practices number their patients alike: put something of the practice in front.")
    ]  # fmt: skip
    # Somebody who married has another name and the same birth date: that is the same person.
    rows[1] = line(
        desk, **{"Pt Name": "Hill, Maria A", "DOB": "4/12/51", "Care Coordinator": desk.actor.name}
    )
    made = await stage(desk.admin, "patients", comma(rows))
    assert (made.faults, made.changed_count, made.rows[0].words) == ([], 1, "facts change")


async def test_headings_below_a_title_are_found_and_another_row_can_be_said(
    here: Exchange, there: Exchange
) -> None:
    desk, other = await desk_of(here), await desk_of(there)
    rows = [
        ["Lakeside Family Medicine"],
        [],
        ["Acct", "Name", "Born", "Sex"],
        ["7", "Ortiz, Ben", "2/1/1948", "M"],
    ]
    made = await stage(desk.admin, "patients", comma(rows))
    assert (made.headings_row, made.mapping["account_number"]) == (3, 0)
    moved = await imports.map_sheet(desk.admin, made.id, {}, headings_row=1)
    assert (moved.headings_row, moved.headings, moved.mapping) == (1, ["Lakeside Family Medicine"], {})
    back = await imports.map_sheet(desk.admin, made.id, {}, headings_row=3)
    assert back.mapping == made.mapping
    for row in (0, 2, 5):
        with pytest.raises(Invalid, match="no headings in this row"):
            await imports.map_sheet(desk.admin, made.id, {}, headings_row=row)
    with pytest.raises(NotFound):
        await imports.map_sheet(other.admin, made.id, {}, headings_row=1)
    gone = await imports.discard_sheet(desk.admin, made.id)
    assert (gone.line.status, gone.headings, gone.rows) == ("discarded", [], [])


async def test_what_no_cell_says_holds_for_every_row_once_it_is_given(
    here: Exchange, there: Exchange
) -> None:
    desk = await desk_of(here)
    second = replace(CLIENT, name="Lake Clinic", npi="1245319599")
    await clients.add_client(
        desk.admin, ClientFacts(**{name: getattr(second, name) for name in CLIENT.__slots__})
    )
    rows = [["Acct", "Name", "DOB", "Sex", "Street", "City", "State", "Zip"]]
    rows += [["G-7", "Ortiz, Ben", "2/1/1948", "M", "1 Main", "Dayton", "OH", "45402"]]
    made = await stage(desk.admin, "patients", comma(rows))
    assert [one.message for one in made.faults] == ["Say which practice this patient belongs to."]
    told = await imports.map_sheet(desk.admin, made.id, made.mapping, given={"practice": " Lake  Clinic"})
    assert (told.faults, told.given) == ([], {"practice": "Lake Clinic"})
    with pytest.raises(Invalid, match="every row"):
        await imports.map_sheet(desk.admin, made.id, made.mapping, given={"birth_date": "2/1/1948"})
    await taken(desk, made.id)
    assert [one.client_name for one in await patients.search_patients(desk.admin, "Ortiz")] == ["Lake Clinic"]


async def test_a_sheet_that_is_stopped_goes_on_or_leaves_its_rest_out(
    here: Exchange, there: Exchange
) -> None:
    desk, other = await desk_of(here), await desk_of(there)
    rows = [["Acct", "Name", "DOB", "Sex", "Street", "City", "State", "Zip"]]
    rows += [[f"S-{n}", f"Person{n}, Ann", f"01/{n + 1:02}/1950", "F", "1 Main", "Dayton", "OH", "45402"] for n in range(3)]  # fmt: skip
    made = await stage(desk.admin, "patients", comma(rows))
    with pytest.raises(Conflict):
        await imports.stop_sheet(desk.admin, made.id)
    await imports.take_in_sheet(desk.admin, made.id)
    with pytest.raises(NotFound):
        await imports.stop_sheet(other.admin, made.id)
    await imports.stop_sheet(desk.admin, made.id)
    stopped = await worked(desk, made.id)
    assert (stopped.line.status, stopped.line.done) == ("stopped", 0)
    left = await imports.discard_sheet(desk.admin, made.id)
    assert (left.line.status, left.line.total, left.line.left_out) == ("taken", 0, 3)
    assert await patients.search_patients(desk.admin, "Person") == []


async def test_fields_that_a_tenant_added_come_with_the_roster(here: Exchange, there: Exchange) -> None:
    desk, other = await desk_of(here), await desk_of(there)
    for code, facts in (
        ("pharmacy", CustomFieldFacts("Pharmacy", FieldType.TEXT, phi=True)),
        ("next_visit", CustomFieldFacts("Next visit due", FieldType.DATE, required=True)),
    ):
        await custom_fields.add_custom_field(desk.admin, NewCustomField(Subject.PATIENT, code, facts))
    rows: list[list[Any]] = [
        ["Acct", "Name", "DOB", "Sex", "Street", "City", "State", "Zip", "Pharmacy", "Next visit due"],
        ["C-1", "Ortiz, Ben", "2/1/1948", "M", "1 Main", "Dayton", "OH", "45402", "Corner Drugs", "3/1/2027"],
        ["C-2", "Reyes, Ann", "2/2/1948", "F", "1 Main", "Dayton", "OH", "45402", "Corner Drugs", ""],
        ["C-3", "Hill, Jo", "2/3/1948", "F", "1 Main", "Dayton", "OH", "45402", "", "soon"],
    ]
    made = await stage(desk.admin, "patients", comma(rows))
    told = [
        (one.row, made.headings[one.column] if one.column >= 0 else "", one.message) for one in made.faults
    ]
    assert told == [
        (3, "Next visit due", "Enter: Next visit due."),
        (4, "Next visit due", "Enter a date such as 2026-11-03 or 11/03/2026."),
    ]
    assert (await taken(desk, made.id, leave_out=True)).line.added == 1
    (ben,) = await patients.search_patients(desk.admin, "C-1")
    shown = await patients.get_patient(desk.admin, ben.id)
    assert shown.custom == {"pharmacy": "Corner Drugs", "next_visit": "2027-03-01"}
    again = await stage(desk.admin, "patients", excel(rows[:2]))
    assert again.same_count == 1
    assert "custom_pharmacy" not in (await stage(other.admin, "patients", comma(rows))).mapping


@pytest.mark.parametrize("body", [b" ", b"PK\x03\x04 no", b"a\0b", b",,\n", b"x" * (LARGEST_BYTES + 1)])
async def test_what_is_no_sheet_is_refused(north: TenantFixture, south: TenantFixture, body: bytes) -> None:
    with pytest.raises(Invalid):
        await imports.stage_sheet(north.admin, "patients", "x.xlsx", body)
    with pytest.raises(Invalid):
        await imports.stage_sheet(north.admin, "employees", "x.csv", b"Number,Name\n1,Ann\n")
