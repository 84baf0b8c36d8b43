"""What a person may no longer do, no page that stayed open does for them."""

from uuid import UUID

import pytest

from database.session import platform_session
from domain.tenancy import Actor
from services.tenancy import people, sign_in
from tests.fixtures.tenancy import TenantFixture
from tests.ui.acting import actions_of, arguments, rows_of, typed, unforeseen
from tests.ui.addresses import pages
from tests.ui.conftest import Both, Visit, sign_in_of, without_rights

pytestmark = pytest.mark.slow


async def second_admin(tenant: TenantFixture) -> tuple[Actor, UUID]:
    """Another administrator, and their membership."""
    actor = await tenant.actor("Tenant Admin")
    membership = await tenant.owner.fetchval(
        "SELECT id FROM memberships WHERE tenant_id = $1 AND user_id = $2", tenant.tenant_id, actor.user_id
    )
    return actor, membership


async def take_rights(tenant: TenantFixture, membership: UUID) -> None:
    """As an administrator does it on the page of people: exactly one role, which holds nothing."""
    await without_rights(tenant)
    role = await tenant.owner.fetchval(
        "SELECT id FROM roles WHERE tenant_id = $1 AND name = 'Nothing'", tenant.tenant_id
    )
    assert tenant.admin.user_id is not None
    await people.set_roles(await tenant.person(tenant.admin.user_id), membership, [role])


async def test_no_open_page_does_anything_once_the_rights_are_gone(standing: Both, visit: Visit) -> None:
    north, _ = standing
    actor, membership = await second_admin(north.tenant)
    browser = await visit(north.tenant, actor)
    tabs = [(one, await browser.open(one.address(north.ids))) for one in pages()]
    await take_rights(north.tenant, membership)
    before, faults, tried = await rows_of(north.tenant), [], 0
    for one, tab in tabs:
        for action in actions_of(one, north.ids):
            chosen = (str(north.ids["claim_id"]),)
            said = arguments(one, north.ids)
            await tab.do(action, fields=typed(north.ids), selected=chosen, value="Northmark", **said)
            faults += unforeseen(one, action, tab)
            tried += 1
    assert faults == []
    assert tried > 120
    assert await rows_of(north.tenant) == before


async def test_a_click_that_is_no_longer_allowed_is_refused_in_words(standing: Both, visit: Visit) -> None:
    north, _ = standing
    actor, membership = await second_admin(north.tenant)
    tab = await (await visit(north.tenant, actor)).open(f"/claims/{north.ids['claim_id']}")
    assert "Northmark" in tab.main
    await take_rights(north.tenant, membership)
    before = await rows_of(north.tenant)
    await tab.do("hold", fields={"reason": "Waiting for the referral"})
    tone, title, what_to_do = tab.told[0]
    assert tone == "bad"
    assert title.startswith("Your roles do not allow this")
    assert what_to_do.startswith("Ask an administrator")
    assert "Northmark" not in tab.main, "what may no longer be seen is gone from the page"
    assert "Your roles do not allow this" in tab.main
    assert await rows_of(north.tenant) == before


async def test_a_page_that_may_no_longer_be_opened_is_not_opened_from_an_open_one(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    actor, membership = await second_admin(north.tenant)
    tab = await (await visit(north.tenant, actor)).open("/claims")
    assert 'href="/team"' in tab.regions["frame"]
    await take_rights(north.tenant, membership)
    await tab.go("/people")
    assert "Your roles do not open this page." in tab.main
    assert 'href="/team"' not in tab.regions["frame"], "the navigation follows"


@pytest.mark.parametrize("path", ["/claims", "/"])
async def test_a_sign_in_that_ended_leads_to_the_sign_in_and_back(
    standing: Both, visit: Visit, path: str
) -> None:
    north, _ = standing
    token = await sign_in_of(north.tenant.admin)
    tab = await (await visit(north.tenant, token=token)).open(path)
    await sign_in.sign_out(token)
    before = await rows_of(north.tenant)
    await tab.do("@refresh")
    assert tab.left_for == f"/sign-in?back={path.replace('/', '%2F')}"
    await tab.do("release_many", selected=(str(north.ids["claim_id"]),))
    assert await rows_of(north.tenant) == before


async def test_idle_hands_are_logged_off(standing: Both, visit: Visit) -> None:
    north, _ = standing
    token = await sign_in_of(north.tenant.admin)
    tab = await (await visit(north.tenant, token=token)).open("/claims")
    async with platform_session() as connection:
        await connection.execute(
            "UPDATE sign_ins SET last_seen_at = now() - interval '31 minutes' WHERE user_id = $1",
            north.tenant.admin.user_id,
        )
    await tab.do("filter", value="x")
    assert tab.left_for == "/sign-in?back=%2Fclaims"


async def test_a_membership_that_ended_closes_the_open_page(standing: Both, visit: Visit) -> None:
    north, _ = standing
    actor, membership = await second_admin(north.tenant)
    tab = await (await visit(north.tenant, actor)).open(f"/claims/{north.ids['claim_id']}")
    await people.end_membership(north.tenant.admin, membership)
    before = await rows_of(north.tenant)
    await tab.do("release")
    assert tab.told or tab.left_for
    assert await rows_of(north.tenant) == before


async def test_an_open_page_follows_what_happens_in_its_tenant_and_in_no_other(
    standing: Both, visit: Visit
) -> None:
    north, south = standing
    here = await (await visit(north.tenant, north.tenant.admin)).open("/claims")
    there = await (await visit(south.tenant, south.tenant.admin)).open("/claims")
    await north.tenant.owner.execute(
        "SELECT set_config('app.tenant_id', $1, false)", str(north.tenant.tenant_id)
    )
    await north.tenant.owner.execute(
        "UPDATE claims SET reference = 'C-7777' WHERE id = $1", north.ids["claim_id"]
    )
    assert await here.until("C-7777")
    assert not await there.until("C-7777", seconds=0.6)


async def test_an_open_page_closes_by_itself_when_its_person_signs_out_elsewhere(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    token = await sign_in_of(north.tenant.admin)
    tab = await (await visit(north.tenant, token=token)).open("/claims")
    await sign_in.sign_out(token)
    await north.tenant.owner.execute(
        "SELECT set_config('app.tenant_id', $1, false)", str(north.tenant.tenant_id)
    )
    await north.tenant.owner.execute(
        "UPDATE claims SET updated_at = now() WHERE id = $1", north.ids["claim_id"]
    )
    assert await tab.leaves() == "/sign-in?back=%2Fclaims"
