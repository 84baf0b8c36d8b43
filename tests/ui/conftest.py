"""The pages as people meet them: the real web process, and a browser of a person in a tenant that speaks to it."""

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import pytest_asyncio

from cli.ports import any_free
from database.session import platform_session, tenant_session
from domain.tenancy import Actor, workflow_actor
from services.tenancy import sign_ins
from tests.api.furnished import Furnished, furnish
from tests.fixtures.tenancy import MASTER_KEY, TenantFixture, emptied, founded
from tests.ui.browsing import Browser

START_SECONDS = 30

Visit = Callable[..., Awaitable[Browser]]
Both = tuple[Furnished, Furnished]


@pytest_asyncio.fixture(scope="session")
async def web(app_url: str, root: Path, tmp_path_factory) -> AsyncIterator[str]:
    """The address of `caseload web` on the tests' database, everything in it real; Temporal does not answer."""
    port, folder = any_free(), tmp_path_factory.mktemp("web")
    environment = os.environ | {
        "PYTHONPATH": str(root),
        "CASELOAD_DATABASE_URL": app_url,
        "CASELOAD_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "CASELOAD_DATA": str(folder),
        "CASELOAD_PORT": str(port),
        "CASELOAD_TEMPORAL_ADDRESS": "127.0.0.1:9",
    }
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "cli", "web", cwd=root, env=environment, stdout=log, stderr=log
        )
    try:
        await _serving(f"http://127.0.0.1:{port}/api/health", process, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), 20)


async def _serving(address: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(START_SECONDS * 20):
            if process.returncode is not None:
                break
            try:
                if (await client.get(address)).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    raise RuntimeError(f"the web process does not serve: {log.read_text()[-3000:]}")


async def sign_in_of(actor: Actor) -> str:
    """A fresh sign-in of a person, without the cost of hashing a password."""
    assert actor.user_id is not None
    async with platform_session() as connection:
        token, _ = await sign_ins.begin(connection, actor.user_id)
    return token


@pytest_asyncio.fixture
async def visit(web: str) -> AsyncIterator[Visit]:
    """A function that answers a browser at a tenant's address, signed in as an actor or as nobody."""
    async with AsyncExitStack() as stack:

        async def make(tenant: TenantFixture | str, actor: Actor | None = None, token: str = "") -> Browser:
            name = tenant if isinstance(tenant, str) else tenant.subdomain
            browser = Browser(web, name, token or (await sign_in_of(actor) if actor else ""))
            stack.push_async_callback(browser.close)
            return browser

        yield make


@pytest_asyncio.fixture
async def both(web: str, north: TenantFixture, south: TenantFixture) -> Both:
    """Two tenants with one of everything each."""
    return await _furnished(web, north, "Northmark"), await _furnished(web, south, "Southmark")


@pytest_asyncio.fixture(scope="module")
async def standing(web: str, _open_house: tuple[asyncpg.Connection, str], password_hash: str) -> Both:
    """The same, made once for a file: for tests that prove that nothing changes, or that do not mind what did."""
    owner = await emptied(_open_house)
    north, south = await founded(owner, "north", password_hash), await founded(owner, "south", password_hash)
    return await _furnished(web, north, "Northmark"), await _furnished(web, south, "Southmark")


async def _furnished(web: str, tenant: TenantFixture, mark: str) -> Furnished:
    headers = {
        "host": f"{tenant.subdomain}.localhost",
        "authorization": f"Bearer {await sign_in_of(tenant.admin)}",
    }
    async with httpx.AsyncClient(base_url=f"{web}/api", headers=headers) as program:
        return await furnish(tenant, program, mark)


async def without_rights(tenant: TenantFixture) -> Actor:
    """A member whose only role holds nothing."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await session.execute(
            "INSERT INTO roles (tenant_id, name, permissions) VALUES ($1, 'Nothing', '{}') ON CONFLICT DO NOTHING",
            tenant.tenant_id,
        )
        await session.execute(
            "UPDATE tenants SET policy_version = policy_version + 1 WHERE id = $1", tenant.tenant_id
        )
    return await tenant.actor("Nothing")
