"""Watching what changes over a real connection, and holding a tenant to its plan's requests a minute."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
import uvicorn

from activities.work import open_item
from api.app import build
from api.limits import Limits
from cli.ports import any_free
from database.session import tenant_session
from domain.tenancy import workflow_actor
from services.live import Live
from services.tenancy import sign_in
from tests.api.conftest import token_of
from tests.fixtures.tenancy import TenantFixture


@pytest_asyncio.fixture
async def address(app_url: str, north: TenantFixture, south: TenantFixture) -> AsyncIterator[str]:
    """The API behind a real server, which streams; the transport of the other tests waits for the whole answer."""
    live = Live()
    await live.start(app_url)
    port = any_free()
    server = uvicorn.Server(
        uvicorn.Config(
            build(base_domain="localhost", live=live), port=port, log_level="error", lifespan="off"
        )
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await live.stop()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


def asking(address: str, tenant: TenantFixture, token: str) -> httpx.AsyncClient:
    headers = {"Host": f"{tenant.subdomain}.localhost", "Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=10)


async def opened(tenant: TenantFixture) -> None:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await open_item(session, str(uuid4()), "hold", "C-1 held")


async def test_a_change_of_ones_own_tenant_is_told_and_another_tenants_is_not(
    north: TenantFixture, south: TenantFixture, address: str
) -> None:
    token = await token_of(north.admin.user_id)
    async with asking(address, north, token) as client, client.stream("GET", "/changes") as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        assert "watching" in await anext(lines)
        await opened(south)
        await opened(north)
        heard = [line async for line in _until_data(lines)]
        assert heard[-1] == 'data: ["work_items"]'


async def test_the_stream_ends_with_the_sign_in(
    north: TenantFixture, south: TenantFixture, address: str
) -> None:
    token = await token_of(north.admin.user_id)
    async with asking(address, north, token) as client, client.stream("GET", "/changes") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        await sign_in.sign_out(token)
        await opened(north)
        async with asyncio.timeout(5):
            assert [line async for line in lines if line.startswith("data")] == []


async def _until_data(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    async with asyncio.timeout(5):
        async for line in lines:
            yield line
            if line.startswith("data"):
                return


async def test_a_tenant_that_floods_is_refused_and_the_others_are_served(
    north: TenantFixture, south: TenantFixture
) -> None:
    transport = httpx.ASGITransport(app=build(base_domain="localhost"))
    flooding = {"Authorization": f"Bearer {await token_of(north.admin.user_id)}"}
    calm = {"Authorization": f"Bearer {await token_of(south.admin.user_id)}"}
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://north.localhost", headers=flooding) as one,
        httpx.AsyncClient(transport=transport, base_url="http://south.localhost", headers=calm) as other,
    ):
        await north.owner.execute("UPDATE tenants SET plan = 'starter' WHERE id = $1", north.tenant_id)
        served, refused = 0, None
        while refused is None and served < 3_000:
            answers = await asyncio.gather(*(one.get("/roles/permissions") for _ in range(30)))
            served += sum(answer.status_code == 200 for answer in answers)
            refused = next((answer for answer in answers if answer.status_code != 200), None)
        assert served >= 300
        assert refused is not None
        assert (refused.status_code, refused.json()["code"]) == (429, "requests.too_many")
        assert int(refused.headers["retry-after"]) > 0
        assert (await other.get("/roles/permissions")).status_code == 200


@pytest.mark.parametrize(("seconds", "more"), [(1.0, 1), (30.0, 30), (600.0, 60)])
def test_what_is_used_up_comes_back_as_time_passes_and_never_more_than_a_minutes_worth(
    seconds: float, more: int
) -> None:
    now = [0.0]
    limits, tenant = Limits(lambda: now[0]), uuid4()
    assert [limits.allow(tenant, 60) for _ in range(61)] == [True] * 60 + [False]
    now[0] = seconds
    assert [limits.allow(tenant, 60) for _ in range(more + 1)] == [True] * more + [False]
