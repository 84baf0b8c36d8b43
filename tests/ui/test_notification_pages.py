"""The bell and the page of notifications, told by another process than the one that shows them."""

import re

from database.notifications import notify
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.fixtures.tenancy import TenantFixture
from tests.ui.browsing import Tab
from tests.ui.conftest import Both, Visit


async def tell(tenant: TenantFixture, title: str, key: str, kind: str = "assigned") -> None:
    """Tell the administrator something from this process; the pages are served by another one."""
    assert tenant.admin.user_id
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await notify(session, [tenant.admin.user_id], kind=kind, title=title, href="/claims", key=key)


def unread(tab: Tab) -> int:
    """The number at the bell."""
    found = re.search(r"Notifications, (\d+) unread", tab.regions["frame"])
    return int(found[1]) if found else 0


async def test_what_another_process_tells_rings_at_once_and_is_said_aloud_unless_quiet(
    both: Both, visit: Visit
) -> None:
    north, south = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/claims")
    elsewhere = await (await visit(south.tenant, south.tenant.admin)).open("/claims")
    before = unread(tab)
    await tell(north.tenant, "C-1001 held: assigned to you by Maya", "one")
    assert await tab.until(f"Notifications, {before + 1} unread")
    assert await tab.hears("C-1001 held: assigned to you by Maya")
    assert elsewhere.told == []
    settings = await (await visit(north.tenant, north.tenant.admin)).open("/notifications/settings")
    kinds = {"page_kinds": ["assigned"], "digest_kinds": ["assigned"], "digest": "true", "digest_hour": "9"}
    times = {"quiet_from": "18:00", "quiet_to": "08:00", "zone": "America/Chicago"}
    await settings.do("choose", fields={"quiet": "always", **kinds, **times})
    assert ("ok", "Saved.", "") in settings.told
    assert "as caseload@localhost" in settings.main or "kept as files in" in settings.main
    tab.told.clear()
    await tell(north.tenant, "C-1002 held", "two")
    assert await tab.until(f"Notifications, {before + 2} unread")
    await tell(north.tenant, "North Admin mentions you", "three", "mention")
    await tell(north.tenant, "C-1003 held", "four")
    # A kind that is not wanted in the page does not count there.
    assert await tab.until(f"Notifications, {before + 3} unread")
    assert tab.told == []


async def test_the_list_filters_reads_and_leads_to_what_it_is_about(both: Both, visit: Visit) -> None:
    north, _ = both
    await tell(north.tenant, "C-7 held", "one")
    await tell(north.tenant, "QA-101 is complete", "two", "audit_complete")
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/notifications?kind=audit_complete")
    assert "QA-101 is complete" in tab.main and "C-7 held" not in tab.main
    await tab.do("mark_all")
    assert ("ok", "1 marked as read.", "") in tab.told
    await tab.go("/notifications?show=unread")
    assert "C-7 held" in tab.main and "QA-101" not in tab.main
    line = await north.tenant.owner.fetchval("SELECT id FROM notifications WHERE title = 'C-7 held'")
    await tab.go(f"/notifications/{line}")
    assert tab.at == "/claims"
    await tab.go("/notifications?show=unread")
    assert "C-7 held" not in tab.main
    await tab.go("/notifications")
    await tab.do("mark", id=str(line), read="")
    await tab.go("/notifications?show=unread")
    assert "C-7 held" in tab.main


async def test_nobody_reads_what_another_was_told(both: Both, visit: Visit) -> None:
    north, south = both
    line = north.ids["notification_id"]
    other = await north.tenant.actor("Team Lead")
    for tenant, person in ((north.tenant, other), (south.tenant, south.tenant.admin)):
        tab = await (await visit(tenant, person)).open(f"/notifications/{line}")
        assert tab.first.status == 404
        await tab.go("/notifications")
        assert "Northmark" not in tab.main
    assert await north.tenant.owner.fetchval("SELECT read_at FROM notifications WHERE id = $1", line) is None
