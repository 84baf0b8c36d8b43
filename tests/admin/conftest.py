"""Browsers of people in two tenants, before the real admin application."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.routing import Mount

from services.admin import admin_app
from services.tenancy import sign_in
from tests.fixtures.tenancy import PASSWORD, TenantFixture

CLIENT = {
    "name": "Hill Family Practice",
    "npi": "1234567893",
    "tax_id": "123456789",
    "taxonomy": "207Q00000X",
    "line1": "12 Hill Road",
    "city": "Dayton",
    "state": "OH",
    "postal_code": "454021234",
}


class Browser(httpx.AsyncClient):
    """A signed-in person's browser: keeps cookies and sends Piccolo's CSRF token as its pages do."""

    async def change(self, method: str, path: str, **arguments: object) -> httpx.Response:
        if "csrftoken" not in self.cookies:
            await self.get("/admin/public/meta/")
        token = self.cookies.get("csrftoken", "")
        return await self.request(method, path, headers={"X-CSRFToken": token}, **arguments)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def application() -> Starlette:
    """The admin where the product mounts it."""
    return Starlette(routes=[Mount("/admin", app=admin_app("localhost"))])


@pytest_asyncio.fixture
async def browse(application: Starlette) -> AsyncIterator[Callable[..., Awaitable[Browser]]]:
    """A function that opens a browser at a tenant's address, signed in with this e-mail unless it is empty."""
    opened: list[Browser] = []

    async def open_at(subdomain: str, email: str = "") -> Browser:
        transport = httpx.ASGITransport(app=application)
        browser = Browser(transport=transport, base_url=f"http://{subdomain}.localhost:8000")
        if email:
            signed_in = await sign_in.sign_in(email, PASSWORD)
            browser.cookies.set("caseload_session", signed_in.token)
        opened.append(browser)
        return browser

    yield open_at
    for browser in opened:
        await browser.aclose()


@pytest_asyncio.fixture
async def at_north(browse, north: TenantFixture, south: TenantFixture) -> Browser:
    """The north tenant's administrator; the south tenant is there too."""
    return await browse("north", "admin@north.example")


@pytest_asyncio.fixture
async def at_south(browse, north: TenantFixture, south: TenantFixture) -> Browser:
    """The south tenant's administrator."""
    return await browse("south", "admin@south.example")


@pytest.fixture
def client_row() -> dict[str, str]:
    """A client as the form sends it."""
    return dict(CLIENT)
