"""The board of the day, due dates on an open item, and the rules of clocks with what each would change."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from activities.work import Opening, open_items
from database.session import tenant_session
from domain.tenancy import workflow_actor
from domain.work_kinds import Kind
from tests.fixtures.tenancy import TenantFixture
from tests.ui.conftest import Both, Visit

HERE = ZoneInfo("America/New_York")


async def opened(tenant: TenantFixture, title: str, due_at: datetime | None = None) -> UUID:
    key = str(uuid4())
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await open_items(session, [Opening(key, Kind.HOLD, title, due_at=due_at)])
        return await session.value("SELECT id FROM work_items WHERE key = $1", key)


async def test_a_count_of_the_board_opens_the_queue_that_lists_it(both: Both, visit: Visit) -> None:
    north, south = both
    past = datetime.now(HERE) - timedelta(days=2)
    await opened(north.tenant, "C-77 held", past), await opened(south.tenant, "C-88 held", past)
    lead = await visit(north.tenant, await north.tenant.actor("Team Lead"))
    board = await lead.open("/operations")
    assert "Breached" in board.main
    assert "/work?tab=all&amp;order=due&amp;due=overdue&amp;kind=hold" in board.main
    assert "C-88" not in board.main
    listed = await lead.open("/work?tab=all&order=due&due=overdue&kind=hold&owner=free&client=none")
    assert "C-77 held" in listed.main
    assert "No client" in listed.main
    shown = await lead.get("/export/due-today.csv")
    assert "Hold" in shown.text
    biller = await visit(north.tenant, await north.tenant.actor("Biller"))
    assert "Your roles do not open this page" in (await biller.get("/operations")).text


async def test_a_due_date_is_changed_at_the_open_item_with_a_reason(both: Both, visit: Visit) -> None:
    north, _ = both
    item = await opened(north.tenant, "C-78 held")
    tab = await (await visit(north.tenant, north.tenant.admin)).open(f"/work?tab=all&item={item}")
    assert "to begin" in tab.main
    await tab.do("ask_change_due", id=str(item))
    assert "Change the due date" in tab.regions["over"]
    later = (datetime.now(HERE) + timedelta(days=8)).strftime("%Y-%m-%dT%H:%M")
    await tab.do("change_due", id=str(item), fields={"due_at": later, "reason": ""})
    assert "Write a few words" in tab.regions["over"]
    await tab.do("change_due", id=str(item), fields={"due_at": later, "reason": "Records were asked for"})
    assert ("ok", "Due date changed.", "") in tab.told
    assert "Records were asked for" in tab.main


async def test_a_rule_shows_what_it_changes_before_it_is_entered_and_open_items_follow(
    both: Both, visit: Visit
) -> None:
    north, south = both
    item, foreign = await opened(north.tenant, "C-79 held"), await opened(south.tenant, "C-89 held")
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/settings/clocks")
    await tab.do("ask_rule")
    today = datetime.now(HERE).date().isoformat()
    typed = {
        "kind": "hold",
        "client_id": "",
        "priority": "",
        "start_seconds": "two",
        "due_seconds": "80",
        "warn_percent": "75",
        "escalate_seconds": "8",
        "calendar_id": "",
        "effective_from": today,
        "reason": "Contract of May",
    }
    await tab.do("preview", fields=typed)
    assert "Enter open hours" in tab.regions["over"]
    await tab.do("preview", fields=typed | {"start_seconds": "20"})
    assert "would have other dates" in tab.regions["over"]
    assert "C-79 held" in tab.regions["over"]
    assert "C-89" not in tab.regions["over"]
    await tab.do("keep", fields=typed | {"start_seconds": "20"})
    assert "In force" in tab.main
    owner = north.tenant.owner
    before = await owner.fetchval("SELECT due_at FROM work_items WHERE id = $1", item)
    await tab.do("ask_run")
    await tab.do("run", fields={"reason": "Contract of May"})
    assert "Open items were counted anew" in tab.main
    assert await owner.fetchval("SELECT due_at FROM work_items WHERE id = $1", item) > before
    assert await owner.fetchval("SELECT clock_source FROM work_items WHERE id = $1", foreign) == ""
