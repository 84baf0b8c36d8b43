"""Signing in: one account, several tenants, and nothing told to those who guess."""

import asyncio
import hashlib
import time

import pytest

from domain.refusals import NotAMember, NotFound, NotSignedIn
from services.tenancy import roles, sign_in
from tests.fixtures.tenancy import PASSWORD, TenantFixture

ADMIN = "admin@north.example"


async def signed_in(subdomain: str = "north") -> sign_in.SignedIn:
    return await sign_in.sign_in(ADMIN, PASSWORD, subdomain)


async def _actions(tenant: TenantFixture) -> list[tuple[str, str]]:
    rows = await tenant.owner.fetch(
        "SELECT action, outcome FROM audit_log WHERE tenant_id = $1 AND action NOT LIKE 'tenancy.onboarding%'"
        " ORDER BY seq",
        tenant.tenant_id,
    )
    return [(row["action"].removeprefix("tenancy.").removeprefix("sign_in."), row["outcome"]) for row in rows]


async def test_a_sign_in_makes_an_actor_with_the_rights_of_the_tenant(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed = await signed_in()
    actor = await sign_in.actor_for(signed.token, "north")
    assert (actor.tenant_id, actor.user_id, actor.kind) == (north.tenant_id, north.admin.user_id, "person")
    assert actor.permissions == north.admin.permissions


async def test_only_a_hash_of_the_token_is_stored(north: TenantFixture, south: TenantFixture) -> None:
    signed = await signed_in()
    stored = await north.owner.fetchval("SELECT token_hash FROM sign_ins")
    assert stored == hashlib.sha256(signed.token.encode()).digest()
    assert len(signed.token) >= 43


async def test_the_e_mail_is_found_however_it_is_written(north: TenantFixture, south: TenantFixture) -> None:
    signed = await sign_in.sign_in(f"  {ADMIN.upper()} ", PASSWORD)
    assert signed.user_id == north.admin.user_id


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (ADMIN, "wrong password here"),
        ("nobody@north.example", PASSWORD),
        ("not an e-mail", PASSWORD),
        ("nul\0@north.example", "\0"),
        (ADMIN, "x" * 100_000),
        (ADMIN, "\ud800 half a surrogate"),
        ("", ""),
    ],
)
async def test_a_wrong_password_and_an_unknown_e_mail_are_refused_in_the_same_words(
    north: TenantFixture, south: TenantFixture, email: str, password: str
) -> None:
    with pytest.raises(NotSignedIn) as refused:
        await sign_in.sign_in(email, password, "north")
    assert (refused.value.code, refused.value.status) == ("sign_in.refused", 401)


async def test_a_refusal_takes_its_time_whether_the_account_exists_or_not(
    north: TenantFixture, south: TenantFixture
) -> None:
    for email in (ADMIN, "nobody@north.example"):
        began = time.monotonic()
        with pytest.raises(NotSignedIn):
            await sign_in.sign_in(email, "wrong password here", "north")
        assert time.monotonic() - began >= 0.25


async def test_five_failures_lock_the_account_even_for_the_right_password(
    north: TenantFixture, south: TenantFixture
) -> None:
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await sign_in.sign_in(ADMIN, "wrong password here", "north")
    with pytest.raises(NotSignedIn):
        await sign_in.sign_in(ADMIN, PASSWORD, "north")
    assert await _actions(north) == [("sign_in", "refused")] * 6
    await sign_in.sign_in("admin@south.example", PASSWORD, "south")


async def test_a_lock_ends_after_fifteen_minutes(north: TenantFixture, south: TenantFixture) -> None:
    await north.owner.execute(
        "UPDATE users SET failed_attempts = 5, locked_until = now() WHERE email = $1", ADMIN
    )
    assert (await signed_in()).user_id == north.admin.user_id
    left = await north.owner.fetchrow(
        "SELECT failed_attempts, locked_until FROM users WHERE email = $1", ADMIN
    )
    assert tuple(left) == (0, None)


