"""Processes that wait for people, cancelled by force of an incident: what stays is what a person would expect."""

from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
import time_machine

from activities.incidents.cancelling import CANCELLABLE
from database import incidents as stored
from database.incidents import Failing
from database.session import tenant_session
from domain.incidents import What
from domain.processes import PROCESSES
from domain.refusals import NotFound
from domain.tenancy import workflow_actor
from services.care import enrolments, tasks, time_entries
from services.operations import incidents
from tests.fixtures.care import CareDesk
from tests.fixtures.exchange import Exchange


@pytest_asyncio.fixture
async def desk(at: time_machine.Traveller, here: Exchange) -> CareDesk:
    """A patient in care."""
    desk = await CareDesk(here).open()
    await desk.in_care()
    return desk


async def _cancelled(desk: CareDesk, there: Exchange, kind: str, process_id: UUID) -> None:
    """An incident of the process, cancelled; the other tenant's administrator finds none."""
    tenant = desk.exchange.tenant
    failing = Failing(f"{tenant.tenant_id}/{kind}/{process_id}", What.STUCK, "fault.KeyError")
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        found = await stored.record(session, failing)
    assert found is not None
    with pytest.raises(NotFound):
        await incidents.cancel(there.tenant.admin, found, "Not theirs")
    seen = await incidents.cancel(tenant.admin, found, "Cannot go on")
    assert (seen.line.state, seen.reason) == ("cancelled", "Cannot go on")
    told = await desk.exchange.rows("SELECT payload FROM outbox WHERE kind = 'cancel'")
    assert len(told) == 1


async def _one(desk: CareDesk, sql: str, *args: Any) -> Any:
    return await desk.exchange.one(sql, *args)


def test_every_process_can_be_cancelled_but_the_close_of_a_month() -> None:
    assert set(PROCESSES) - CANCELLABLE == {"care_month", "care_patient_month"}


@pytest.mark.parametrize("revoked", [False, True])
async def test_a_cancelled_enrolment_ends_and_one_that_was_revoked_keeps_its_last_day(
    desk: CareDesk, there: Exchange, revoked: bool
) -> None:
    if revoked:
        await desk.tell("revoked", how="verbal", given_by="The patient")
        await desk.apply()
    before = await enrolments.get_care(desk.actor, desk.id)
    await tasks.add_task(desk.actor, desk.id, tasks.TaskFacts(desk.today(), "results"))
    await _cancelled(desk, there, "care_enrolment", desk.id)
    after = await enrolments.get_care(desk.actor, desk.id)
    assert (after.step, after.ends_on) == ("ended", before.ends_on if revoked else desk.today())
    assert after.history[0].said == {"reason": "Its process was cancelled"}
    assert {one.state for one in await tasks.tasks_of(desk.actor, desk.id)} == {"cancelled"}
    assert await desk.exchange.items("care_enrolment") == []


async def test_a_cancelled_approval_is_no_approval(desk: CareDesk, there: Exchange) -> None:
    late = await desk.spent(600, ago=3 * 86_400)
    asked = await _one(desk, "SELECT id FROM approvals WHERE subject_id = $1", late.id)
    await _cancelled(desk, there, "approval", asked["id"])
    row = await _one(desk, "SELECT state, end_reason FROM approvals WHERE id = $1", asked["id"])
    assert tuple(row) == ("overtaken", "Its process was cancelled.")
    (entry,) = (await time_entries.time_of(desk.actor, desk.id)).items
    assert (entry.waiting, entry.refused) == (False, True)


async def test_what_a_cancelled_move_has_moved_stays(desk: CareDesk, there: Exchange) -> None:
    person = desk.actor.user_id
    move = await desk.exchange.tenant.owner.fetchval(
        "INSERT INTO reassignments (tenant_id, reference, reason, from_user_id, mode, until, state, total, done,"
        " requested_by) VALUES ($1, 'MV-1', 'x', $2, 'temporary', '2026-12-01', 'lent', 3, 2, $2) RETURNING id",
        desk.exchange.tenant.tenant_id,
        person,
    )
    await _cancelled(desk, there, "reassignment", move)
    row = await _one(desk, "SELECT state, outcome, ring_at FROM reassignments WHERE id = $1", move)
    assert tuple(row) == ("closed", "cancelled", None)
    told = await _one(desk, "SELECT summary FROM reassignment_events WHERE reassignment_id = $1", move)
    assert told["summary"] == "Its process was cancelled: 2 stay where they are"


async def test_a_cancelled_float_assignment_ends_early_and_its_work_leaves(
    desk: CareDesk, there: Exchange
) -> None:
    float_id = await desk.exchange.tenant.owner.fetchval(
        "INSERT INTO float_assignments (tenant_id, reference, user_id, kinds, starts_at, ends_at, first_ends_at, state,"
        " created_by) SELECT $1, 'FA-1', $2, '{hold}', now(), t.ends, t.ends, 'active', $3"
        " FROM (SELECT now() + interval '1 day') AS t (ends) RETURNING id",
        desk.exchange.tenant.tenant_id,
        desk.actor.user_id,
        desk.admin.user_id,
    )
    await _cancelled(desk, there, "float_assignment", float_id)
    row = await _one(desk, "SELECT state, over_at FROM float_assignments WHERE id = $1", float_id)
    assert row["state"] == "ended_early" and row["over_at"] is not None
