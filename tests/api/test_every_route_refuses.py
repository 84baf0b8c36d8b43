"""Every route, as found in the API's own document, tried by those who may not: nothing is told, and it is audited."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from tests.api.conftest import Visit
from tests.api.furnished import Furnished, furnish
from tests.api.operations import FIXED, Asked, operations
from tests.fixtures.tenancy import TenantFixture

pytestmark = pytest.mark.slow

# Being a member is enough for these: what they show is the asker's own or no secret inside the tenant.
FOR_EVERY_MEMBER = {
    "whoami": "who the asker is",
    "navigation": "counts of what the asker may see, 0 elsewhere",
    "list_permissions": "the catalogue is the same for everybody",
    "list_custom_fields": "fields of records that the asker may see",
    "my_time": "a person's own time away",
    "get_draft": "a person's own drafts",
    "save_draft": "a person's own drafts",
    "drop_draft": "a person's own drafts",
    "watch_changes": "names of tables only",
    "bell": "a person's own notifications",
    "list_notifications": "a person's own notifications",
    "mark": "a person's own notifications",
    "mark_all": "a person's own notifications",
    "my_choices": "how a person wishes to be told",
    "choose": "how a person wishes to be told",
}


# Ids in these bodies narrow a list, and another tenant's narrow it to nothing; or each row's outcome says "not found".
ONLY_FILTERS = {
    "search_claims",
    "search_patients",
    "release_claims",
    "write_off_many",
    "act_on",
    "assign_many",
    "retry_incidents",
}


@pytest.fixture(scope="session")
def asked(api_app: Litestar) -> list[Asked]:
    """Every operation that needs somebody signed in."""
    document: dict[str, Any] = api_app.openapi_schema.to_schema()
    found = [one for one in operations(document) if not one.public]
    assert len(found) > 80
    return found


@pytest_asyncio.fixture
async def both(north: TenantFixture, south: TenantFixture, visit: Visit) -> tuple[Furnished, Furnished]:
    """Two tenants with one of everything each."""
    return (
        await furnish(north, await visit(north, north.admin), "Northmark"),
        await furnish(south, await visit(south, south.admin), "Southmark"),
    )


async def refusals_audited(tenant: TenantFixture) -> int:
    """How many refusals the tenant's audit trail holds."""
    sql = "SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND outcome = 'refused'"
    count: int = await tenant.owner.fetchval(sql, tenant.tenant_id)
    return count


def wrong(one: Asked, answer: httpx.Response, status: int, *, telling: str = "Southmark") -> Iterator[str]:
    """What is wrong with an answer that must be this refusal and tell nothing."""
    if answer.status_code != status:
        yield f"{one.method} {one.path}: {answer.status_code} instead of {status}: {answer.text[:160]}"
    elif not answer.headers["content-type"].startswith("application/problem+json"):
        yield f"{one.method} {one.path}: not a problem"
    if telling in answer.text:
        yield f"{one.method} {one.path}: tells of the other tenant"


