"""One person in two tenants: invited, handed over, and with rights of their own in each."""

from uuid import UUID

import pytest

from domain.refusals import NotAMember, NotFound, NotSignedIn
from services.tenancy import account, people, roles, sign_in
from tests.fixtures.tenancy import PASSWORD, TenantFixture
from tests.services.tenancy.test_sign_in import ADMIN, signed_in


async def _invited_south(north: TenantFixture, south: TenantFixture) -> people.Invitation:
    return await people.invite(
        south.admin, ADMIN, "North Admin", "Consultant", [await a_role(south, "Biller")]
    )


async def a_role(tenant: TenantFixture, name: str) -> UUID:
    return next(role.id for role in await roles.list_roles(tenant.admin) if role.name == name)


async def test_one_person_works_in_two_tenants_and_switches_without_signing_in_again(
    north: TenantFixture, south: TenantFixture
) -> None:
    invitation = await _invited_south(north, south)
    signed = await signed_in()
    joined = await account.accept_invitation(signed.token, "south", invitation.code)
    assert [tenant.subdomain for tenant in await sign_in.my_tenants(joined.token)] == ["north", "south"]
    there = await sign_in.actor_for(joined.token, "south")
    here = await sign_in.actor_for(joined.token, "north")
    assert "users.manage" in here.permissions
    assert "users.manage" not in there.permissions


async def test_an_invitation_needs_its_code_and_the_token_is_exchanged(
    north: TenantFixture, south: TenantFixture
) -> None:
    invitation = await _invited_south(north, south)
    signed = await signed_in()
    with pytest.raises(NotAMember):
        await sign_in.actor_for(signed.token, "south")
    with pytest.raises(NotFound):
        await account.accept_invitation(signed.token, "south", "guessed code")
    joined = await account.accept_invitation(signed.token, "south", invitation.code)
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(signed.token, "north")
    with pytest.raises(NotFound):
        await account.accept_invitation(joined.token, "south", invitation.code)


async def test_changed_rights_have_the_token_exchanged_while_open_pages_go_on(
    north: TenantFixture, south: TenantFixture
) -> None:
    person = await north.actor("Biller", email="bill@north.example")
    signed = await sign_in.sign_in("bill@north.example", PASSWORD)
    page = await sign_in.actor_for(signed.token, "north")
    assert await sign_in.renewed(signed.token) is None
    membership = next(p for p in (await people.list_people(north.admin)).items if p.user_id == person.user_id)
    await people.set_roles(north.admin, membership.id, [await a_role(north, "Team Lead")])
    fresh = await sign_in.renewed(signed.token)
    assert fresh is not None
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(signed.token, "north")
    assert "work.assign" in (await sign_in.actor_for(fresh.token, "north")).permissions
    await roles.list_roles(page)


async def test_a_token_that_was_not_exchanged_in_time_is_worth_nothing(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed = await signed_in()
    await north.owner.execute("UPDATE sign_ins SET renew_before = now()")
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(signed.token, "north")


async def test_a_new_password_ends_the_other_sign_ins(north: TenantFixture, south: TenantFixture) -> None:
    elsewhere, here = await signed_in(), await signed_in()
    with pytest.raises(NotSignedIn):
        await account.change_password(here.token, "wrong password here", "another long password")
    changed = await account.change_password(here.token, PASSWORD, "another long password")
    for token in (elsewhere.token, here.token):
        with pytest.raises(NotSignedIn):
            await sign_in.actor_for(token, "north")
    await sign_in.actor_for(changed.token, "north")
    await sign_in.sign_in(ADMIN, "another long password")


async def test_a_ticket_carries_a_sign_in_to_another_subdomain_once(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed = await signed_in()
    ticket = await sign_in.hand_over(signed.token)
    with pytest.raises(NotSignedIn):
        await sign_in.actor_for(ticket, "north")
    token = await sign_in.redeem(ticket)
    assert (await sign_in.actor_for(token, "north")).user_id == north.admin.user_id
    for used in (ticket, token, "", "\ud800"):
        with pytest.raises(NotSignedIn):
            await sign_in.redeem(used)


async def test_a_ticket_is_too_old_after_half_a_minute(north: TenantFixture, south: TenantFixture) -> None:
    ticket = await sign_in.hand_over((await signed_in()).token)
    seconds = await north.owner.fetchval("SELECT extract(epoch FROM min(expires_at) - now()) FROM sign_ins")
    assert 25 < seconds <= 30
    await north.owner.execute(
        "UPDATE sign_ins SET expires_at = now() WHERE expires_at < now() + interval '1 minute'"
    )
    with pytest.raises(NotSignedIn):
        await sign_in.redeem(ticket)


async def test_signing_out_ends_what_was_handed_over_too_and_other_devices_stay(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed, elsewhere = await signed_in(), await signed_in()
    handed = await sign_in.redeem(await sign_in.hand_over(signed.token))
    open_ticket = await sign_in.hand_over(handed)
    await sign_in.sign_out(handed)
    for token in (signed.token, handed):
        with pytest.raises(NotSignedIn):
            await sign_in.actor_for(token, "north")
    with pytest.raises(NotSignedIn):
        await sign_in.redeem(open_ticket)
    await sign_in.actor_for(elsewhere.token, "north")


async def test_a_handed_over_sign_in_lasts_no_longer_than_the_first(
    north: TenantFixture, south: TenantFixture
) -> None:
    signed = await signed_in()
    await sign_in.redeem(await sign_in.hand_over(signed.token))
    ends = await north.owner.fetch("SELECT DISTINCT expires_at FROM sign_ins")
    assert [row["expires_at"] for row in ends] == [signed.expires_at]
