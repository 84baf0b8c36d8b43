"""The lock on a month's time, held against whoever writes at the same moment."""

import asyncio
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from activities.care.month_freezing import freeze_month
from activities.care.month_messages import MonthTask, PatientInput
from activities.care.month_patients import compute_patient
from database.care_reads import Practice
from database.session import Session, tenant_session
from domain.care.activities import Source
from domain.refusals import Conflict
from services.care import practices, time_entries, time_rows
from services.care.practices import PracticeFacts
from services.care.time_entries import TimeFacts
from services.care.time_rows import NewEntry
from tests.fixtures.care import ZONE
from tests.fixtures.care_months import MonthDesk
from tests.fixtures.exchange import Exchange
from tests.fixtures.lifecycle import eventually


async def test_whoever_writes_time_while_a_month_is_frozen_is_waited_for_and_whoever_comes_later_is_refused(
    here: Exchange, there: Exchange
) -> None:
    desk, neighbour = [await MonthDesk(one).open() for one in (here, there)]
    (patient,), (other,) = [await one.patients(1, seconds=900) for one in (desk, neighbour)]
    line = await desk.close()
    assert line.id is not None
    written, go_on = asyncio.Event(), asyncio.Event()
    writing = asyncio.create_task(_written(desk, patient, written, go_on))
    await written.wait()
    freezing = asyncio.create_task(freeze_month(MonthTask(here.tenant.tenant_id, line.id, 1)))
    await eventually(lambda: here.rows("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))
    late = asyncio.create_task(_entered(desk, patient))
    go_on.set()
    await writing
    await freezing
    with pytest.raises(Conflict, match="is closed"):
        await late
    await neighbour.more_time(other, 300)
    row = (await desk.outcomes())[patient]
    await compute_patient(PatientInput(here.tenant.tenant_id, row["id"]))
    assert (await desk.outcomes())[patient]["seconds"] == 1200


async def test_another_zone_moves_no_time_out_of_a_closed_month(here: Exchange, there: Exchange) -> None:
    desk = await MonthDesk(here).open()
    (patient,) = await desk.patients(1, seconds=900)
    neighbour = await MonthDesk(there).open()
    midnight = datetime.combine(desk.month_after, time(0), ZoneInfo(ZONE))
    await _stored(desk, patient, midnight - timedelta(minutes=20))
    for one in (desk, neighbour):
        line = await one.close()
        assert line.id is not None
        await freeze_month(MonthTask(one.exchange.tenant.tenant_id, line.id, 1))
    with pytest.raises(Conflict, match="between its midnights"):
        await _moved(desk, "America/New_York")
    for zone in ("America/Winnipeg", "America/Denver"):
        assert (await _moved(desk, zone)).zone == zone
    assert (await _moved(neighbour, "America/New_York")).zone == "America/New_York"


async def _moved(desk: MonthDesk, zone: str) -> Practice:
    return await practices.save_practice(desk.admin, desk.exchange.client_id, PracticeFacts(zone))


async def _written(desk: MonthDesk, patient_id: UUID, written: asyncio.Event, go_on: asyncio.Event) -> None:
    """Five minutes of the month, in a transaction that stays open until it may go on."""
    async with tenant_session(desk.desk.actor) as session:
        await _put(session, patient_id, _evening(desk))
        written.set()
        await go_on.wait()


async def _stored(desk: MonthDesk, patient_id: UUID, starts: datetime) -> None:
    async with tenant_session(desk.desk.actor) as session:
        await _put(session, patient_id, starts)


async def _put(session: Session, patient_id: UUID, starts: datetime) -> None:
    row = await session.row("SELECT * FROM care_enrolments WHERE patient_id = $1", patient_id)
    entry = NewEntry(starts, starts + timedelta(minutes=5), "patient_call", Source.MANUAL, reason="Away")
    await time_rows.write(session, row, entry, ZONE)


async def _entered(desk: MonthDesk, patient_id: UUID) -> None:
    enrolment = await desk.exchange.one("SELECT id FROM care_enrolments WHERE patient_id = $1", patient_id)
    starts = _evening(desk) + timedelta(hours=1)
    facts = TimeFacts("patient_call", starts, starts + timedelta(minutes=5), "Away")
    await time_entries.record_time(desk.desk.actor, enrolment["id"], facts)


def _evening(desk: MonthDesk) -> datetime:
    """An hour of the month in which nothing else is."""
    return datetime.combine(desk.month, time(20), ZoneInfo(ZONE))
