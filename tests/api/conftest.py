"""The API as programs meet it: an HTTP client per person and tenant, against the real application and database."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from activities import ports
from api.app import build
from database.session import platform_session
from domain.tenancy import Actor
from integrations.clearinghouse import HttpPracticeDesk
from integrations.payments import FilePayments
from services.tenancy import sign_ins
from tests.fixtures.tenancy import TenantFixture

Visit = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="session")
def api_app() -> Litestar:
    """The application as the composition root builds it, but for the limit of requests: a fuzzer asks for thousands."""
    return build(base_domain="localhost", limited=False)


async def token_of(user_id: UUID | None) -> str:
    """A fresh sign-in of a user, without the cost of hashing a password."""
    assert user_id is not None
    async with platform_session() as connection:
        token, _ = await sign_ins.begin(connection, user_id)
    return token


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[None]:
    """The outside world as it is when no partner answers."""
    ports.install(
        ports.Ports(FilePayments(tmp_path / "customers.jsonl"), HttpPracticeDesk("http://127.0.0.1:9"))
    )
    yield
    ports.install(None)


@pytest_asyncio.fixture
async def visit(outside: None, api_app: Litestar) -> AsyncIterator[Visit]:
    """A function that answers a client of a tenant's address, signed in as an actor or as nobody."""
    async with AsyncExitStack() as stack:

        async def make(tenant: TenantFixture | str, actor: Actor | None = None) -> httpx.AsyncClient:
            name = tenant if isinstance(tenant, str) else tenant.subdomain
            host = f"{name}.localhost" if name else "localhost"
            headers = {"Authorization": f"Bearer {await token_of(actor.user_id)}"} if actor else {}
            transport = httpx.ASGITransport(app=api_app, raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url=f"http://{host}", headers=headers)
            return await stack.enter_async_context(client)

        yield make
