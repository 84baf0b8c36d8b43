"""Sheets of staff, consents and minutes: told as by hand, once, and nothing over anybody else's time."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from domain.refusals import Invalid, NotAllowed
from services.care import enrolments, practices, time_entries
from services.care.enrolments import CareFacts
from services.insight.overview import navigation
from services.sheets import imports
from services.workforce import employees
from tests.fixtures.care import CareDesk
from tests.fixtures.exchange import Exchange
from tests.fixtures.sheets import comma, excel, stage, taken, worked

CONSENTS = ("MRN", "Program", "Date of Consent", "Verbal/Written", "Given by", "Explained", "Conditions", "Expected months", "Significant risk", "AWV")  # fmt: skip
MINUTES = ("Acct #", "Nurse", "DOS", "Start Time", "End Time", "Mins", "Category", "Comments")


async def account_of(desk: CareDesk) -> str:
    return str((await desk.exchange.one("SELECT account_number FROM patients ORDER BY id"))["account_number"])


async def email_of(desk: CareDesk, actor: Any = None) -> str:
    user = (actor or desk.actor).user_id
    return str(await desk.exchange.tenant.owner.fetchval("SELECT email FROM users WHERE id = $1", user))


async def test_staff_gets_credential_title_languages_and_licences_from_its_paycode(
    here: Exchange, there: Exchange
) -> None:
    desk = await CareDesk(here).open()
    email = await email_of(desk)
    rows = [
        ("Employee Name", "E-mail", "Pay Code", "Effective Date", "Capacity", "Languages", "License States"),
        ("Ann Reyes", email.upper(), "rn-cc", date(2026, 1, 5), 110, "Spanish; English", "IL, WI"),
    ]
    made = await stage(desk.admin, "staff", excel(rows))
    assert [one.message for one in made.faults] == ["Say below what this paycode stands for."]
    assert [(one.code, one.credential, one.rows) for one in made.paycodes] == [("RN-CC", "", 1)]
    with pytest.raises(Invalid):
        await imports.set_paycodes(desk.admin, made.id, {"RN-CC": ("surgeon", "")})
    told = await imports.set_paycodes(desk.admin, made.id, {"rn-cc": ("clinical", "Nurse coordinator")})
    assert (told.faults, told.new_count) == ([], 1)
    assert (await taken(desk, made.id)).line.added == 1
    (ann,) = (await employees.list_employees(desk.admin)).items
    assert (ann.name, ann.job_title, ann.user_id, [(one.name, one.level) for one in ann.skills]) == (
        "Ann Reyes", "Nurse coordinator", desk.actor.user_id, [("Spanish", 4)],
    )  # fmt: skip
    held = [one for one in await practices.list_credentials(desk.admin) if one.user_id == desk.actor.user_id]
    assert (held[0].since, held[0].credential) == (date(2026, 1, 5), "clinical")
    row = await here.one(
        "SELECT most_patients, states FROM care_coordinators WHERE user_id = $1", desk.actor.user_id
    )
    assert (row["most_patients"], row["states"]) == (110, ["IL", "WI"])
    again = await stage(desk.admin, "staff", comma(rows))
    assert (again.same_count, again.faults) == (1, [])
    other = [rows[0], ("Somebody", "nobody@example.org", "RN-CC", date(2026, 1, 5), "", "", "")]
    assert "invite them" in (await stage(desk.admin, "staff", comma(other))).faults[0].message
    with pytest.raises(NotAllowed):
        await stage(desk.actor, "staff", comma(rows))


async def test_a_consent_brings_its_enrolment_on_as_if_by_hand_once(here: Exchange, there: Exchange) -> None:
    desk = await CareDesk(here).open()
    account, today = await account_of(desk), desk.today()
    row = (account, "CCM", today - timedelta(days=3), "verbal", "The patient", "all", 2, 12, "yes", today - timedelta(days=9))  # fmt: skip
    nowhere = await stage(desk.admin, "consents", excel([CONSENTS, row]))
    assert "in no such programme" in nowhere.faults[0].message
    desk.id = (await enrolments.enrol(desk.actor, CareFacts(here.patient_id, "ccm", desk.provider_id))).id
    short = await stage(desk.admin, "consents", comma([CONSENTS[:6], row[:6]]))
    assert "how many chronic conditions" in short.faults[0].message
    view = await imports.get_sheet(desk.admin, nowhere.id)
    assert (view.faults, view.rows[0].words) == ([], "then at “Care plan due”")
    assert (await taken(desk, view.id)).line.changed == 1
    told = await here.rows(
        "SELECT event FROM care_enrolment_events WHERE enrolment_id = $1 ORDER BY id", desk.id
    )
    assert [one["event"] for one in told] == ["eligible", "visited", "consented"]
    updates = await here.rows(
        "SELECT name FROM outbox WHERE workflow_id LIKE '%care_enrolment%' AND kind = 'update'"
    )
    assert len(updates) == 3
    # Told, though its process has not taken it up yet: the same is known, another day is a fault.
    again = await stage(desk.admin, "consents", comma([CONSENTS, row]))
    assert (again.same_count, again.faults) == (1, [])
    other = await stage(desk.admin, "consents", comma([CONSENTS, (*row[:2], today, *row[3:])]))
    assert "is recorded already" in other.faults[0].message


async def test_minutes_become_entries_once_with_a_place_of_their_own(here: Exchange, there: Exchange) -> None:
    desk = await CareDesk(here).open()
    await desk.in_care()
    account, email, on = await account_of(desk), await email_of(desk), desk.today() - timedelta(days=40)
    rows = [
        MINUTES,
        (account, email, on, time(9, 10), time(9, 30), 20, "call", "Blood pressure log"),
        (account, email, on, "", "", 15, "med rec", "=note"),
        (account, email, on, "", "", 15, "med rec", ""),
        (account, email, on, "", "", 15, "med rec", ""),
        (account, email, on, datetime(on.year, on.month, on.day, 14, 30), "", 12.5, "Care plan review", ""),
    ]
    made = await stage(desk.admin, "minutes", excel(rows))
    assert [one.message for one in made.faults] == ["This looks like a formula: put its value here instead."]
    rows[2] = (*rows[2][:7], "note")
    made = await stage(desk.admin, "minutes", excel(rows))
    assert (made.faults, made.new_count) == ([], 5)
    laid_out = [f"{at}, 15 min, laid out, back-dated" for at in ("09:30", "09:45", "10:00")]
    assert [one.words for one in made.rows][1:4] == laid_out
    await imports.take_in_sheet(desk.admin, made.id)
    assert (await navigation(desk.admin)).taking == 1
    others = (desk.actor, await there.tenant.actor("Biller"))
    assert [(await navigation(one)).taking for one in others] == [0, 0]
    assert all(b"Sheet" not in row["name"] for row in await here.rows("SELECT name FROM sheet_imports"))
    done = await worked(desk, made.id)
    assert (done.line.name, done.line.added, done.line.refused) == ("Sheet.xlsx", 5, 0)
    entries = (await time_entries.time_of(desk.admin, desk.id)).items
    assert sorted(one.seconds for one in entries) == [750, 900, 900, 900, 1200]
    assert {(one.source, one.waiting, one.credential) for one in entries} == {
        ("back_dated", False, "clinical")
    }
    assert {one.reason for one in entries} == {"Taken over from a spreadsheet: Sheet.xlsx"}
    # The same rows, written otherwise, are told as there already.
    again = [MINUTES, *((*row[:2], f"{on:%m/%d/%Y}", *row[3:]) for row in rows[1:4])]
    again[1] = (*again[1][:3], "9:10 AM", "9:30 AM", "", "Call with the patient", "Blood pressure log")
    seen = await stage(desk.admin, "minutes", comma(again))
    assert (seen.faults, seen.same_count, seen.new_count) == ([], 3, 0)
    assert (await taken(desk, seen.id)).line.same == 3
    assert len((await time_entries.time_of(desk.admin, desk.id)).items) == 5


async def test_minutes_that_cannot_be_are_faults(here: Exchange, there: Exchange) -> None:
    desk = await CareDesk(here).open()
    await desk.in_care()
    account, email, today = await account_of(desk), await email_of(desk), desk.today()
    on = today - timedelta(days=40)
    frozen = (on.replace(day=1) - timedelta(days=1)).replace(day=5)
    await here.tenant.owner.execute(
        "INSERT INTO care_months (tenant_id, month, frozen) VALUES ($1, $2, true)", here.tenant.tenant_id, frozen.replace(day=1)
    )  # fmt: skip
    cases: list[tuple[tuple[Any, ...], str]] = [
        (("NOBODY", email, on, "", "", 20, "", ""), "no patient with this account"),
        ((account, "x@example.org", on, "", "", 20, "", ""), "Nobody with this e-mail"),
        ((account, email, today + timedelta(days=3), "", "", 20, "", ""), "not come yet"),
        ((account, email, frozen, "", "", 20, "", ""), "is closed"),
        ((account, email, on, time(9), time(8), "", "", ""), "later than the start"),
        ((account, email, on, time(9), time(10), 20, "", ""), "it is 60 minutes"),
        ((account, email, on, "", "", "", "", "x"), "Enter minutes"),
        ((account, email, on, time(7), "", 481, "", ""), "at most 8 hours"),
        ((account, email, on, "", "", 20, "juggling", ""), "Enter one of"),
        ((account, email, "", "", "", 20, "", ""), "Enter the day"),
    ]
    made = await stage(desk.admin, "minutes", comma([MINUTES, *(row for row, _ in cases)]))
    told = {one.row: one.message for one in made.faults}
    for number, (_, words) in enumerate(cases, 2):
        assert words in told[number], words


async def test_nobody_sees_to_two_patients_at_once(here: Exchange, there: Exchange) -> None:
    desk = await CareDesk(here).open()
    await desk.in_care()
    first, account = desk.id, await account_of(desk)
    other_id = await desk.patient()
    other = str(
        (await here.one("SELECT account_number FROM patients WHERE id = $1", other_id))["account_number"]
    )
    desk.id = (await enrolments.enrol(desk.actor, CareFacts(other_id, "ccm", desk.provider_id))).id
    await here.tenant.owner.execute("UPDATE care_enrolments SET step = 'planning' WHERE id = $1", desk.id)
    on, email = desk.today() - timedelta(days=40), await email_of(desk)
    rows = [
        MINUTES,
        (account, email, on, time(9), "", 30, "", ""),
        (other, email, on, time(9, 15), "", 30, "", ""),
        (account, email, on, time(9, 15), "", 5, "", "on the same patient it counts once"),
    ]
    made = await stage(desk.admin, "minutes", excel(rows))
    assert [(one.row, one.message) for one in made.faults] == [
        (3, "This person has time with another patient then.")
    ]
    assert (await taken(desk, made.id, leave_out=True)).line.added == 2
    assert len((await time_entries.time_of(desk.admin, first)).items) == 2
    # What was taken meanwhile is refused when its turn comes, and the others go on.
    late = await stage(desk.admin, "minutes", excel([MINUTES, (other, email, on, time(11), "", 30, "", ""), (other, email, on, time(12), "", 30, "", "")]))  # fmt: skip
    await imports.take_in_sheet(desk.admin, late.id)
    await here.tenant.owner.execute(
        "INSERT INTO care_months (tenant_id, month, frozen) VALUES ($1, $2, true)", here.tenant.tenant_id, on.replace(day=1)
    )  # fmt: skip
    done = await worked(desk, late.id)
    assert (done.line.added, done.line.refused, done.line.status) == (0, 2, "taken")
    assert "closed" in done.rows[0].words
