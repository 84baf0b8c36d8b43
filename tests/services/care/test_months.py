"""What a close finds in the database, without Temporal: each patient with something else that stands against billing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from activities.care.month_claims import bill_patient
from activities.care.month_facts import facts_of
from activities.care.month_freezing import freeze_month
from activities.care.month_messages import (
    MonthTask,
    PatientInput,
    ScheduledCloseStanding,
    ScheduledCloseTask,
)
from activities.care.month_patients import compute_patient
from activities.care.month_starting import begin_scheduled_close
from activities.care.packets import gather
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from domain.tenancy import workflow_actor
from services.care import billing, close_schedule, month_patients, months, practices
from services.care.close_schedule import CloseScheduleFacts
from services.care.practices import PracticeFacts
from services.claims import capture, catalogue
from services.insight.overview import navigation
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
    await desk.late_time(late, 300)
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
    assert [(await navigation(one)).closing for one in (desk.admin, desk.desk.actor, there.tenant.admin)] == [
        1,
        0,
        0,
    ]


async def test_two_practitioners_have_a_claim_each_made_once_and_followed_each_by_itself(
    here: Exchange, there: Exchange
) -> None:
    desk = await MonthDesk(here).open()
    other = await desk.practitioner()
    two, same = await desk.patients(2)
    await desk.also_in_pcm(two, other)
    await desk.also_in_pcm(same, desk.desk.provider_id)
    rows = await _billed_once(desk, 1)
    await _billed_once(desk, 1)
    assert (rows[two]["outcome"], rows[same]["outcome"]) == ("billed", "exception")
    drafts = [(await catalogue.get_claim(desk.admin, one)).draft for one in rows[two]["claim_ids"]]
    assert [(one.rendering_id, one.diagnoses, [line.procedure for line in one.lines]) for one in drafts] == [
        (desk.desk.provider_id, ("E119", "I10"), ["99490"]),
        (other, ("J449",), ["99426"]),
    ]
    assert await here.count("claims") == 2
    await _told_of_both(desk, rows[two])
    # Closed again: CCM has another practitioner now, and PCM no time.
    await here.tenant.owner.execute(
        "UPDATE care_enrolments SET practitioner_id = $1 WHERE programme = 'ccm'", other
    )
    await _reopened(desk)
    await desk.take_back(two, "pcm")
    after = (await _billed_once(desk, 2))[two]
    assert after["claim_ids"] == rows[two]["claim_ids"][:1]
    newest = await here.one(
        "SELECT rendering_id FROM claim_versions WHERE claim_id = $1 ORDER BY version DESC LIMIT 1",
        after["claim_ids"][0],
    )
    assert newest["rendering_id"] == other
    again = await month_patients.get_patient_month(desk.admin, after["id"])
    assert [(one.programme, one.taken_back) for one in again.line.claims] == [("ccm", False), ("pcm", True)]
    assert await there.count("care_month_claims") == 0


async def _told_of_both(desk: MonthDesk, row: Any) -> None:
    """Packet, month, lists and billing page each tell of both claims of this patient, and warn."""
    two = row["patient_id"]
    async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
        known = await facts_of(session, row)
        packet = await gather(session, two, known.key, known.reckoning)
    assert [(one.programme, one.practitioner, one.codes) for one in packet.claims] == [
        ("ccm", "Ann Hill", ("99490",)),
        ("pcm", "Ben Ode", ("99426",)),
    ]
    month = await months.get_month(desk.admin, desk.key)
    assert [(one.code, one.patients) for one in month.warnings] == [("care.ccm_with_pcm", 1)]
    assert [(one.code, one.patients) for one in month.findings] == [("care.overlapping_programmes", 1)]
    listed = await month_patients.patients_of_month(desk.admin, desk.key, finding="care.ccm_with_pcm")
    assert [(one.patient_id, len(one.claims), one.charge_cents) for one in listed.items] == [(two, 2, 13_500)]
    shown = await month_patients.get_patient_month(desk.admin, row["id"])
    assert {(one.code, one.practitioner_name) for one in shown.lines} == {
        ("99490", "Hill, Ann"),
        ("99426", "Ode, Ben"),
    }
    seen = await billing.billing_month(desk.admin, two, desk.month.year, desk.month.month)
    assert [one.programme for one in seen.claims] == ["ccm", "pcm"]


async def test_what_one_claim_was_made_to_say_is_not_said_twice_when_the_other_is_on_its_way(
    here: Exchange, there: Exchange
) -> None:
    desk, owner = await MonthDesk(here).open(), here.tenant.owner
    (two,) = await desk.patients(1)
    await desk.also_in_pcm(two, await desk.practitioner())
    ccm, pcm = (await _billed_once(desk, 1))[two]["claim_ids"]
    await owner.execute(
        "UPDATE claims SET step = 'sent', batched_at = now(), sent_at = now() WHERE id = $1", pcm
    )
    await _reopened(desk)
    await desk.more_time(two, 1200)
    await desk.more_time(two, 1800, "pcm")
    row = (await _billed_once(desk, 2))[two]
    assert (row["outcome"], row["claim_ids"]) == ("exception", [ccm])
    shown = await month_patients.get_patient_month(desk.admin, row["id"])
    (found,) = shown.findings
    reference = (await catalogue.get_claim(desk.admin, pcm)).reference
    assert (found.code, found.words) == ("care.claim_on_its_way", f"Claim {reference}.")
    # Its payer refuses it: computed again, the month is settled by it alone.
    await owner.execute("UPDATE claims SET ack_payer = 'rejected' WHERE id = $1", pcm)
    await owner.execute("UPDATE care_patient_months SET outcome = 'waiting' WHERE NOT superseded")
    row = (await _billed_once(desk, 2))[two]
    assert (row["outcome"], row["claim_ids"]) == ("billed", [ccm, pcm])
    versions = await here.rows("SELECT claim_id, count(*)::int AS n FROM claim_versions GROUP BY claim_id")
    assert {one["claim_id"]: one["n"] for one in versions} == {ccm: 2, pcm: 2}
    assert await there.count("claims") == 0


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
    with pytest.raises(Conflict, match="freezing"):
        await months.ask_reopening(desk.admin, desk.key, "A mistake")
    with pytest.raises(Invalid):
        await months.ask_reopening(desk.admin, desk.key, "  ")
    with pytest.raises(NotAllowed):
        await months.close_month(desk.desk.actor, desk.key)
    listed = {one.key: one for one in await months.list_months(desk.admin)}
    assert not listed[f"{desk.month_after:%Y-%m}"].may_close
    assert await months.list_months(there.tenant.admin) == []


async def test_a_schedule_closes_the_month_whose_turn_came_once_and_leaves_what_was_due_before(
    here: Exchange, there: Exchange
) -> None:
    desk, other = await MonthDesk(here).open(), await MonthDesk(there).open()
    for one in (desk, other):
        await one.patients(1)
    assert not (await close_schedule.get_close_schedule(desk.admin)).active
    view = await close_schedule.set_close_schedule(desk.admin, CloseScheduleFacts(True, 3, 6, release=True))
    assert view.next_at is not None and view.next_month is not None and view.version == 1
    assert await _started(here, datetime.now(UTC)) == ScheduledCloseStanding(), "its turn is over"
    before = view.next_at - timedelta(seconds=1)
    assert await _started(here, before) == ScheduledCloseStanding()
    begun = await _started(here, view.next_at)
    row = await here.one("SELECT * FROM care_months")
    assert (begun.month_id, row["month"]) == (row["id"], view.next_month)
    assert (row["by_schedule"], row["release_claims"]) == (True, True)
    assert row["started_by"] == desk.admin.user_id
    assert await _started(here, view.next_at + timedelta(hours=1)) == ScheduledCloseStanding()
    line = (await months.list_months(desk.admin))[0]
    assert line.by_schedule and (await months.get_month(desk.admin, line.key)).history[0].label.endswith(
        "schedule"
    )
    assert await _started(there, view.next_at) == ScheduledCloseStanding()
    assert (await here.count("care_months"), await there.count("care_months")) == (1, 0)
    off = await close_schedule.set_close_schedule(desk.admin, CloseScheduleFacts(False, 3, 6), view.version)
    assert (off.next_month, off.version, off.set_by_name) == (None, 2, desk.admin.name)
    after = view.next_at + timedelta(days=40)
    assert await _started(here, after) == ScheduledCloseStanding()
    said = await here.rows("SELECT detail FROM audit_log WHERE action = 'care.close_schedule' ORDER BY seq")
    assert [json.loads(one["detail"])["active"] for one in said] == [True, False]


async def test_a_scheduled_close_waits_for_the_practice_whose_month_ends_last(
    here: Exchange, there: Exchange
) -> None:
    desk = await MonthDesk(here).open()
    await desk.patients(1)
    await practices.save_practice(desk.admin, here.client_id, PracticeFacts("Pacific/Honolulu"))
    view = await close_schedule.set_close_schedule(desk.admin, CloseScheduleFacts(True, 1, 0))
    assert view.next_at is not None
    standing = await _started(here, view.next_at)
    assert standing.not_before is not None and standing.not_before > view.next_at
    assert standing.month_id is None and await here.count("care_months") == 0
    assert (await _started(here, standing.not_before)).month_id is not None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (CloseScheduleFacts(True, 0, 6), "day"),
        (CloseScheduleFacts(True, 29, 6), "day"),
        (CloseScheduleFacts(True, 3, 24), "hour"),
        (CloseScheduleFacts(True, 3, -1), "hour"),
    ],
)
async def test_a_schedule_that_some_month_or_day_lacks_is_refused_at_its_field(
    here: Exchange, facts: CloseScheduleFacts, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await close_schedule.set_close_schedule(here.tenant.admin, facts)
    assert [one.field for one in refused.value.fields] == [field]


async def test_who_may_not_close_sets_no_schedule_and_a_schedule_is_not_set_over_anothers(
    here: Exchange, there: Exchange
) -> None:
    desk = await MonthDesk(here).open()
    biller = await here.tenant.actor("Billing Staff")
    with pytest.raises(NotAllowed):
        await close_schedule.set_close_schedule(desk.desk.actor, CloseScheduleFacts())
    with pytest.raises(NotAllowed):
        await close_schedule.get_close_schedule(desk.desk.actor)
    await close_schedule.set_close_schedule(desk.admin, CloseScheduleFacts(True, 5, 7))
    seen = await close_schedule.get_close_schedule(biller)
    assert (seen.day, seen.hour, seen.active) == (5, 7, True)
    await close_schedule.set_close_schedule(desk.admin, CloseScheduleFacts(True, 6, 7), 1)
    with pytest.raises(Stale):
        await close_schedule.set_close_schedule(desk.admin, CloseScheduleFacts(True, 7, 7), 1)
    assert (await close_schedule.get_close_schedule(there.tenant.admin)).version == 0


async def _reopened(desk: MonthDesk) -> None:
    """The month's time can be changed, and it is about to be closed once more."""
    owner = desk.exchange.tenant.owner
    await owner.execute("UPDATE care_months SET step = 'freezing', frozen = false, revision = revision + 1")


