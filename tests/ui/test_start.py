"""Where each job's day begins, and what its navigation leads to: one product, seen by people who do different work."""

import re
from uuid import uuid4

import asyncpg
import pytest

import ui.pages  # noqa: F401 - registers the pages
from domain.tenancy import Actor
from policies.default_roles import roles_for
from policies.guard import RoleFacts, build, permissions_of
from policies.permissions import Permission as P
from services.tenancy import roles
from tests.fixtures.tenancy import TenantFixture, founded
from tests.ui.conftest import Visit
from ui.jobs import JOBS, jobs_of
from ui.page import route
from ui.start import overview_of, start_of

CARE_ROLES = ("Care Coordinator", "Care Manager", "Billing Staff", "Tenant Admin")


def _person(kind: str, role: str) -> Actor:
    facts = (
        RoleFacts(one.name, frozenset(one.permissions), frozenset(one.inherits_from))
        for one in roles_for(kind)
    )
    held = permissions_of(build(facts), [role])
    return Actor(uuid4(), uuid4(), "person", role, held)


@pytest.mark.parametrize("kind", ["billing", "care", "clinic"])
def test_everybody_starts_on_a_page_that_their_role_opens(kind: str) -> None:
    for role in roles_for(kind):
        person = _person(kind, role.name)
        page, _ = route(start_of(person))
        assert page.permission is None or person.may(page.permission), role.name


def test_roles_of_a_care_company_start_at_their_own_work() -> None:
    starts = {role: start_of(_person("care", role)) for role in CARE_ROLES}
    assert starts["Care Coordinator"] == "/care"
    assert (starts["Care Manager"], starts["Billing Staff"]) == ("/care/team", "/care/months")
    assert starts["Tenant Admin"] == "/" == start_of(_person("billing", "Biller"))
    assert overview_of(_person("care", "Care Coordinator")) == ""
    assert overview_of(_person("care", "Billing Staff")) == "/?show=overview"


def test_a_care_company_finds_care_before_claims_and_nothing_twice() -> None:
    keys = [job.key for job in jobs_of("care")]
    assert keys.index("care") < keys.index("claims")
    assert sorted(keys) == sorted(job.key for job in JOBS) and jobs_of("billing") == JOBS


@pytest.mark.slow
async def test_each_role_is_led_to_its_day_and_sees_its_own_menu(
    house: asyncpg.Connection, password_hash: str, south: TenantFixture, visit: Visit
) -> None:
    meadow = await founded(house, "meadow", password_hash, "care")
    menus = {}
    for role in CARE_ROLES:
        person = meadow.admin if role == "Tenant Admin" else await meadow.actor(role)
        browser = await visit(meadow, person)
        first = await browser.get("/")
        start = start_of(person)
        assert (first.status, first.location) == ((200, "") if start == "/" else (303, start)), role
        shown = await browser.get(start)
        assert shown.status == 200, role
        menus[role] = _menu(shown.text)
        for href in menus[role]:
            assert (await browser.get(href)).status in (200, 303), f"{role}: {href}"
    assert "/claims" not in menus["Care Coordinator"] and "/care" in menus["Care Coordinator"]
    assert "/insight/payers" not in menus["Care Manager"] and "/team" in menus["Care Manager"]
    assert "/care" not in menus["Billing Staff"] and {"/claims", "/care/months"} < set(menus["Billing Staff"])
    assert set(menus["Care Coordinator"]) < set(menus["Care Manager"]) < set(menus["Tenant Admin"]) | {"/"}
    browser = await visit(south, south.admin)
    assert "/care" not in _menu((await browser.get("/")).text)


def _menu(page: str) -> list[str]:
    """The addresses of the main navigation, as the page was sent."""
    text = page.replace("\\u003C", "<").replace("\\u003E", ">").replace('\\"', '"').replace("\\u0022", '"')
    found = re.search(r'<nav[^>]*class="side"[^>]*>(.*?)</nav>', text, re.S)
    assert found, page[-400:]
    return [href for href in re.findall(r'href="(/[^"]*)"', found[1]) if href != "/checklist"]


async def test_who_leads_without_recording_sees_time_sheets(
    visit: Visit, north: TenantFixture, south: TenantFixture
) -> None:
    await roles.add_role(north.admin, "Lead", "", [P.CARE_VIEW, P.CARE_MANAGE])
    browser = await visit(north, await north.actor("Lead"))
    tab = await browser.open("/care/timesheets/team?span=month&on=2026-10-01")
    assert "Time sheets" in tab.main and "My own" not in tab.main
    assert 'href="/care/timesheets"' not in tab.main and 'href="/care/timesheets/team"' in tab.main
    whose = "/care/timesheets/of/{}?span=week&on=2026-10-01"
    assert north.admin.name in (await browser.open(whose.format(north.admin.user_id))).main
    assert (await browser.get(whose.format(south.admin.user_id))).status == 404
    assert (await browser.get("/care/timesheets")).status == 403
