"""Registering a tenant: checked as a whole, stored once per request key, and founded completely."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from activities import ports
from domain.refusals import Conflict, Invalid, NotFound
from integrations.payments import FilePayments
from services.tenancy import checklist, registration, sign_in
from tests.fixtures.tenancy import TenantFixture

FACTS: dict[str, Any] = {
    "request_key": "key-of-this-request",
    "company": "East Billing",
    "subdomain": "east",
    "plan": "starter",
    "kind": "billing",
    "admin_email": "Owner@East.example",
    "admin_name": "Olga Owner",
    "password": "a long enough password",
}


@pytest.fixture
def payments(tmp_path: Path) -> Iterator[FilePayments]:
    """Billing customers in a file of this test; no practice clearinghouse."""
    provider = FilePayments(tmp_path / "customers.jsonl")
    ports.install(ports.Ports(provider))
    yield provider
    ports.install(None)


async def test_a_registration_reserves_the_address_and_tells_the_workflow(house: asyncpg.Connection) -> None:
    view = await registration.register(**FACTS)
    message = await house.fetchrow("SELECT * FROM outbox")
    tenant = await house.fetchrow("SELECT * FROM tenants")
    assert (view.status, view.tenant_id, view.subdomain) == ("requested", tenant["id"], "east")
    assert (tenant["subdomain"], tenant["status"]) == ("east", "provisioning")
    assert (message["kind"], message["workflow"]) == ("start", "TenantOnboarding")
    assert message["workflow_id"] == f"{view.tenant_id}/onboarding/{view.id}"
    assert set(json.loads(message["payload"])) == {"tenant_id", "registration_id"}
    assert [step.state for step in view.steps] == ["running"] + ["waiting"] * 7


async def test_a_tenant_keeps_what_kind_of_company_it_is(house: asyncpg.Connection) -> None:
    seen = await registration.register(**FACTS | {"kind": "care"})
    assert await house.fetchval("SELECT kind FROM tenants WHERE id = $1", seen.tenant_id) == "care"


async def test_the_same_request_gets_the_same_answer(house: asyncpg.Connection) -> None:
    first = await registration.register(**FACTS)
    again = await registration.register(**FACTS)
    assert (again.id, again.tenant_id) == (first.id, first.tenant_id)
    assert await house.fetchval("SELECT count(*) FROM outbox") == 1


async def test_the_same_request_twice_at_once_is_one_registration(house: asyncpg.Connection) -> None:
    answers = await asyncio.gather(*(registration.register(**FACTS) for _ in range(4)))
    assert len({answer.id for answer in answers}) == 1
    assert await house.fetchval("SELECT count(*) FROM tenants") == 1


@pytest.mark.parametrize(
    "other",
    [
        {"company": "Another"},
        {"subdomain": "other"},
        {"plan": "pro"},
        {"admin_email": "x@east.example"},
        {"password": "quite another password"},
    ],
)
async def test_the_same_key_with_other_content_is_a_conflict(
    house: asyncpg.Connection, other: dict[str, str]
) -> None:
    await registration.register(**FACTS)
    with pytest.raises(Conflict) as refused:
        await registration.register(**{**FACTS, **other})
    assert refused.value.code == "request_key.reused"


async def test_an_address_is_given_once(north: TenantFixture, south: TenantFixture) -> None:
    with pytest.raises(Conflict) as refused:
        await registration.register(**{**FACTS, "subdomain": "north"})
    assert refused.value.fields[0].field == "subdomain"
    assert await north.owner.fetchval("SELECT count(*) FROM registrations WHERE request_key = $1", "key") == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("request_key", "short"),
        ("company", ""),
        ("company", "nul\0"),
        ("company", "x" * 500),
        ("subdomain", "Not valid"),
        ("subdomain", "admin"),
        ("subdomain", "-x"),
        ("subdomain", "ab"),
        ("plan", "gold"),
        ("kind", "bakery"),
        ("admin_email", "nobody"),
        ("admin_email", "a@b"),
        ("admin_email", "a b@c.example"),
        ("admin_name", " "),
        ("password", "short"),
        ("password", "aaaaaaaaaaaaaaaa"),
        ("password", "x" * 5000),
    ],
)
async def test_a_bad_field_is_named_and_nothing_is_stored(
    house: asyncpg.Connection, field: str, value: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await registration.register(**{**FACTS, field: value})
    assert field in [error.field for error in refused.value.fields]
    stored = await house.fetchval(
        "SELECT (SELECT count(*) FROM registrations) + (SELECT count(*) FROM tenants)"
    )
    assert stored == 0


async def test_all_bad_fields_are_named_at_once(house: asyncpg.Connection) -> None:
    with pytest.raises(Invalid) as refused:
        await registration.register("", "", "", "", "", "", "", "")
    assert {error.field for error in refused.value.fields} == set(FACTS)


async def test_a_registration_shows_nothing_of_the_person(house: asyncpg.Connection) -> None:
    view = await registration.registration((await registration.register(**FACTS)).id)
    shown = repr(view)
    for secret in ("owner@east.example", "Olga", FACTS["password"]):
        assert secret not in shown
    with pytest.raises(NotFound):
        await registration.registration(UUID(int=5))


async def test_a_founded_tenant_is_complete_and_its_owner_signs_in(
    south: TenantFixture, payments: FilePayments
) -> None:
    view = await registration.found(**FACTS)
    assert (view.status, {step.state for step in view.steps}) == ("ready", {"done"})
    signed = await sign_in.sign_in("owner@east.example", FACTS["password"], "east")
    owner = await sign_in.actor_for(signed.token, "east")
    steps = await checklist.checklist(owner)
    assert [step.done for step in steps] == [False] * 7
    assert [one["reference"] for one in (await payments.customers()).values()] == [str(view.tenant_id)]
    assert (await registration.found(**FACTS)).id == view.id
    forgotten = await south.owner.fetchval("SELECT password_hash FROM registrations WHERE id = $1", view.id)
    assert forgotten == ""


async def test_registering_with_anothers_e_mail_does_not_change_their_password(
    north: TenantFixture, south: TenantFixture, payments: FilePayments
) -> None:
    before = await north.owner.fetchval("SELECT password_hash FROM users WHERE email = 'admin@north.example'")
    await registration.found(**{**FACTS, "admin_email": "admin@north.example"})
    after = await north.owner.fetchval("SELECT password_hash FROM users WHERE email = 'admin@north.example'")
    assert after == before
