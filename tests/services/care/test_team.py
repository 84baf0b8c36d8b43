"""The manager's view: figures that lead to their entries, targets from a day on, and what is past its time."""

from datetime import date, timedelta

import pytest
import pytest_asyncio
import time_machine

from activities.work import open_item
from database.session import tenant_session
from domain.refusals import Invalid, NotAllowed
from domain.tenancy import Actor, workflow_actor
from domain.work import Kind
from services.care import team, team_entries, team_targets
from services.care.team_targets import TargetFacts
from services.care.time_rows import now
from services.work import escalating
from tests.fixtures.care import CareDesk
from tests.fixtures.exchange import Exchange


@pytest_asyncio.fixture
async def desk(here: Exchange) -> CareDesk:
    """A patient in care."""
    desk = await CareDesk(here).open()
    await desk.in_care()
    return desk


@pytest_asyncio.fixture
async def neighbour(there: Exchange) -> CareDesk:
    """The same in the other tenant, with time of its own."""
    desk = await CareDesk(there).open()
    await desk.in_care()
    await desk.spent(1)
    return desk


@pytest_asyncio.fixture
async def manager(desk: CareDesk) -> Actor:
    """Who leads the coordinators here."""
    return await desk.exchange.tenant.actor("Care Manager")


async def test_each_figure_of_the_month_leads_to_the_entries_that_it_is_made_of(
    at: time_machine.Traveller, desk: CareDesk, neighbour: CareDesk, manager: Actor
) -> None:
    seconds = 60
    kept = await desk.spent(seconds)
    await desk.spent(seconds)
    month = await team.team_month(manager)
    assert (month.patients, month.by_minutes, month.reached, month.unassigned) == (1, 1, 0, 0)
    line = next(one for one in month.coordinators if one.user_id == desk.actor.user_id)
    assert (line.patients, line.counted_seconds, line.missing_seconds) == (1, seconds, 1200 - seconds)
    assert (line.load, line.reckoned) == ("unknown", "No employee's hours are entered for this person.")
    assert sum(one.seconds for one in month.days) == month.counted_seconds == seconds
    assert [(one.name, one.counted_seconds) for one in month.teams] == [("No team", seconds)]
    day = next(one.day for one in month.days if one.seconds)
    by_person = await team_entries.team_entries(manager, staff_id=line.user_id)
    of_day = await team_entries.team_entries(manager, day=day)
    assert [one.id for one in by_person.items] == [one.id for one in of_day.items]
    assert {one.id: one.counted_seconds for one in of_day.items}[kept.id] in (0, seconds)
    assert sum(one.counted_seconds for one in of_day.items) == seconds
    page = await team_entries.team_entries(manager, limit=1)
    after = await team_entries.team_entries(manager, cursor=page.next, limit=1)
    assert [*page.items, *after.items] == of_day.items and after.next is None
    assert (await team_entries.team_entries(manager, staff_id=neighbour.actor.user_id)).items == []
    earlier = (month.month - timedelta(days=1)).strftime("%Y-%m")
    assert (await team.team_month(manager, earlier)).counted_seconds == 0
    for text in ("2026-13", "month", "2026", "２０２６-11"):
        with pytest.raises(Invalid):
            await team.team_month(manager, text)


async def test_only_those_who_manage_care_see_the_company_and_set_targets(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    facts = TargetFacts(date(2030, 1, 1), 100, 50)
    for ask in (
        team.team_month(desk.actor),
        team_entries.team_entries(desk.actor),
        team_entries.escalations(desk.actor),
        team_targets.list_targets(desk.actor),
        team_targets.set_target(desk.actor, facts),
    ):
        with pytest.raises(NotAllowed):
            await ask


async def test_a_target_holds_from_its_day_and_none_is_set_for_what_is_over(
    desk: CareDesk, neighbour: CareDesk, manager: Actor
) -> None:
    today = desk.today()
    await team_targets.set_target(manager, TargetFacts(today, 100, 50))
    assert desk.actor.user_id
    own = await team_targets.set_target(manager, TargetFacts(today, 900, 80, user_id=desk.actor.user_id))
    await team_targets.set_target(manager, TargetFacts(today + timedelta(days=60), 5, 5, user_id=own.user_id))
    line = next(one for one in (await team.team_month(manager)).coordinators if one.user_id == own.user_id)
    assert line.target and (line.target.minutes, line.target.whose) == (900, own.whose)
    assert len(await team_targets.list_targets(manager)) == 3
    wrong = TargetFacts(
        today - timedelta(days=40), 99_999, 101, neighbour.actor.user_id, desk.exchange.client_id
    )
    with pytest.raises(Invalid) as refused:
        await team_targets.set_target(manager, wrong)
    assert {one.field for one in refused.value.fields} == {
        "since", "minutes", "reached_percent", "user_id", "team_id",
    }  # fmt: skip
    other = await neighbour.exchange.tenant.actor("Care Manager")
    assert await team_targets.list_targets(other) == []


async def test_what_is_past_its_time_is_shown_with_its_patient(
    desk: CareDesk, neighbour: CareDesk, manager: Actor
) -> None:
    for where, due in ((desk, -1), (neighbour, -1), (desk, 1)):
        async with tenant_session(workflow_actor(where.exchange.tenant.tenant_id, "tests")) as session:
            await open_item(
                session,
                f"late:{due}",
                Kind.CARE_PLAN,
                "Patient 1, CCM care plan: look it over",
                subject_type="care_enrolment",
                subject_id=where.id,
                due_at=now() + timedelta(days=due),
            )
    found = await team_entries.escalations(manager)
    assert [(one.kind, one.enrolment_id, one.owner_name) for one in found] == [("care_plan", desk.id, "")]
    assert found[0].due_at < now() and (found[0].escalated_at, found[0].told) == (None, [])


async def test_what_is_late_names_those_who_were_told_and_nobody_else(
    desk: CareDesk, neighbour: CareDesk, manager: Actor
) -> None:
    owner, tenant_id = desk.exchange.tenant.owner, desk.exchange.tenant.tenant_id
    team_id = await owner.fetchval(
        "INSERT INTO teams (tenant_id, name) VALUES ($1, 'Nurses') RETURNING id", tenant_id
    )
    for number, one in enumerate((desk.actor, manager)):
        lead = await owner.fetchval(
            "INSERT INTO employees (tenant_id, user_id, number, name, team_id) VALUES ($1, $2, $3, $4, $5) RETURNING id",
            tenant_id, one.user_id, str(number), one.name, team_id,
        )  # fmt: skip
    await owner.execute("UPDATE teams SET lead_id = $1", lead)
    async with tenant_session(workflow_actor(tenant_id, "tests")) as session:
        await open_item(
            session, "late", Kind.CARE_RISK, "CE-1, CCM is behind 2026-11", subject_type="care_enrolment",
            subject_id=desk.id, due_at=now() - timedelta(minutes=1), owner_id=desk.actor.user_id,
        )  # fmt: skip
    [before] = await team_entries.escalations(manager)
    assert (before.escalated_at, before.told) == (None, [])
    await escalating.scan_tenant(tenant_id)
    [after] = await team_entries.escalations(manager)
    assert (after.owner_name, after.told) == (desk.actor.name, [manager.name])
    # Whoever leads the team since was not told of it.
    await owner.execute(
        "UPDATE teams SET lead_id = (SELECT id FROM employees WHERE user_id = $1)", desk.actor.user_id
    )
    assert (await team_entries.escalations(manager))[0].told == [manager.name]
    other = await neighbour.exchange.tenant.actor("Care Manager")
    assert await team_entries.escalations(other) == []
