"""The checklist is derived from what is there."""

from services.clientele.clients import ClientFacts, add_client
from services.tenancy import checklist
from tests.fixtures.tenancy import TenantFixture


async def _done(tenant: TenantFixture) -> list[str]:
    return [step.key for step in await checklist.checklist(tenant.admin) if step.done]


async def test_a_new_tenant_has_everything_before_it(north: TenantFixture, south: TenantFixture) -> None:
    steps = await checklist.checklist(north.admin)
    assert [step.key for step in steps] == [
        "connection",
        "client",
        "provider",
        "payer",
        "patient",
        "claim",
        "accepted",
    ]
    assert not any(step.done for step in steps)
    assert all(step.title and step.hint and step.link.startswith("/") for step in steps)


async def test_a_step_is_done_when_its_fact_is_there_and_for_this_tenant_only(
    north: TenantFixture, south: TenantFixture
) -> None:
    facts = ClientFacts(
        name="Harbor Clinic",
        npi="1234567893",
        tax_id="123456789",
        taxonomy="207Q00000X",
        line1="1 Harbor Street",
        city="Portland",
        state="ME",
        postal_code="041011234",
    )
    await add_client(north.admin, facts)
    assert await _done(north) == ["client"]
    assert await _done(south) == []