async def _billed_once(desk: MonthDesk, revision: int) -> dict[UUID, Any]:
    """What the month's process does of one close, without Temporal and without packets."""
    tenant_id = desk.exchange.tenant.tenant_id
    month = await desk.exchange.rows("SELECT id FROM care_months")
    month_id = month[0]["id"] if month else (await desk.close()).id
    assert month_id is not None
    await freeze_month(MonthTask(tenant_id, month_id, revision))
    for row in (await desk.outcomes()).values():
        task = PatientInput(tenant_id, row["id"])
        await compute_patient(task)
        await bill_patient(task)
    return await desk.outcomes()


async def _started(exchange: Exchange, now: datetime) -> ScheduledCloseStanding:
    """What the schedule's process is answered at a moment."""
    return await begin_scheduled_close(ScheduledCloseTask(exchange.tenant.tenant_id, now))


async def _billed_elsewhere(desk: MonthDesk, patient_id: UUID) -> None:
    coverage = await desk.exchange.one("SELECT id FROM coverages WHERE patient_id = $1", patient_id)
    draft = desk.exchange.draft(6500)
    line = replace(draft.lines[0], procedure="99490", service_from=desk.month, service_to=desk.month)
    parties = {"patient_id": patient_id, "coverage_id": coverage["id"], "rendering_id": desk.desk.provider_id}
    draft = replace(draft, **parties, lines=(line,))
    await capture.create(desk.admin, draft)


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