async def test_nobody_signed_in_gets_401_everywhere(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    client = await visit("north")
    garbled = await visit("north")
    garbled.headers["Authorization"] = "Bearer cl_not-a-token"
    faults = []
    for one in asked:
        ids = both[0].ids
        faults += wrong(one, await one.send(client, ids, ids), 401)
        faults += wrong(one, await one.send(garbled, ids, ids), 401)
    assert faults == []


async def test_without_a_membership_everything_is_403_and_audited(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    north, south = both
    stranger = await visit(north.tenant, south.tenant.admin)
    before = await refusals_audited(north.tenant)
    faults = []
    for one in asked:
        faults += wrong(one, await one.send(stranger, north.ids, north.ids), 403, telling="Northmark")
    assert faults == []
    assert await refusals_audited(north.tenant) == before + len(asked)


async def test_under_a_wrong_subdomain_everything_is_404(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    north, _ = both
    faults = []
    for address in ("nowhere", "", "north.south"):
        client = await visit(address, north.tenant.admin)
        for one in asked:
            faults += wrong(one, await one.send(client, north.ids, north.ids), 404, telling="Northmark")
    assert faults == []


async def test_without_the_permission_everything_is_403_and_audited(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    north, _ = both
    await north.tenant.owner.execute(
        "INSERT INTO roles (tenant_id, name, permissions) VALUES ($1, 'Nothing', '{}')",
        north.tenant.tenant_id,
    )
    await north.tenant.owner.execute("UPDATE tenants SET policy_version = policy_version + 1")
    client = await visit(north.tenant, await north.tenant.actor("Nothing"))
    before = await refusals_audited(north.tenant)
    faults, guarded = [], [one for one in asked if one.name not in FOR_EVERY_MEMBER]
    for one in guarded:
        faults += wrong(one, await one.send(client, north.ids, north.ids), 403, telling="Northmark")
    assert faults == []
    assert await refusals_audited(north.tenant) == before + len(guarded)


async def test_another_tenants_ids_are_404_everywhere_and_audited(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    north, south = both
    admin = await visit(north.tenant, north.tenant.admin)
    before = await refusals_audited(north.tenant)
    faults, with_ids = [], [one for one in asked if set(one.parameters) - FIXED.keys()]
    for one in with_ids:
        faults += wrong(one, await one.send(admin, south.ids, north.ids), 404)
        absent = dict.fromkeys(south.ids, uuid4())
        faults += wrong(one, await one.send(admin, absent, north.ids), 404)
    assert faults == []
    assert await refusals_audited(north.tenant) == before + 2 * len(with_ids)


async def test_a_word_that_names_nothing_is_404_everywhere_and_audited(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    north, _ = both
    admin = await visit(north.tenant, north.tenant.admin)
    before = await refusals_audited(north.tenant)
    faults, with_words = [], [one for one in asked if one.parameters and set(one.parameters) <= FIXED.keys()]
    for one in with_words:
        astray = replace(one, path=one.path.replace("{table_code}", "no_such_table"))
        assert astray.path != one.path
        faults += wrong(one, await astray.send(admin, north.ids, north.ids), 404)
    assert faults == []
    assert await refusals_audited(north.tenant) == before + len(with_words) > before


async def test_another_tenants_ids_in_a_body_or_query_reach_nothing(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    north, south = both
    admin = await visit(north.tenant, north.tenant.admin)
    before = await tables_of(south.tenant)
    faults = []
    for one in asked:
        answer = await one.send(admin, north.ids, south.ids)
        reached = answer.is_success and one.names_ids(south.ids) and one.name not in ONLY_FILTERS
        if "Southmark" in answer.text or answer.status_code == 500 or reached:
            faults.append(f"{one.method} {one.path}: {answer.status_code} {answer.text[:160]}")
    assert faults == []
    assert await tables_of(south.tenant) == before


async def test_no_list_shows_rows_of_another_tenant(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    north, _ = both
    admin = await visit(north.tenant, north.tenant.admin)
    lists = [one for one in asked if one.method == "GET" and not one.parameters]
    shown = [(one, await one.send(admin, north.ids, north.ids)) for one in lists]
    assert [one.path for one, answer in shown if "Southmark" in answer.text] == []
    assert sum("Northmark" in answer.text for _, answer in shown) >= 12


async def test_every_example_of_the_document_has_the_shape_the_route_takes(
    both: tuple[Furnished, Furnished], asked: list[Asked], visit: Visit
) -> None:
    north, _ = both
    admin = await visit(north.tenant, north.tenant.admin)
    faults = []
    for one in asked:
        answer = await one.send(admin, north.ids, north.ids)
        code = answer.json().get("code", "") if answer.status_code >= 400 else ""
        if (
            code in ("request.invalid", "request.unknown_fields", "request.malformed")
            or answer.status_code == 500
        ):
            faults.append(f"{one.method} {one.path}: {answer.status_code} {answer.text[:300]}")
    assert faults == []


async def tables_of(tenant: TenantFixture) -> dict[str, int]:
    """How many rows a tenant has, table by table."""
    names = await tenant.owner.fetch(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id' AND table_schema = 'public'"
    )
    tenant_id: UUID = tenant.tenant_id
    sql = "SELECT count(*) FROM {} WHERE tenant_id = $1"
    return {
        row["table_name"]: await tenant.owner.fetchval(sql.format(row["table_name"]), tenant_id)
        for row in names
    }
