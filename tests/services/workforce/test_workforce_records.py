"""Employees, teams, skills, calendars and absences, in one tenant and never in another's."""

from datetime import date
from uuid import UUID

import pytest

from database.session import tenant_session
from database.workforce_reads import calendar_of, manager_of, substitute_of
from domain.refusals import Invalid, NotAllowed, NotFound, Refusal
from domain.tenancy import workflow_actor
from services.workforce import absences, calendars, capacity, employees, skills, teams
from services.workforce.absences import AbsenceFacts
from services.workforce.calendars import CalendarFacts, ClosedDay
from services.workforce.employees import EmployeeFacts, SkillLevel
from services.workforce.skills import SkillFacts
from services.workforce.teams import TeamFacts
from tests.fixtures.tenancy import TenantFixture

OFFICE = ["09:00-17:00"] * 5 + ["", ""]
MONDAY = date(2026, 11, 23)


async def hired(tenant: TenantFixture, number: str, user_id: UUID | None = None, **more: object) -> UUID:
    """A new employee's id."""
    facts = EmployeeFacts(number, f"Person {number}", user_id=user_id, **more)  # type: ignore[arg-type]
    return (await employees.add_employee(tenant.admin, facts)).id


async def test_an_employee_has_a_number_of_their_own_skills_and_a_sign_in_of_this_tenant(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller, stranger = await north.actor("Biller"), await south.actor("Biller")
    skill = await skills.add_skill(north.admin, SkillFacts("Denials"))
    facts = EmployeeFacts("7", "Ada Reyes", user_id=biller.user_id, skills=[SkillLevel(skill.id, 4)])
    made = await employees.add_employee(north.admin, facts)
    assert [(one.name, one.level) for one in made.skills] == [("Denials", 4)]
    assert biller.user_id not in {one.id for one in await employees.free_members(north.admin)}
    with pytest.raises(Refusal, match="number"):
        await employees.add_employee(north.admin, EmployeeFacts("7", "Somebody else"))
    for user in (stranger.user_id, biller.user_id):
        with pytest.raises(Invalid):
            await employees.add_employee(north.admin, EmployeeFacts("8", "Ben", user_id=user))
    with pytest.raises(NotFound):
        await employees.get_employee(south.admin, made.id)
    with pytest.raises(NotAllowed):
        await employees.change_employee(biller, made.id, facts)
    assert (await employees.list_employees(south.admin)).items == []
    found = await employees.list_employees(north.admin, "reyes", skill_id=skill.id, limit=1)
    assert [one.id for one in found.items] == [made.id]


async def test_a_team_stands_neither_above_itself_nor_under_another_tenants(
    north: TenantFixture, south: TenantFixture
) -> None:
    whole = await teams.add_team(north.admin, TeamFacts("Billing"))
    part = await teams.add_team(north.admin, TeamFacts("Denials", whole.id))
    leaf = await teams.add_team(north.admin, TeamFacts("Appeals", part.id))
    for parent in (whole.id, leaf.id):
        with pytest.raises(Invalid, match="above itself"):
            await teams.change_team(north.admin, whole.id, TeamFacts("Billing", parent))
    foreign = await teams.add_team(south.admin, TeamFacts("Billing"))
    with pytest.raises(Invalid):
        await teams.add_team(north.admin, TeamFacts("More", foreign.id))
    lead, biller = await north.actor("Team Lead"), await north.actor("Biller")
    leader = await hired(north, "1", lead.user_id)
    await hired(north, "2", biller.user_id, team_id=leaf.id)
    await teams.change_team(north.admin, part.id, TeamFacts("Denials", whole.id, leader))
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        assert biller.user_id and await manager_of(session, biller.user_id) == lead.user_id
    with pytest.raises(Invalid, match="people"):
        await teams.deactivate_team(north.admin, leaf.id, "No longer needed")


async def test_a_calendar_closes_on_the_federal_holidays_that_were_chosen(
    north: TenantFixture, south: TenantFixture
) -> None:
    for week in (["25:00-26:00"] + [""] * 6, [""] * 7, ["09:00-12:00, 11:00-13:00"] + [""] * 6, OFFICE[:3]):
        with pytest.raises(Invalid):
            await calendars.add_calendar(north.admin, CalendarFacts("Odd", "UTC", week))
    first = await calendars.add_calendar(north.admin, CalendarFacts("East", "America/New_York", OFFICE, True))
    lunch = ["9:00-12:00, 13:00-24:00", *OFFICE[1:]]
    second = await calendars.add_calendar(north.admin, CalendarFacts("West", "America/Denver", lunch, True))
    assert second.week[0] == "09:00-12:00, 13:00-00:00"
    assert not (await calendars.get_calendar(north.admin, first.id)).standard
    suggested = await calendars.suggested_holidays(north.admin, 2026)
    thanksgiving = ClosedDay(date(2026, 11, 26), "Thanksgiving Day")
    assert thanksgiving in suggested and len(suggested) >= 11
    closed = await calendars.close_days(north.admin, second.id, suggested)
    assert thanksgiving in closed.closed_days
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        assert thanksgiving.day in (await calendar_of(session)).closed
    opened = await calendars.open_day(north.admin, second.id, thanksgiving.day)
    assert len(opened.closed_days) == len(suggested) - 1
    with pytest.raises(NotFound):
        await calendars.close_days(south.admin, second.id, [thanksgiving])


async def test_a_person_enters_their_own_absence_and_nobody_elses(
    north: TenantFixture, south: TenantFixture
) -> None:
    away, there = await north.actor("Biller"), await north.actor("Biller")
    mine, other = await hired(north, "1", away.user_id), await hired(north, "2", there.user_id)
    facts = AbsenceFacts(mine, MONDAY, date(2026, 11, 27), substitute_id=other)
    made = await absences.enter_absence(away, facts)
    with pytest.raises(NotAllowed):
        await absences.enter_absence(away, AbsenceFacts(other, MONDAY, MONDAY))
    with pytest.raises(NotAllowed):
        await absences.cancel_absence(there, made.id)
    with pytest.raises(Invalid, match="already"):
        await absences.enter_absence(away, AbsenceFacts(mine, date(2026, 11, 27), date(2026, 11, 30)))
    with pytest.raises(NotFound):
        await absences.cancel_absence(south.admin, made.id)
    own = await absences.my_time(away)
    assert [one.id for one in own.colleagues] == [other] and own.employee_id == mine
    assert (await absences.my_time(south.admin)).employee_id is None
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        assert away.user_id and await substitute_of(session, away.user_id, MONDAY) == there.user_id
    await absences.cancel_absence(away, made.id)
    assert (await absences.list_absences(north.admin)).items == []


async def test_substitutes_stand_in_for_one_another_on_different_days_only(
    north: TenantFixture, south: TenantFixture
) -> None:
    one, two, three = [await hired(north, str(number)) for number in range(3)]
    days = [date(2026, 12, day) for day in range(1, 10)]
    await absences.enter_absence(north.admin, AbsenceFacts(one, days[0], days[4], substitute_id=two))
    await absences.enter_absence(north.admin, AbsenceFacts(two, days[3], days[6], substitute_id=three))
    with pytest.raises(Invalid, match="December 4"):
        await absences.enter_absence(north.admin, AbsenceFacts(three, days[2], days[8], substitute_id=one))
    late = AbsenceFacts(three, days[5], days[8], substitute_id=one)
    made = await absences.enter_absence(north.admin, late)
    facts = AbsenceFacts(three, days[4], days[8], substitute_id=one)
    with pytest.raises(Invalid, match="come back"):
        await absences.change_absence(north.admin, made.id, facts)
    assert (await absences.list_absences(south.admin)).items == []


async def test_the_capacity_of_a_week_leaves_out_holidays_and_absences(
    north: TenantFixture, south: TenantFixture
) -> None:
    made = await calendars.add_calendar(north.admin, CalendarFacts("East", "America/New_York", OFFICE, True))
    await calendars.close_days(north.admin, made.id, [ClosedDay(date(2026, 11, 26))])
    team = await teams.add_team(north.admin, TeamFacts("Billing"))
    first = await hired(north, "1", team_id=team.id)
    await hired(north, "2", team_id=team.id, daily_seconds=14_400, hire_date=date(2026, 11, 25))
    await hired(north, "3", left_on=date(2026, 11, 1))
    await absences.enter_absence(north.admin, AbsenceFacts(first, date(2026, 11, 25), date(2026, 11, 29)))
    week = await capacity.week_capacity(north.admin, date(2026, 11, 26))
    hour = 3_600
    assert week.monday == MONDAY
    assert [(one.name, one.people, one.people_away, one.seconds, one.away_seconds) for one in week.teams] == [
        ("Billing", 2, 1, (4 * 8 + 2 * 4) * hour, 2 * 8 * hour)
    ]
    assert (await capacity.week_capacity(south.admin, MONDAY)).teams == []
