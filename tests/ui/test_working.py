"""What people do with the pages all day: take work, see what others do, capture a claim, filter and come back."""

import asyncio
import re

import httpx

from activities.work import open_item
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.api.furnished import Furnished
from tests.ui.browsing import Tab
from tests.ui.conftest import Both, Visit


def error_at(tab: Tab, field: str) -> str:
    """What stands beside a field of the open page or dialog; empty when nothing is wrong."""
    shown = "".join(tab.regions.values())
    found = re.search(rf'id="e-{re.escape(field)}"[^>]*>([^<]*)<', shown)
    return found[1] if found else ""


async def gone(tab: Tab, words: str) -> bool:
    """Whether words leave the open page soon, by themselves."""
    for _ in range(100):
        if words not in tab.main:
            return True
        await asyncio.sleep(0.05)
    return False


async def held(tenant: Furnished, reference: str) -> str:
    """One more item in the tenant's queue; its id."""
    async with tenant_session(workflow_actor(tenant.tenant.tenant_id, "tests")) as session:
        item = await open_item(
            session,
            reference,
            "hold",
            f"{reference} held",
            subject_type="claim",
            subject_id=tenant.ids["claim_id"],
        )
    return str(item)


async def test_an_item_that_somebody_takes_leaves_the_others_queue_by_itself(
    standing: Both, visit: Visit
) -> None:
    north, south = standing
    item = await held(north, "C-71")
    lead = await (await visit(north.tenant, await north.tenant.actor("Team Lead"))).open("/work")
    biller = await (await visit(north.tenant, await north.tenant.actor("Biller"))).open("/work")
    elsewhere = await (await visit(south.tenant, south.tenant.admin)).open("/work")
    assert "C-71 held" in lead.main
    assert "C-71 held" in biller.main
    before = elsewhere.main
    await biller.go(f"/work?item={item}")
    await biller.do("take", id=item)
    assert biller.told[0][1] == "Yours now."
    assert await gone(lead, "C-71 held")
    assert elsewhere.main == before


async def test_an_item_taken_by_another_is_refused_with_the_name(standing: Both, visit: Visit) -> None:
    north, _ = standing
    item = await held(north, "C-72")
    address = f"/work?item={item}"
    first = await (await visit(north.tenant, await north.tenant.actor("Team Lead"))).open(address)
    second = await (await visit(north.tenant, await north.tenant.actor("Biller"))).open(address)
    await first.do("take", id=item)
    await second.do("take", id=item)
    tone, title, what_to_do = second.told[0]
    assert tone == "bad"
    assert "took this meanwhile" in title
    assert "Take another item" in what_to_do


