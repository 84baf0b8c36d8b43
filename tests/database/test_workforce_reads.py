"""Who leads whom, who stands in for whom, and when an office is open: asked inside one tenant only."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

from database.session import tenant_session
from database.workforce_reads import calendar_of, manager_of, substitute_of
from domain.tenancy import workflow_actor
from tests.fixtures.tenancy import TenantFixture

OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]


async def insert(tenant: TenantFixture, table: str, **values: object) -> UUID:
    """A row of this tenant; its id."""
    names = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(2, len(values) + 2))
    row: UUID = await tenant.owner.fetchval(
        f"INSERT INTO {table} (tenant_id, {names}) VALUES ($1, {places}) RETURNING id",
        tenant.tenant_id,
        *values.values(),
    )
    return row


async def test_the_manager_is_the_nearest_lead_above_who_is_somebody_else(
    north: TenantFixture, south: TenantFixture
) -> None:
    boss, lead, biller = [(await north.actor(role)).user_id for role in ("Team Lead", "Team Lead", "Biller")]
    whole = await insert(north, "teams", name="Billing")
    part = await insert(north, "teams", name="Denials", parent_id=whole)
    people = [
        await insert(north, "employees", number=str(number), name="Somebody", user_id=user, team_id=team)
        for number, (user, team) in enumerate(((boss, whole), (lead, part), (biller, part)))
    ]
    for team, leader in ((whole, people[0]), (part, people[1])):
        await north.owner.execute("UPDATE teams SET lead_id = $2 WHERE id = $1", team, leader)
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        assert biller and lead and boss
        assert await manager_of(session, biller) == lead
        assert await manager_of(session, lead) == boss
        assert await manager_of(session, boss) is None
    async with tenant_session(workflow_actor(south.tenant_id, "tests")) as session:
        assert await manager_of(session, biller) is None


async def test_a_substitute_stands_in_on_the_days_of_the_absence_and_no_other(
    north: TenantFixture, south: TenantFixture
) -> None:
    away, there = [(await north.actor("Biller")).user_id for _ in range(2)]
    first, second = [
        await insert(north, "employees", number=f"{user}", name="Somebody", user_id=user)
        for user in (away, there)
    ]
    await insert(
        north,
        "absences",
        employee_id=first,
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 5),
        kind="leave",
        substitute_id=second,
    )
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        assert away is not None
        days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 5), date(2026, 12, 6)]
        assert [await substitute_of(session, away, day) for day in days] == [None, there, there, None]


async def test_the_standard_calendar_counts_where_there_is_no_own_one(
    north: TenantFixture, south: TenantFixture
) -> None:
    calendar = await insert(
        north, "calendars", name="West", zone="America/Los_Angeles", week=json.dumps(OFFICE), standard=True
    )
    await north.owner.execute(
        "INSERT INTO calendar_closed_days (tenant_id, calendar_id, day) VALUES ($1, $2, $3)",
        north.tenant_id,
        calendar,
        date(2026, 11, 26),
    )
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        found = await calendar_of(session)
        assert found == await calendar_of(session, calendar)
        assert not found.is_open(datetime(2026, 11, 26, 18, tzinfo=UTC))
        assert found.is_open(datetime(2026, 11, 27, 18, tzinfo=UTC))
    async with tenant_session(workflow_actor(south.tenant_id, "tests")) as session:
        assert (await calendar_of(session)).zone == "America/New_York"
