"""The inbox at an open page: acts on a selection, views with an address, and rights that end while the page is open."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx

from activities.work import open_item
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.fixtures.tenancy import TenantFixture
from tests.ui.browsing import Browser
from tests.ui.conftest import Both, Visit


async def opened(tenant: TenantFixture, title: str) -> UUID:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await open_item(session, str(uuid4()), "hold", title)


async def test_a_selection_is_taken_and_finished_with_an_outcome_per_row(
    standing: Both, visit: Visit
) -> None:
    north, south = standing
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
    standing: Both, visit: Visit
) -> None:
    north, south = standing
    await opened(north.tenant, "C-9 held")
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/work?tab=all&kind=hold&group=kind")
    await tab.do("ask_save_view")
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


async def test_on_an_open_page_nobody_does_what_they_may_no_longer_do(standing: Both, visit: Visit) -> None:
    north, _ = standing
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


async def test_what_is_typed_is_there_in_another_browser_until_it_is_handed_in(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    item = await opened(north.tenant, "C-11 held")
    biller, other = await north.tenant.actor("Biller"), await north.tenant.actor("Biller")
    address = f"/work?tab=all&item={item}"
    tab = await (await visit(north.tenant, biller)).open(address)
    await tab.do("take", id=str(item))
    await tab.do("answering", id=str(item), fields={"decision": "withdraw", "comment": "Billed by the hos"})
    await tab.do("typed_note", id=str(item), fields={"text": "Call them on Mon"})
    again = await (await visit(north.tenant, biller)).open(address)
    assert "Billed by the hos" in again.main
    assert "Call them on Mon" in again.main
    assert re.search(r'value="withdraw" checked', again.main)
    assert "Call them on Mon" not in (await (await visit(north.tenant, other)).get(address)).text
    await again.do("note", id=str(item), fields={"text": "Call them on Monday"})
    await again.do(
        "complete", id=str(item), fields={"decision": "withdraw", "comment": "Billed by the hospital"}
    )
    assert await north.tenant.owner.fetchval("SELECT count(*) FROM drafts") == 0


async def test_the_next_item_is_shown_before_the_page_is_read_again(standing: Both, visit: Visit) -> None:
    north, _ = standing
    first, second = await opened(north.tenant, "C-12 held"), await opened(north.tenant, "C-13 held")
    biller = await north.tenant.actor("Biller")
    tab = await (await visit(north.tenant, biller)).open("/work?kind=hold")
    await tab.do("bulk", act="take", selected=(str(first), str(second)))
    await tab.go(f"/work?tab=mine&item={first}")
    read = "SELECT count(*) FROM audit_log WHERE action = 'work.queue.get_item' AND subject_id = $1"
    for _ in range(100):
        if await north.tenant.owner.fetchval(read, str(second)):
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("the next item was not read ahead")
    seen: list[str] = []
    tab.on_change = lambda: seen.append(tab.main)
    await tab.do("complete", id=str(first), then="next", fields={"decision": "recheck"})
    assert len(seen) >= 2
    assert all("C-13 held</h2>" in shown for shown in seen)
    assert tab.at.endswith(str(second))


async def test_groups_open_one_at_a_time_and_a_run_can_be_followed_and_exported(
    standing: Both, visit: Visit
) -> None:
    north, south = standing
    await opened(north.tenant, "C-14 held")
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/work?tab=all&group=kind")
    assert "Hold" in tab.main
    assert "C-14 held" in tab.main
    await tab.go("/work?tab=all&group=kind&in=-")
    assert "C-14 held" not in tab.main
    await tab.go("/work?tab=all&group=priority&in=9")
    assert "C-14 held" in tab.main
    exported = await browser.get("/export/work.csv?tab=all&kind=hold&text=C-14")
    assert exported.text.count("C-14 held") == 1
    assert north.mark not in exported.text
    run = f"/export/bulk-run.csv?run={north.ids['bulk_run_id']}"
    assert (await browser.get(run)).status == 200
    assert (await browser.get(f"/export/bulk-run.csv?run={south.ids['bulk_run_id']}")).status == 404


async def test_a_file_is_attached_downloaded_as_a_file_and_removed_with_a_reason(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    item = await opened(north.tenant, "C-15 held")
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open(f"/work?tab=all&item={item}")
    about = {"x-subject-type": "work_item", "x-subject-id": str(item), "x-file-name": "Roe%20letter.pdf"}
    sent = await browser.post("/upload/attachment", content=b"%PDF-1.7\nJane Roe", headers=about)
    assert sent.status == 200, sent.text
    assert await tab.until("Roe letter.pdf")
    found = re.search(r"/attachments/([0-9a-f-]{36})", tab.main)
    assert found
    answer = await browser.http.get(found[0])
    assert answer.content == b"%PDF-1.7\nJane Roe"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]
    await tab.do("remove_file", id=found[1], fields={"reason": " "})
    assert "Why is it removed?" in tab.regions["over"]
    await tab.do("remove_file", id=found[1], fields={"reason": "Another patient's"})
    assert "Another patient&#x27;s" in tab.main
    page = await browser.post("/upload/attachment", content=b"<html><script>", headers=about)
    assert (page.status, "a web page" in page.text) == (422, True)
    foreign = about | {"origin": "https://evil.example"}
    assert (await browser.post("/upload/attachment", content=b"x", headers=foreign)).status == 403


async def answer_to_the_head_alone(browser: Browser, path: str, headers: dict[str, str]) -> str:
    """What the server says before anything of the body was sent."""
    address = httpx.URL(browser.http.base_url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    head = {"host": browser.http.headers["host"], "cookie": cookies, **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    writer.write(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode())
    said = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return said.decode()


async def test_a_file_over_the_limit_is_refused_before_it_is_read(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1 << 20
            yield b"x" * (1 << 20)

    about = {"x-subject-type": "claim", "x-subject-id": str(north.ids["claim_id"]), "x-file-name": "a.txt"}
    said = await answer_to_the_head_alone(
        browser, "/upload/attachment", about | {"content-length": str(21 << 20)}
    )
    assert said.startswith("HTTP/1.1 422")
    assert "20 MB" in said
    # Whoever does not say how much is coming is hung up on.
    with contextlib.suppress(httpx.TransportError):
        await browser.http.post("/upload/attachment", content=endless(), headers=about)
    assert sent < 60 << 20
    assert await north.tenant.owner.fetchval("SELECT count(*) FROM attachments WHERE size > 1000") == 0
