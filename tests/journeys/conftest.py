"""One stack and one browser for all journeys; a company with people and master data, and a second one beside it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from cli.stack import Stack
from cli.story import opening
from cli.story.opening import PASSWORD, Scene
from cli.story.telling import Teller

SignIn = Callable[[str, str], Awaitable[Page]]
PATIENCE = 20_000  # milliseconds; a busy machine with two cores


@pytest_asyncio.fixture(scope="module")
async def stack() -> AsyncIterator[Stack]:
    """The whole platform, answering quickly."""
    pace = {"POLL_SECONDS": "1", "BATCH_SECONDS": "0.5"}
    # Not below pytest's folder: that is closed to the user PostgreSQL runs as whenever another pytest starts.
    with tempfile.TemporaryDirectory(prefix="caseload-journeys-") as folder:
        async with Stack(Path(folder), throwaway=True, environment=pace) as running:
            yield running


@pytest_asyncio.fixture(scope="module")
async def scene(stack: Stack) -> AsyncIterator[Scene]:
    """Two companies: lantern with a biller, a specialist, records and patients; copper, where Ada works too."""
    base = f"http://127.0.0.1:{stack.web_port}"
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as http:
        made = Scene(http, stack.web_port)
        await opening.tell(Teller(lambda step: None), made)
        await opening.registered(made, "Copper Hill Billing", "copper", "cal@copper.example", "Cal Mercer")
        owner = await made.signed_in("copper", "cal@copper.example")
        roles = {role["name"]: role["id"] for role in await owner.get("roles")}
        asked = {"email": "ada@lantern.example", "name": "Ada Lovell", "role_ids": [roles["View-Only"]]}
        invited = await owner.post("people", asked)
        ada = await made.signed_in("copper", "ada@lantern.example")
        await ada.post("session/invitations", {"code": invited["code"]})
        yield made


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, "the journeys need Chromium; `caseload test` says how to install it"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(Path(found)), args=["--no-sandbox"] if root else []
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def sign_in(chromium: Browser, stack: Stack, scene: Scene) -> AsyncIterator[SignIn]:
    """A function that signs a person in with a browser of their own and answers the page."""
    contexts = []

    async def signed_in(subdomain: str, email: str) -> Page:
        context = await chromium.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = await context.new_page()
        await page.goto(stack.tenant_url(subdomain))
        await fill_sign_in(page, email)
        return page

    expect.set_options(timeout=PATIENCE)
    yield signed_in
    for context in contexts:
        await context.close()


async def fill_sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill the sign-in page and wait for the frame."""
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("navigation", name="Main")).to_be_visible()
