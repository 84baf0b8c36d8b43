"""The inbox at an open page: acts on a selection, views with an address, and rights that end while the page is open."""

import re
from uuid import UUID, uuid4

from activities.work import open_item
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.fixtures.tenancy import TenantFixture
from tests.ui.conftest import Both, Visit


async def opened(tenant: TenantFixture, title: str) -> UUID:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await open_item(session, str(uuid4()), "hold", title)


async def test_a_selection_is_taken_and_finished_with_an_outcome_per_row(both: Both, visit: Visit) -> None:
    north, south = both
    first, second = await opened(north.tenant, "C-7 held"), await opened(north.tenant, "C-8 held")
    one, two = await north.tenant.actor("Biller"), await north.tenant.actor("Biller")
    mine, theirs = await (await visit(north.tenant, one)).open("/work"), await visit(north.tenant, two)
    tab = await theirs.open("/work")
    await tab.do("bulk", act="take", selected=(str(first),))
    await mine.do("bulk", act="take", selected=(str(first), str(second), str(south.ids["item_id"])))
    assert "1 done, 2 refused" in mine.regions["over"]
    assert f"{two.name} took this meanwhile" in mine.regions["over"]
    await mine.go("/work?tab=mine")
    await mine.do("bulk", act="complete", selected=(str(second),))
    assert "How they end" in mine.regions["over"]
    await mine.do("bulk_now", act="complete", selected=(str(second),), fields={"decision": "recheck"})
    assert ("ok", "1 of 1 done.", "") in mine.told


async def test_a_view_is_kept_with_an_address_of_its_own_and_is_not_there_for_others(
    both: Both, visit: Visit
) -> None:
    north, south = both
    await opened(north.tenant, "C-9 held")
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/work?tab=all&kind=hold&group=kind")
    await tab.do("ask_view")
    await tab.do("save_view", fields={"name": "", "columns": ["what"], "ordering": "due", "grouping": "kind"})
    assert "Give it a name" in tab.regions["over"]
    fields = {"name": "Held ones", "columns": ["what", "opened"], "ordering": "due", "grouping": "kind"}
    await tab.do("save_view", fields=fields)
    address = re.search(r"/work\?view=[0-9a-f-]+", tab.at)
    assert address
    assert "Held ones" in tab.main
    assert "C-9 held" in tab.main
    again = await browser.open(address[0])
    assert "Opened" in again.main
    assert "Held ones" not in (await (await visit(south.tenant, south.tenant.admin)).open(address[0])).main
    await again.do("remove_view", id=address[0][-36:])
    assert "Held ones" not in again.main


async def test_on_an_open_page_nobody_does_what_they_may_no_longer_do(both: Both, visit: Visit) -> None:
    north, _ = both
    item = await opened(north.tenant, "C-10 held")
    biller = await north.tenant.actor("Biller")
    tab = await (await visit(north.tenant, biller)).open(f"/work?item={item}")
    await north.tenant.owner.execute(
        "DELETE FROM membership_roles WHERE membership_id IN (SELECT id FROM memberships WHERE user_id = $1)",
        biller.user_id,
    )
    await north.tenant.owner.execute(
        "UPDATE tenants SET policy_version = policy_version + 1 WHERE id = $1", north.tenant.tenant_id
    )
    for act in ("take", "watch"):
        await tab.do(act, id=str(item), on="true")
        assert tab.told[0][0] == "bad"
    await tab.do("bulk", act="take", selected=(str(item),))
    assert tab.told[0][0] == "bad"
    assert await north.tenant.owner.fetchval("SELECT owner_id FROM work_items WHERE id = $1", item) is None
