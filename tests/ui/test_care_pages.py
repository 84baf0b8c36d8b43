"""Care as coordinators see it: the roster, a patient's month, the clock, and a care plan that is written and compared."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

from services.care import enrolments, plans
from services.clientele import patients
from services.clientele.patients import PatientFacts
from services.tenancy import roles
from tests.fixtures.care_plans import whole_plan
from tests.ui.conftest import Both, Visit
from ui.care.plan_typed import typed_of

TODAY = datetime.now(UTC).date()


async def test_the_roster_and_a_patients_month_show_the_running_clock_until_it_is_thrown_away(
    both: Both, visit: Visit
) -> None:
    north, south = both
    care_id = north.ids["care_id"]
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/care")
    assert "Clock runs" in tab.main and "Start clock" not in tab.main
    assert f"/care/{care_id}" in tab.main and str(south.ids["care_id"]) not in tab.main
    assert "20:00" in tab.main, "what is missing for the first code"
    export = await browser.get("/export/care.csv")
    assert "Missing" in export.text and "CCM" in export.text
    await tab.go(f"/care/{care_id}?month=2026-11")
    assert "Call with the patient" in tab.main and "By hand" in tab.main and "20:00" in tab.main
    running = str(north.ids["timer_id"])
    await tab.do("ask_discard", id=running)
    await tab.do("discard", id=running, fields={"reason": "Wrong patient"})
    assert tab.told[0][:2] == ("ok", "Thrown away; its time never counts.")
    assert "Clock runs" not in tab.main
    await tab.do("start", fields={"activity": "referral"})
    assert "Clock runs" in tab.main
    await tab.go(f"/care/{south.ids['care_id']}")
    assert "There is nothing" in tab.main


async def test_a_clock_of_which_nothing_is_left_without_the_time_away_is_thrown_away_with_a_reason(
    both: Both, visit: Visit
) -> None:
    north = both[0].tenant
    running = str(both[0].ids["timer_id"])
    await north.owner.execute(
        "UPDATE care_timers SET started_at = now() - interval '1 hour', seen_at = now() - interval '1 hour'"
        " WHERE tenant_id = $1",
        north.tenant_id,
    )
    tab = await (await visit(north, north.admin)).open("/care")
    await tab.do("clock_stop", id=running, idle="no")
    assert tab.told == [] and "Nothing is left without the time away." in tab.regions["over"]
    await tab.do("discard", id=running, fields={"reason": "Nobody was there"})
    assert "Clock runs" not in tab.main


async def test_a_coordinator_enrols_a_patient_found_by_what_is_typed(both: Both, visit: Visit) -> None:
    north, south = both
    await roles.add_suggested_role(north.tenant.admin, "Care Coordinator")
    new = {"birth_date": date(1950, 1, 31), "first_name": "Newly", "last_name": "Zimmerman"}
    known = await patients.get_patient(north.tenant.admin, north.ids["patient_id"])
    same = {one.name: getattr(known, one.name) for one in fields(PatientFacts)} | {"account_number": ""}
    added = await patients.add_patient(north.tenant.admin, PatientFacts(**same | new))
    browser = await visit(north.tenant, await north.tenant.actor("Care Coordinator"))
    tab = await browser.open("/care/new")
    await tab.do("find_patient", value=north.mark)
    assert "No patient begins like this." in tab.main, "who is on no roster of one's own is in care"
    await tab.do("find_patient", value="zimm 1/31/1950")
    assert "Newly" in tab.main and south.mark not in tab.main
    await tab.do("choose_patient", id=str(added.id))
    await tab.do("enrol", fields={"programme": "ccm", "practitioner_id": str(north.ids["provider_id"])})
    enrolled = (await enrolments.list_care(north.tenant.admin)).items[0]
    assert enrolled.patient_id == added.id


async def test_time_by_hand_is_asked_for_with_its_reason_at_the_field(both: Both, visit: Visit) -> None:
    north, _ = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open(f"/care/{north.ids['care_id']}")
    await tab.do("ask_time")
    assert "Enter time by hand" in tab.regions["over"]
    ends = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    typed = {
        "activity": "patient_call",
        "starts_at": (ends - timedelta(days=1, minutes=9)).isoformat(),
        "ends_at": (ends - timedelta(days=1)).isoformat(),
    }
    await tab.do("time", fields=typed | {"reason": ""})
    assert "Say why this was not recorded as it happened." in tab.regions["over"]
    await tab.do("time", fields=typed | {"reason": "Telephone away from the desk"})
    assert tab.told[0][:2] == ("ok", "9:00 recorded.")


async def test_a_dialog_that_is_refused_is_asked_anew_with_the_fault_and_never_closes_in_silence(
    both: Both, visit: Visit
) -> None:
    north, south = both
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open(f"/care/{north.ids['care_id']}")
    for act, name in (("void", "care_time_id"), ("discard", "timer_id")):
        entry = str(north.ids[name])
        await tab.do(f"ask_{act}", id=entry)
        await tab.do(act, id=entry, fields={"reason": " "})
        assert "Say why" in tab.regions["over"], act
        await tab.do("close_dialog")
    settings = await browser.open("/care/settings")
    await settings.do("ask_credential")
    assert north.mark in settings.main and south.mark not in settings.main
    typed = {"user_id": str(north.tenant.admin.user_id), "credential": "clinical", "since": "soon"}
    await settings.do("credential", fields=typed)
    assert "Enter a date." in settings.regions["over"] and 'value="soon"' in settings.regions["over"]


async def test_a_care_plan_is_written_with_what_it_lacks_at_the_fields_then_revised_and_compared(
    both: Both, visit: Visit
) -> None:
    north, south = both
    care_id = north.ids["care_id"]
    tab = await (await visit(north.tenant, north.tenant.admin)).open(f"/care/{care_id}/plan/edit")
    await tab.do("find_problem", value="type 2 diab")
    assert "E11.9" in tab.main
    for code in ("E119", "I10"):
        await tab.do("add_problem", code=code)
    for kind in ("goals", "goals", "interventions"):
        await tab.do(f"add_{kind}")
    await tab.do("typed", fields={"outcome": "Stable at home", "goals.1.target": "better"})
    await tab.go(f"/care/{care_id}/plan")
    await tab.go(f"/care/{care_id}/plan/edit")
    assert "Stable at home" in tab.main and "E11.9" in tab.main, "the draft is taken up again"
    await tab.do("store", fields={"why": "First talk"})
    assert "without one nobody can tell whether it was reached" in tab.main
    assert "Say what was found or agreed" in tab.main and "Store as incomplete" in tab.main
    whole = typed_of(whole_plan(TODAY))
    rows = {
        f"{kind}.{number}.{name}": value
        for kind in ("goals", "interventions")
        for number, row in enumerate(whole.rows[kind], 1)
        for name, value in row.items()
    }
    # The lines in which nothing was typed have gone when what is missing was shown.
    for kind in ("goals", "interventions"):
        await tab.do(f"add_{kind}")
    await tab.do("store", fields=whole.heads | rows | {"why": "First talk"})
    assert tab.at == f"/care/{care_id}/plan", tab.main
    assert "Better sugar" in tab.main and "not measured yet" in tab.main
    assert "The patient has no copy." in tab.main
    stored = await plans.get_plan(north.tenant.admin, care_id)
    assert (stored.version, stored.complete) == (2, True)
    await tab.go(f"/care/{care_id}/plan/compare?before=1&after=2")
    assert "Better sugar" in tab.main and "(added)" in tab.main
    other = await (await visit(south.tenant, south.tenant.admin)).open(f"/care/{care_id}/plan")
    assert "Better sugar" not in other.main


async def test_a_manager_follows_figures_to_their_entries_and_sets_a_target(both: Both, visit: Visit) -> None:
    north, south = both
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/care/team?month=2026-11")
    assert "Care in November 2026" in tab.main and "20:00" in tab.main
    assert f"staff={north.tenant.admin.user_id}" in tab.main and "data-chart" in tab.main
    await tab.do("ask_target")
    typed = {"whose": f"user:{north.tenant.admin.user_id}", "since": "2020-01-01", "minutes": "600"}
    await tab.do("target", fields=typed | {"reached_percent": "90"})
    assert "Choose a day from the first of this month" in tab.regions["over"]
    await tab.do("target", fields=typed | {"reached_percent": "many", "since": TODAY.isoformat()})
    assert "Enter a whole number." in tab.regions["over"]
    await tab.do("target", fields=typed | {"reached_percent": "90", "since": TODAY.isoformat()})
    assert tab.told[0][0] == "ok" and "600" in tab.main
    await tab.go(f"/care/team/entries?month=2026-11&staff={north.tenant.admin.user_id}")
    assert "Call with the patient" in tab.main and north.mark in tab.main and south.mark not in tab.main
    export = await browser.get("/export/care-team-entries.csv?month=2026-11")
    assert "1200,1200" in export.text
    assert "Nobody was in care" in (await browser.open("/care/team?month=2020-01")).main


async def test_months_are_set_to_close_by_themselves_and_the_page_says_when(both: Both, visit: Visit) -> None:
    north, south = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/care/months")
    assert "Off: each month waits for somebody" in tab.main
    await tab.do("ask_schedule")
    await tab.do("schedule", fields={"active": "true", "day": "31", "hour": "6"})
    assert "Choose a day from 1 to 28" in tab.regions["over"] and 'value="31"' in tab.regions["over"]
    await tab.do("schedule", fields={"active": "true", "day": "4", "hour": "6"})
    assert "closed on day 4 of the month after, from 06:00" in tab.main
    other = await (await visit(south.tenant, south.tenant.admin)).open("/care/months")
    assert "Off: each month waits for somebody" in other.main
