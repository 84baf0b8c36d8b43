"""What a denial specialist does with the pages: find by deadline, tick the playbook, write the appeal, set a playbook."""

from tests.ui.conftest import Both, Visit
from tests.ui.test_working import error_at


async def test_a_denial_is_found_filtered_and_worked_by_its_checklist(both: Both, visit: Visit) -> None:
    north, south = both
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/denials")
    assert "Coding and bundling" in tab.main
    await tab.do("choose", name="class", value="authorization")
    assert "No denial matches" in tab.main
    await tab.go(f"/claims/{north.ids['claim_id']}")
    assert "Read the note" in tab.main
    await tab.do("tick", id=str(north.ids["denial_id"]), step="0", value="true")
    assert "checked" in tab.main
    elsewhere = await (await visit(south.tenant, south.tenant.admin)).open("/denials")
    assert "Northmark" not in elsewhere.main


async def test_an_appeals_page_keeps_what_is_written_and_refuses_what_cannot_be(
    both: Both, visit: Visit
) -> None:
    north, _ = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open(f"/appeals/{north.ids['appeal_id']}")
    assert "Waits" not in tab.main
    await tab.do("write", fields={"argument": "It was covered.", "attachments": "Card\nNote"})
    assert "It was covered." in tab.main
    await tab.do("ask_sent")
    await tab.do("sent", fields={"on": "2099-01-01", "channel": "portal", "tracking": ""})
    assert "from the payer" in error_at(tab, "on")


async def test_a_letter_with_an_unknown_field_is_refused_at_its_field(both: Both, visit: Visit) -> None:
    north, _ = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/playbooks?class=coding")
    facts = {"route": "appeal", "due_days": "3", "high": "10", "first": "20", "approval": "", "steps": "Call"}
    await tab.do("save", fields={**facts, "effective_from": "2099-01-01", "letter": "{{nobody}}"})
    assert "There is no field" in error_at(tab, "letter")
    await tab.do("save", fields={**facts, "effective_from": "2099-01-01", "letter": "To {{payer_name}}"})
    assert "Jan 1, 2099" in tab.main
    reader = await (await visit(north.tenant, await north.tenant.actor("Biller"))).open(
        "/playbooks?class=coding"
    )
    assert "Keep from this day on" not in reader.main
