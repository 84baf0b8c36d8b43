"""Tokens of programs: shown once, confined to a tenant, never stronger than their maker."""

from uuid import UUID

import pytest

from domain.refusals import Invalid, NotAllowed, NotAMember, NotFound, NotSignedIn
from policies.permissions import Permission
from services.tenancy import people, roles, sign_in, tokens
from tests.fixtures.tenancy import TenantFixture


async def _made(tenant: TenantFixture, *permissions: Permission) -> tokens.MadeToken:
    return await tokens.make_token(
        tenant.admin, "Nightly export", permissions or [Permission.CLAIMS_VIEW], 30
    )


async def test_a_token_acts_in_its_tenant_with_its_permissions(
    north: TenantFixture, south: TenantFixture
) -> None:
    made = await _made(north, Permission.CLAIMS_VIEW, Permission.TENANT_VIEW)
    actor = await sign_in.actor_for_token(made.secret, "north")
    assert (actor.kind, actor.tenant_id) == ("token", north.tenant_id)
    assert actor.permissions == {"claims.view", "tenant.view"}
    assert len(await roles.list_roles(actor)) == 5
    with pytest.raises(NotAllowed):
        await people.list_people(actor)


async def test_a_token_is_nothing_in_another_tenant_and_the_attempt_is_audited_there(
    north: TenantFixture, south: TenantFixture
) -> None:
    made = await _made(north)
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for_token(made.secret, "south")
    refused = await south.owner.fetchval(
        "SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND outcome = 'refused'", south.tenant_id
    )
    assert refused == 1


async def test_the_secret_is_stored_nowhere(north: TenantFixture, south: TenantFixture) -> None:
    made = await _made(north)
    stored = await north.owner.fetchval("SELECT row_to_json(a)::text FROM api_tokens a")
    assert made.secret.startswith("cl_")
    assert made.secret not in stored
    assert [token.id for token in await tokens.list_tokens(north.admin)] == [made.id]
    assert await tokens.list_tokens(south.admin) == []


async def test_a_token_holds_no_more_than_its_maker_holds_now(
    north: TenantFixture, south: TenantFixture
) -> None:
    maker_role = await roles.save_role(
        north.admin, None, "Maker", "", [Permission.TOKENS_MANAGE, Permission.CLAIMS_VIEW]
    )
    maker = await north.actor("Maker")
    with pytest.raises(NotAllowed):
        await tokens.make_token(maker, "Too much", [Permission.CLAIMS_SUBMIT])
    made = await tokens.make_token(maker, "Enough", [Permission.CLAIMS_VIEW])
    await roles.save_role(north.admin, maker_role.id, "Maker", "", [Permission.TOKENS_MANAGE])
    assert (await sign_in.actor_for_token(made.secret, "north")).permissions == frozenset()


async def test_a_token_ends_with_its_makers_membership(north: TenantFixture, south: TenantFixture) -> None:
    await roles.save_role(north.admin, None, "Maker", "", [Permission.TOKENS_MANAGE])
    maker = await north.actor("Maker")
    made = await tokens.make_token(maker, "Mine", [Permission.TOKENS_MANAGE])
    membership = next(
        p.id for p in (await people.list_people(north.admin)).items if p.user_id == maker.user_id
    )
    await people.end_membership(north.admin, membership)
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for_token(made.secret, "north")


async def test_a_revoked_token_stops_at_once_also_for_a_running_program(
    north: TenantFixture, south: TenantFixture
) -> None:
    made = await _made(north, Permission.TENANT_VIEW)
    running = await sign_in.actor_for_token(made.secret, "north")
    revoked = await tokens.revoke_token(north.admin, made.id)
    assert revoked.revoked_at is not None
    with pytest.raises(NotAMember):
        await roles.list_roles(running)
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for_token(made.secret, "north")


async def test_a_token_expires(north: TenantFixture, south: TenantFixture) -> None:
    made = await _made(north)
    await north.owner.execute("UPDATE api_tokens SET expires_at = now()")
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for_token(made.secret, "north")


async def test_a_token_makes_no_tokens(north: TenantFixture, south: TenantFixture) -> None:
    made = await _made(north, Permission.TOKENS_MANAGE)
    program = await sign_in.actor_for_token(made.secret, "north")
    with pytest.raises(NotAllowed):
        await tokens.make_token(program, "Child", [Permission.TOKENS_MANAGE])


async def test_another_tenants_token_is_not_there(north: TenantFixture, south: TenantFixture) -> None:
    made = await _made(south)
    for identifier in (made.id, UUID(int=1)):
        with pytest.raises(NotFound):
            await tokens.revoke_token(north.admin, identifier)


@pytest.mark.parametrize(
    ("name", "permissions", "days", "field"),
    [
        ("", ["claims.view"], 30, "name"),
        ("T", ["claims.view"], 0, "days"),
        ("T", ["claims.view"], 10**12, "days"),
        ("T", [], 30, "permissions"),
        ("T", ["claims.nothing"], 30, "permissions"),
    ],
)
async def test_a_bad_token_is_refused_at_its_field(
    north: TenantFixture, south: TenantFixture, name: str, permissions: list[str], days: int, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await tokens.make_token(north.admin, name, permissions, days)
    assert [error.field for error in refused.value.fields] == [field]
