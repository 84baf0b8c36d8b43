"""What a close finds in the database, without Temporal: each patient with something else that stands against billing."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from activities.care.month_freezing import freeze_month
from activities.care.month_messages import MonthTask, PatientInput
from activities.care.month_patients import compute_patient
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services.care import month_patients, months, time_entries
from services.care.time_entries import TimeFacts
from services.claims import capture
from tests.fixtures.care import ZONE
from tests.fixtures.care_months import MonthDesk
from tests.fixtures.exchange import Exchange


async def test_what_stands_against_each_patient_is_found_and_shown_by_outcome(
    here: Exchange, there: Exchange
) -> None:
    desk = await MonthDesk(here).open()
    clean, uncovered, billed, late = await desk.patients(4)
    first, second = await desk.patients(2)
    owner = here.tenant.owner
    await owner.execute("UPDATE coverages SET active = false WHERE patient_id = $1", uncovered)
    await _billed_elsewhere(desk, billed)
    await _entered_late(desk, late)
    await _at_once(desk, first, second)
    line = await desk.close()
    assert line.step == "freezing" and line.id is not None
    await freeze_month(MonthTask(here.tenant.tenant_id, line.id, 1))
    rows = await desk.outcomes()
    for row in rows.values():
        await compute_patient(PatientInput(here.tenant.tenant_id, row["id"]))
    listed = await month_patients.patients_of_month(desk.admin, desk.key)
    assert {one.patient_id: one.findings for one in listed.items} == {
        clean: [],
        uncovered: ["care.no_coverage"],
        billed: ["care.same_month_twice"],
        late: ["care.approval_waits"],
        first: ["care.two_patients_at_once"],
        second: ["care.two_patients_at_once"],
    }
    twice = await month_patients.patients_of_month(desk.admin, desk.key, finding="care.two_patients_at_once")
    assert {one.patient_id for one in twice.items} == {first, second}
    ready = await month_patients.patients_of_month(desk.admin, str(line.id), outcome="billable")
    assert [one.patient_id for one in ready.items] == [clean]
    one = await month_patients.get_patient_month(desk.admin, rows[billed]["id"])
    assert "was billed already with 99490" in one.findings[0].words
    assert len(await here.items("care_exception")) == 5
    await _nobody_else_sees(desk, there, rows[clean]["id"])


async def test_only_a_month_that_has_ended_everywhere_is_closed_and_only_a_closed_one_reopened(
    here: Exchange, there: Exchange
) -> None:
    desk = await MonthDesk(here).open()
    await desk.patients(1)
    with pytest.raises(Conflict, match="has not ended") as running:
        await months.close_month(desk.admin, f"{desk.month_after:%Y-%m}")
    assert "It can be closed from" in running.value.what_to_do
    for wrong in ("", "2026-13", "yesterday", "1999-01"):
        with pytest.raises((Invalid, NotFound)):
            await months.close_month(desk.admin, wrong)
    with pytest.raises(NotFound):
        await months.ask_reopening(desk.admin, desk.key, "A mistake")
    await desk.close()
    with pytest.raises(Conflict, match="Freezing"):
        await months.ask_reopening(desk.admin, desk.key, "A mistake")
    with pytest.raises(Invalid):
        await months.ask_reopening(desk.admin, desk.key, "  ")
    with pytest.raises(NotAllowed):
        await months.close_month(desk.desk.actor, desk.key)
    listed = {one.key: one for one in await months.list_months(desk.admin)}
    assert not listed[f"{desk.month_after:%Y-%m}"].may_close
    assert await months.list_months(there.tenant.admin) == []


async def _billed_elsewhere(desk: MonthDesk, patient_id: UUID) -> None:
    coverage = await desk.exchange.one("SELECT id FROM coverages WHERE patient_id = $1", patient_id)
    draft = desk.exchange.draft(6500)
    line = replace(draft.lines[0], procedure="99490", service_from=desk.month, service_to=desk.month)
    parties = {"patient_id": patient_id, "coverage_id": coverage["id"], "rendering_id": desk.desk.provider_id}
    draft = replace(draft, **parties, lines=(line,))
    await capture.create(desk.admin, draft)


async def _entered_late(desk: MonthDesk, patient_id: UUID) -> None:
    enrolment = await desk.exchange.one("SELECT id FROM care_enrolments WHERE patient_id = $1", patient_id)
    ends = datetime.combine(desk.month + timedelta(days=20), time(20), ZoneInfo(ZONE))
    facts = TimeFacts("patient_call", ends - timedelta(minutes=5), ends, "Found in the telephone's list")
    await time_entries.record_time(desk.desk.actor, enrolment["id"], facts)


async def _at_once(desk: MonthDesk, first: UUID, second: UUID) -> None:
    """The same nurse's time on one patient, once more on the other."""
    await desk.exchange.rows(
        "INSERT INTO care_time_entries (tenant_id, enrolment_id, patient_id, staff_id, staff_name, credential,"
        " activity, starts_at, ends_at, source, recorded_by) SELECT t.tenant_id, e.id, e.patient_id, t.staff_id,"
        " t.staff_name, t.credential, t.activity, t.starts_at, t.ends_at, 'live', t.staff_id"
        " FROM care_time_entries t, care_enrolments e WHERE t.patient_id = $1 AND e.patient_id = $2 RETURNING id",
        first,
        second,
    )


async def _nobody_else_sees(desk: MonthDesk, there: Exchange, patient_month_id: UUID) -> None:
    with pytest.raises(NotFound):
        await month_patients.get_patient_month(there.tenant.admin, patient_month_id)
    with pytest.raises(NotFound):
        await months.get_month(there.tenant.admin, desk.key)
    with pytest.raises(NotAllowed):
        await month_patients.patients_of_month(desk.desk.actor, desk.key)