async def test_many_guesses_at_once_still_count_one_by_one(
    north: TenantFixture, south: TenantFixture
) -> None:
    guesses = [sign_in.sign_in(ADMIN, f"guess number {n}") for n in range(8)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert all(isinstance(answer, NotSignedIn) for answer in answers)
    minutes = await north.owner.fetchval(
        "SELECT extract(epoch FROM locked_until - now()) / 60 FROM users WHERE email = $1", ADMIN
    )
    assert 14 < minutes <= 15


async def test_signing_in_again_ends_the_sign_in_that_it_replaces(
    north: TenantFixture, south: TenantFixture
) -> None:
    old = await signed_in()
    new = await sign_in.sign_in(ADMIN, PASSWORD, "north", replaces=old.token)
    assert new.token != old.token
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(old.token, "north")


async def test_signing_out_ends_one_and_everywhere_ends_all(
    north: TenantFixture, south: TenantFixture
) -> None:
    one, two, three = await signed_in(), await signed_in(), await signed_in()
    await sign_in.sign_out(one.token)
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(one.token, "north")
    await sign_in.actor_for(two.token, "north")
    assert await sign_in.sign_out_everywhere(two.token) == 2
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(three.token, "north")


async def test_sign_ins_failures_and_sign_outs_are_audited_in_the_persons_tenant_only(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed = await signed_in()
    with pytest.raises(NotSignedIn):
        await sign_in.sign_in(ADMIN, "wrong password here", "north")
    await sign_in.sign_out(signed.token)
    await sign_in.sign_out(signed.token)
    assert await _actions(north) == [("sign_in", "done"), ("sign_in", "refused"), ("sign_out", "done")]
    assert await _actions(south) == []


async def test_a_failure_at_a_foreign_tenant_leaves_a_trace_there_without_the_person(
    north: TenantFixture, south: TenantFixture
) -> None:
    with pytest.raises(NotSignedIn):
        await sign_in.sign_in(ADMIN, "wrong password here", "south")
    row = await south.owner.fetchrow(
        "SELECT actor_id, outcome FROM audit_log WHERE tenant_id = $1 AND action = 'tenancy.sign_in.sign_in'",
        south.tenant_id,
    )
    assert tuple(row) == (None, "refused")


async def test_an_idle_sign_in_ends_by_itself(north: TenantFixture, south: TenantFixture) -> None:
    signed = await signed_in()
    await north.owner.execute("UPDATE sign_ins SET last_seen_at = now() - interval '29 minutes'")
    await sign_in.actor_for(signed.token, "north")
    seen = await north.owner.fetchval("SELECT now() - last_seen_at < interval '5 seconds' FROM sign_ins")
    assert seen
    await north.owner.execute("UPDATE sign_ins SET last_seen_at = now() - interval '31 minutes'")
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(signed.token, "north")


async def test_a_sign_in_ends_after_its_longest_time_however_busy(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed = await signed_in()
    await north.owner.execute("UPDATE sign_ins SET expires_at = now()")
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(signed.token, "north")


async def test_the_limits_are_configured(north: TenantFixture, south: TenantFixture) -> None:
    sign_in.configure(idle_minutes=5, hours=1)
    try:
        signed = await signed_in()
        hours = await north.owner.fetchval(
            "SELECT extract(epoch FROM expires_at - created_at) / 3600 FROM sign_ins"
        )
        await north.owner.execute("UPDATE sign_ins SET last_seen_at = now() - interval '6 minutes'")
        with pytest.raises(NotSignedIn):
            await sign_in.actor_for(signed.token, "north")
        assert hours == 1
    finally:
        sign_in.configure(idle_minutes=30, hours=12)


async def test_an_open_page_stops_working_when_its_sign_in_has_ended(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed = await signed_in()
    actor = await sign_in.actor_for(signed.token, "north")
    await roles.list_roles(actor)
    await sign_in.sign_out(signed.token)
    with pytest.raises(NotSignedIn):
        await roles.list_roles(actor)


async def test_the_order_of_refusal_is_401_then_404_then_403(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed = await signed_in()
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for("no such token", "nowhere")
    with pytest.raises(NotFound):
        await sign_in.actor_for(signed.token, "nowhere")
    with pytest.raises(NotAMember):
        await sign_in.actor_for(signed.token, "south")
    assert await _actions(south) == [("actor_for", "refused")]


@pytest.mark.parametrize("subdomain", ["", "nul\0", "No-Such", "x" * 5000, "\ud800", "../north"])
async def test_what_cannot_be_a_subdomain_is_not_found(
    north: TenantFixture, south: TenantFixture, subdomain: str
) -> None:
    with pytest.raises(NotFound):
        await sign_in.tenant_of(subdomain)


async def test_a_tenant_that_is_not_open_is_not_found(north: TenantFixture, south: TenantFixture) -> None:
    assert (await sign_in.tenant_of("north")).name == "North Billing"
    await north.owner.execute("UPDATE tenants SET status = 'provisioning' WHERE subdomain = 'north'")
    with pytest.raises(NotFound):
        await sign_in.tenant_of("north")
