"""Whoever bills care never reads what was written about a patient: every route that reads, with words planted."""

from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from domain.tenancy import Actor
from tests.api.conftest import Visit
from tests.api.furnished import Furnished, furnish
from tests.api.operations import Asked, operations
from tests.fixtures.planted import PLANTED, WHO_BILLS, planted_in, told
from tests.fixtures.tenancy import TenantFixture

pytestmark = pytest.mark.slow


@pytest_asyncio.fixture
async def standing(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> tuple[Furnished, dict[str, Actor]]:
    """Two tenants with one of everything, the words planted in the first."""
    await furnish(south, await visit(south, south.admin), "Southmark")
    made = await furnish(north, await visit(north, north.admin), "Northmark")
    return made, await told(made)


async def _answer(client: httpx.AsyncClient, one: Asked, made: Furnished) -> httpx.Response:
    if "subject_type" in one.query:
        subject = {"subject_type": "care_enrolment", "subject_id": str(made.ids["care_id"])}
        return await client.get(one.address(made.ids), params=subject)
    return await one.send(client, made.ids, made.ids)


async def _read(client: httpx.AsyncClient, made: Furnished, app: Litestar) -> dict[str, set[str]]:
    """The planted words that each route tells, of those that tell any."""
    document: dict[str, Any] = app.openapi_schema.to_schema()
    asked = [one for one in operations(document) if not one.public and one.method == "GET"]
    assert len(asked) > 150
    found = {one.path: planted_in((await _answer(client, one, made)).text) for one in asked}
    return {path: words for path, words in found.items() if words}


async def test_no_route_tells_who_bills_what_was_written_and_the_coordinator_reads_it_all(
    standing: tuple[Furnished, dict[str, Actor]], visit: Visit, api_app: Litestar
) -> None:
    made, people = standing
    for role in WHO_BILLS:
        assert await _read(await visit(made.tenant, people[role]), made, api_app) == {}, role
    found = await _read(await visit(made.tenant, people["Care Coordinator"]), made, api_app)
    assert set().union(*found.values()) == set(PLANTED), found


async def test_billing_reads_the_minutes_of_its_own_tenant_only(
    standing: tuple[Furnished, dict[str, Actor]], visit: Visit, south: TenantFixture
) -> None:
    made, people = standing
    path = f"/care/billing/{made.ids['patient_id']}"
    client = await visit(made.tenant, people["Billing Staff"])
    month = (await client.get(path)).json()
    assert [one["activity"] for one in month["entries"]] == ["patient_call"] * len(month["entries"]) != []
    assert not {"note", "reason", "said"} & set(month["entries"][0])
    october = (await client.get(path, params={"year": 2026, "month": 10})).json()
    assert october["packet"]["document_id"] == str(made.ids["packet_id"])
    assert (await client.get(f"/documents/{made.ids['packet_id']}/content")).status_code in (200, 404)
    assert (await (await visit(south, south.admin)).get(path)).status_code == 404
    assert (await (await visit(made.tenant, people["Biller"])).get(path)).status_code == 403
    asked = await client.get(path, params={"year": 2026, "month": 13})
    assert (asked.status_code, asked.json()["code"]) == (422, "care_month.unknown")
