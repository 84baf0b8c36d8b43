"""Attempts to reach patients: kept with one click, counted until somebody is reached, taken back only with a reason."""

from datetime import date, timedelta

import asyncpg
import pytest
import time_machine

from database.care_outreach import reached_share
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotFound
from domain.tenancy import workflow_actor
from services.care import outreach, roster, timers
from services.care.outreach import OutreachFacts, OutreachStanding, OutreachView
from tests.fixtures.care import ELEVEN, CareDesk


async def _tried(desk: CareDesk, outcome: str, **said: str) -> OutreachView:
    return await outreach.record_outreach(desk.actor, desk.id, OutreachFacts(outcome, **said))


async def _standing(desk: CareDesk) -> OutreachStanding:
    found = (await roster.roster(desk.actor)).patients[0].outreach
    assert found
    return found


async def test_attempts_are_counted_until_somebody_is_reached_and_due_again_after_a_pause(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    assert (await _standing(desk)).due
    await _tried(desk, "no_answer")
    at.shift(timedelta(hours=1))
    await _tried(desk, "left_message", channel="text", note="Asked to call back")
    vain = await _standing(desk)
    assert (vain.in_vain, vain.last_label, vain.due, vain.due_on) == (
        2, "Left a message", False, date(2026, 11, 20),
    )  # fmt: skip
    at.shift(timedelta(days=2))
    assert (await _standing(desk)).due
    await _tried(desk, "reached")
    reached = await _standing(desk)
    assert (reached.in_vain, reached.due_on, reached.due) == (0, date(2026, 12, 1), False)
    lines = (await outreach.outreach_of(desk.actor, desk.id)).items
    assert [one.outcome for one in lines] == ["reached", "left_message", "no_answer"]
    assert lines[1].note == "Asked to call back"
    assert (await outreach.list_outreach(neighbour.actor)).items == []
    assert (await _standing(neighbour)).last_at is None


async def test_an_attempt_is_never_changed_only_taken_back_by_whoever_made_it_with_a_reason(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    attempt = await _tried(desk, "reached")
    colleague = await desk.coordinator()
    for actor in (colleague, neighbour.actor):
        with pytest.raises(NotFound):
            await outreach.remove_outreach(actor, attempt.id, "Not theirs")
    with pytest.raises(Invalid):
        await outreach.remove_outreach(desk.actor, attempt.id, "  ")
    assert (
        await outreach.remove_outreach(desk.actor, attempt.id, "Wrong patient")
    ).removed == "Wrong patient"
    with pytest.raises(Conflict):
        await outreach.remove_outreach(desk.actor, attempt.id, "Again")
    assert (await _standing(desk)).last_at is None
    patient = desk.exchange.patient_id
    async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
        assert await reached_share(session, [patient], ELEVEN - timedelta(days=1)) == {}
    await _tried(desk, "no_answer")
    async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
        assert await reached_share(session, [patient], ELEVEN - timedelta(days=1)) == {patient: (0, 1)}
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await session.execute("UPDATE care_outreach SET outcome = 'reached'")


async def test_with_an_attempt_the_clock_starts_or_stops(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    with pytest.raises(Conflict, match="does not run"):
        await _tried(desk, "reached", clock="stop")
    assert (await outreach.outreach_of(desk.actor, desk.id)).items == []
    await _tried(desk, "reached", clock="start")
    running = await timers.my_timer(desk.actor)
    assert running and running.activity == "patient_call"
    at.shift(timedelta(seconds=300))
    await timers.touch_timer(desk.actor, running.id, note="Inhaler empty")
    await _tried(desk, "refused", clock="stop", note="Will call back")
    kept = (await timers.stop_timer(desk.actor, running.id, "")).entries
    assert [(one.seconds, one.note) for one in kept] == [(300, "Inhaler empty; Will call back")]
    assert (await outreach.outreach_of(neighbour.actor, neighbour.id)).items == []


async def test_what_is_no_channel_outcome_or_wish_is_refused_by_name(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    with pytest.raises(Invalid) as refused:
        await _tried(desk, "maybe", channel="pigeon", clock="wind", note="x" * 2001)
    assert {one.field for one in refused.value.fields} == {"outcome", "channel", "clock", "note"}
    with pytest.raises(NotFound):
        await outreach.record_outreach(neighbour.actor, desk.id, OutreachFacts("reached"))