async def test_returning_without_a_comment_asks_for_it_at_its_field_and_keeps_the_item(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    item = await held(north, "C-73")
    tab = await (await visit(north.tenant, await north.tenant.actor("Biller"))).open(f"/work?item={item}")
    await tab.do("take", id=item)
    await tab.do("ask_give_back", id=item)
    await tab.do("give_back", id=item, fields={"comment": " "})
    await north.tenant.owner.fetch(
        "SELECT w.id, w.owner_id, u.name, w.tenant_id, w.version FROM work_items w LEFT JOIN users u ON u.id=w.owner_id"
    )
    assert error_at(tab, "comment")
    await tab.do("give_back", id=item, fields={"comment": "The NPI is the client's."})
    assert tab.told[0][1] == "Returned to the queue."
    assert tab.regions["over"] == ""


async def test_a_decision_that_needs_a_comment_says_so_and_then_opens_the_next_item(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    item, _ = await held(north, "C-74"), await held(north, "C-75")
    tab = await (await visit(north.tenant, await north.tenant.actor("Biller"))).open(f"/work?item={item}")
    await tab.do("take", id=item)
    await tab.do("complete", id=item, fields={"comment": ""})
    assert "Choose" in tab.main
    await tab.do("complete", id=item, fields={"decision": "withdraw", "comment": ""})
    assert error_at(tab, "comment")
    await tab.do("complete", id=item, fields={"decision": "withdraw", "comment": "Billed by the hospital."})
    assert tab.told[0][1] == "Done."
    assert tab.at.startswith("/work?item=")
    assert item not in tab.at


async def test_a_note_of_a_colleague_appears_on_the_open_claim(standing: Both, visit: Visit) -> None:
    north, _ = standing
    address = f"/claims/{north.ids['claim_id']}"
    mine = await (await visit(north.tenant, north.tenant.admin)).open(address)
    theirs = await (await visit(north.tenant, await north.tenant.actor("Biller"))).open(address)
    await theirs.do("note", fields={"text": "The payer wants the operative report."})
    assert await mine.until("The payer wants the operative report.")


async def test_a_half_typed_claim_is_there_in_the_next_tab_and_for_nobody_else(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    biller = await north.tenant.actor("Biller")
    browser = await visit(north.tenant, biller)
    tab = await browser.open("/claims/new")
    await tab.do("find_patient", value=north.mark[:4])
    assert north.mark in tab.main
    await tab.do("choose_patient", id=str(north.ids["patient_id"]))
    await tab.do("add_diagnosis", code="E11.9")
    await tab.do(
        "paste", number="1", value="11/02/2026\t99213\t\t1\t1\t125.00\n11/02/2026\t36415\t\t1\t1\t12.50"
    )
    assert "$137.50" in tab.main
    again = await browser.open("/claims/new")
    assert "$137.50" in again.main
    assert "E11.9" in again.main
    other = await (await visit(north.tenant, await north.tenant.actor("Team Lead"))).open("/claims/new")
    assert "$137.50" not in other.main


async def test_faults_of_a_claim_are_summed_up_on_top_with_links_to_their_fields(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/claims/new")
    await tab.do("save", then="check", fields={"lines.1.procedure": "99213", "lines.1.charge_cents": "abc"})
    assert 'href="#f-patient_id"' in tab.main
    assert 'href="#f-lines.1.charge_cents"' in tab.main
    assert tab.at == ""


async def test_diagnoses_are_found_by_words_and_by_code(standing: Both, visit: Visit) -> None:
    north, _ = standing
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/claims/new")
    await tab.do("find_diagnosis", value="type 2 diabetes")
    assert 'data-code="E119"' in tab.main
    await tab.do("find_diagnosis", value="I1")
    assert 'data-code="I10"' in tab.main


async def test_the_address_holds_the_filters_and_shows_a_colleague_the_same(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/claims")
    reference = re.findall(r">(C-[0-9]+)</a>", tab.main)[0]
    await tab.do("filter", value=reference)
    assert tab.at == f"/claims?text={reference}"
    colleague = await (await visit(north.tenant, await north.tenant.actor("View-Only"))).get(tab.at)
    assert f"/claims/{north.ids['claim_id']}" in colleague.text
    nothing = await (await visit(north.tenant, north.tenant.admin)).get("/claims?group=paid")
    assert "No claim matches." in nothing.text


async def test_a_name_that_is_searched_never_becomes_part_of_an_address(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    for path in ("/claims", "/patients"):
        tab = await browser.open(path)
        await tab.do("filter", value="Nobodysname")
        assert tab.at == path
        assert 'value="Nobodysname"' in tab.main
        assert north.mark not in tab.main
        await tab.do("filter", value=north.mark)
        assert north.mark in tab.main
        assert "Nobodysname" not in tab.main
    by_hand = await browser.get("/claims?text=Nobodysname")
    assert f"/claims/{north.ids['claim_id']}" in by_hand.text


async def test_an_unmatched_payment_leads_to_the_claims_it_may_be_about(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    shown = await browser.get(f"/unmatched/{north.ids['remittance_claim_id']}")
    assert shown.status == 200
    assert "Match to a claim" in shown.text


async def test_search_finds_what_the_roles_show_and_nothing_of_the_other_tenant(
    standing: Both, visit: Visit
) -> None:
    north, south = standing
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/")
    await tab.do("open_search")
    await tab.do("search", value=north.mark)
    found = tab.regions["over"]
    assert f"/patients/{north.ids['patient_id']}" in found
    assert f"/payers/{north.ids['payer_id']}" in found
    assert f"/files/{north.ids['file_id']}" in found
    await tab.do("search", value=south.mark)
    assert "Nothing found." in tab.regions["over"]


async def test_the_export_holds_what_the_filter_shows_and_no_formula(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    everything = await browser.get("/export/claims.csv")
    assert everything.kind == "text/csv"
    assert north.mark in everything.text
    filtered = await browser.get("/export/claims.csv?group=paid")
    assert north.mark not in filtered.text


async def test_the_menu_leads_only_where_the_roles_lead(standing: Both, visit: Visit) -> None:
    north, _ = standing
    viewer = await (await visit(north.tenant, await north.tenant.actor("View-Only"))).get("/")
    admin = await (await visit(north.tenant, north.tenant.admin)).get("/")
    assert 'href="/team"' not in viewer.text
    assert 'href="/team"' in admin.text
    assert 'href="/claims/new"' not in viewer.text


async def test_switching_tenants_needs_no_second_sign_in_and_its_ticket_works_once(
    standing: Both, visit: Visit
) -> None:
    north, south = standing
    await south.tenant.owner.execute(
        "INSERT INTO memberships (tenant_id, user_id) VALUES ($1, $2)",
        south.tenant.tenant_id,
        north.tenant.admin.user_id,
    )
    browser = await visit(north.tenant, north.tenant.admin)
    answer = await browser.post(f"/switch/{south.tenant.subdomain}")
    assert answer.status == 303
    target = httpx.URL(answer.location)
    assert target.host == f"{south.tenant.subdomain}.localhost"
    there = await visit(south.tenant)
    entered = await there.get(target.raw_path.decode())
    assert entered.status == 303
    assert there.http.cookies.get("caseload_session")
    assert (await there.get("/")).status == 200
    once_more = await visit(south.tenant)
    assert (await once_more.get(target.raw_path.decode())).location.startswith("/sign-in")


async def test_a_form_from_another_site_is_refused(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    foreign = {"origin": "https://evil.example", "accept": "application/json"}
    assert (await browser.post("/sign-out", headers=foreign)).status == 403
    assert (await browser.get("/claims")).status == 200
