"""The figures of the menu and of the overview: the tenant's own, and only what the roles show."""

from activities.work import open_item
from database.session import tenant_session
from domain.claims.states import Status
from domain.tenancy import Actor, workflow_actor
from services.insight import overview as insight
from services.work import actions
from tests.fixtures.tenancy import TenantFixture


async def hold(tenant: TenantFixture, key: str) -> None:
    """One item in the tenant's queue."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await open_item(session, key, "hold", f"{key} held")


async def taken(actor: Actor) -> None:
    """Take the first free item."""
    from services.work import queue

    await actions.take(actor, (await queue.queue(actor)).items[0].id)


async def test_the_menu_counts_the_askers_own_and_free_work_in_their_tenant(
    north: TenantFixture, south: TenantFixture
) -> None:
    for key in ("C-1", "C-2", "C-3"):
        await hold(north, key)
    await hold(south, "C-9")
    biller = await north.actor("Biller")
    await taken(biller)
    counts = await insight.navigation(biller)
    assert (counts.mine, counts.available) == (1, 2)
    other = await insight.navigation(south.admin)
    assert (other.mine, other.available) == (0, 1)


async def test_what_a_role_may_not_take_is_not_counted_as_free(
    north: TenantFixture, south: TenantFixture
) -> None:
    await hold(north, "C-1")
    counts = await insight.navigation(await north.actor("View-Only"))
    assert counts.available == 0


async def test_every_status_of_a_claim_belongs_to_a_group_that_people_ask_for() -> None:
    grouped = {status for _, statuses in insight.GROUPS.values() for status in statuses}
    assert grouped == set(Status)


async def test_an_empty_tenant_has_honest_zeros(north: TenantFixture, south: TenantFixture) -> None:
    found = await insight.overview(north.admin)
    assert found.statuses == []
    assert (found.claims_30_days, found.paid_30_days, found.first_claim_at) == (0, 0, None)
