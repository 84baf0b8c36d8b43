"""What only a real browser shows: typing that survives a refresh, keys, selection, diagrams, and the look that is kept."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page as Window
from playwright.async_api import async_playwright, expect

from activities.work import open_item
from database.session import tenant_session
from domain.tenancy import Actor, workflow_actor
from services.work import notes
from tests.api.furnished import Furnished
from tests.ui.conftest import Both, sign_in_of

pytestmark = pytest.mark.journey
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    """The system's Chromium, without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        await browser.close()


async def opened(
    chromium: Chromium, web: str, tenant: Furnished, actor: Actor, path: str, **look: str
) -> Window:
    """A window of somebody signed in; an error in the page's scripts fails the test."""
    context = await chromium.new_context(viewport={"width": 1440, "height": 900}, **look)  # type: ignore[arg-type]
    site = f"http://{tenant.tenant.subdomain}.localhost:{web.rsplit(':', 1)[1]}"
    await context.add_cookies([{"name": "caseload_session", "value": await sign_in_of(actor), "url": site}])
    window = await context.new_page()
    window.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    await window.goto(site + path)
    await expect(window.locator("nav.side")).to_be_visible()
    await window.wait_for_function("window.socket && window.socket.connected")
    return window


async def items(tenant: Furnished, *references: str) -> None:
    """Items in the tenant's queue, in this order."""
    async with tenant_session(workflow_actor(tenant.tenant.tenant_id, "tests")) as session:
        for reference in references:
            await open_item(session, reference, "hold", f"{reference} held")


async def test_a_half_typed_note_and_the_cursor_survive_a_refresh(
    both: Both, web: str, chromium: Chromium
) -> None:
    north, _ = both
    claim = north.ids["claim_id"]
    window = await opened(chromium, web, north, north.tenant.admin, f"/claims/{claim}")
    field = window.get_by_label("Note", exact=True)
    await field.fill("half a thou")
    await field.focus()
    await notes.add_note(await north.tenant.actor("Biller"), "claim", claim, "Asked the clinic.")
    await expect(window.get_by_text("Asked the clinic.")).to_be_visible()
    await expect(field).to_have_value("half a thou")
    await expect(field).to_be_focused()


async def test_work_is_walked_and_taken_by_keys_alone_but_never_while_typing(
    both: Both, web: str, chromium: Chromium
) -> None:
    north, _ = both
    await items(north, "K-1", "K-2")
    window = await opened(chromium, web, north, await north.tenant.actor("Biller"), "/work")
    await window.keyboard.press("/")
    await expect(window.get_by_label("Filter titles")).to_be_focused()
    await window.keyboard.type("kt-")
    await expect(window.get_by_text("Nothing matches.")).to_be_visible()
    await window.get_by_label("Filter titles").fill("K-")
    await expect(window.locator("tbody tr")).to_have_count(2)
    await window.keyboard.press("Escape")
    await window.keyboard.press("j")
    await window.keyboard.press("j")
    await window.keyboard.press("Enter")
    await expect(window.locator("aside.panel h2")).to_have_text("K-2 held")
    await window.keyboard.press("t")
    await expect(window.get_by_text("How does it end?")).to_be_visible()
    await window.keyboard.press("r")
    await expect(window.get_by_role("dialog", name="Return to the queue")).to_be_visible()
    await window.keyboard.press("Escape")
    await expect(window.get_by_role("dialog")).to_have_count(0)
    await window.keyboard.press("?")
    await expect(window.get_by_role("dialog", name="Keys")).to_contain_text("Return to the queue")


async def test_back_and_forward_lead_through_the_pages_without_a_reload(
    both: Both, web: str, chromium: Chromium
) -> None:
    north, _ = both
    window = await opened(chromium, web, north, north.tenant.admin, "/claims")
    await window.evaluate("window.sameDocument = true")
    await window.locator("tbody tr").first.click()
    await expect(window.get_by_text("Where it stands")).to_be_visible()
    await expect(window.locator(".diagram svg")).to_be_visible(timeout=15000)
    await window.go_back()
    await expect(window).to_have_url(re.compile("/claims$"))
    await expect(window.locator("h1")).to_have_text("Claims")
    assert await window.evaluate("window.sameDocument")


async def test_a_selection_shows_what_can_be_done_with_it(both: Both, web: str, chromium: Chromium) -> None:
    north, _ = both
    window = await opened(chromium, web, north, north.tenant.admin, "/claims")
    await expect(window.locator("[data-bulk]")).to_be_hidden()
    await window.get_by_label("Select all").check()
    await expect(window.get_by_text("1 selected")).to_be_visible()


async def test_the_look_that_was_chosen_is_there_before_the_next_page_is_drawn(
    both: Both, web: str, chromium: Chromium
) -> None:
    north, _ = both
    window = await opened(chromium, web, north, north.tenant.admin, "/", color_scheme="light")
    assert await window.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(245, 246, 248)"
    await window.locator("details.menu:has(.person) > summary").click()
    await window.get_by_role("button", name="Dark").click()
    await window.goto(f"{window.url.rstrip('/')}/work")
    assert await window.evaluate("document.documentElement.dataset.theme") == "dark"
    assert await window.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 19, 25)"


PAGES = ("/", "/work", "/claims", "/claims/new", "/claims/new/institutional", "/files", "/batches", "/remittances", "/unmatched", "/patients", "/clients",
         "/payers", "/fee-schedules", "/people", "/roles", "/roles/new", "/connections", "/tokens", "/audit", "/checklist")  # fmt: skip


async def test_no_page_scrolls_sideways_at_1024_pixels(both: Both, web: str, chromium: Chromium) -> None:
    north, _ = both
    window = await opened(chromium, web, north, north.tenant.admin, "/settings")
    await window.set_viewport_size({"width": 1024, "height": 768})
    too_wide = []
    for path in (*PAGES, f"/claims/{north.ids['claim_id']}", f"/work?item={north.ids['item_id']}"):
        await window.goto(window.url.split("/", 3)[0] + "//" + window.url.split("/", 3)[2] + path)
        await expect(window.locator("h1").first).to_be_visible()
        if await window.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)
    assert too_wide == []
