"""The demo company's people become employees once, with teams that lead somewhere and a week that is not empty."""

from datetime import date
from typing import Any, cast

from cli.demonstration.cast import HARBOR
from cli.demonstration.masters import House
from cli.demonstration.staffing import employ
from services.workforce import absences, capacity, employees, teams
from tests.fixtures.tenancy import TenantFixture

MONDAY = date(2026, 11, 23)


class _House:
    """A company with its administrator."""

    company = HARBOR

    def __init__(self, tenant: TenantFixture) -> None:
        self.tenant = tenant

    async def admin(self) -> Any:
        return self.tenant.admin


async def test_everybody_is_employed_once_with_skills_teams_and_one_of_them_away(
    north: TenantFixture, south: TenantFixture
) -> None:
    signing_in = (await north.actor("Biller", email=HARBOR.people[2].email)).user_id
    house = cast(House, _House(north))
    assert await employ(house, MONDAY) and not await employ(house, MONDAY)
    known = (await employees.list_employees(north.admin)).items
    assert len(known) == len(HARBOR.people)
    assert [one.name for one in known if one.user_id == signing_in] == [HARBOR.people[2].name]
    assert [
        (one.name, one.lead_name, one.parent_name) for one in (await teams.list_teams(north.admin)).items
    ] == [
        ("Billing", HARBOR.people[0].name, ""),
        ("Denials", "Theo Lindqvist", "Billing"),
    ]
    (away,) = (await absences.list_absences(north.admin)).items
    assert away.substitute_name and away.starts_on == date(2026, 11, 30)
    week = await capacity.week_capacity(north.admin, MONDAY)
    # Thanksgiving leaves four days of eight hours.
    assert sum(one.seconds for one in week.teams) == len(HARBOR.people) * 4 * 28_800
    assert (await employees.list_employees(south.admin)).items == []
