"""People of a tenant: invited, found, dismissed, and what they may be given."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from domain.refusals import Conflict, Invalid, NotAllowed, NotAMember, Refusal
from domain.tenancy import Actor
from policies.permissions import Permission
from services.tenancy import people, roles, sign_in
from tests.fixtures.tenancy import TenantFixture, founded


async def a_role(tenant: TenantFixture, name: str) -> roles.RoleView:
    return next(role for role in await roles.list_roles(tenant.admin) if role.name == name)


async def membership_of(tenant: TenantFixture, person: Actor) -> UUID:
    page = await people.list_people(tenant.admin)
    return next(one.id for one in page.items if one.user_id == person.user_id)


async def _role_manager(tenant: TenantFixture) -> Actor:
    """Somebody who may build and grant roles, and sees claims, but holds little else."""
    await roles.save_role(
        tenant.admin,
        None,
        "Role Keeper",
        "Keeps roles.",
        [Permission.ROLES_MANAGE, Permission.USERS_MANAGE, Permission.TENANT_VIEW, Permission.CLAIMS_VIEW],
    )
    return await tenant.actor("Role Keeper")


async def test_a_new_tenant_has_exactly_the_default_roles(north: TenantFixture, south: TenantFixture) -> None:
    held = {role.name: set(role.effective) for role in await roles.list_roles(north.admin)}
    assert set(held) == {"Tenant Admin", "Team Lead", "Biller", "QA Specialist", "View-Only"}
    columns = (
        "users.manage",
        "roles.manage",
        "clients.manage",
        "claims.create",
        "claims.submit",
        "claims.audit",
        "reports.view_all",
    )
    table = {name: [column in held[name] for column in columns] for name in held}
    assert table == {
        "Tenant Admin": [True] * 7,
        "Team Lead": [False, False, False, True, True, False, True],
        "Biller": [False, False, False, True, True, False, False],
        "QA Specialist": [False, False, False, False, False, True, False],
        "View-Only": [False] * 7,
    }
    assert held["Biller"] < held["Team Lead"]


async def test_a_company_that_coordinates_care_starts_with_roles_of_its_own(
    house: asyncpg.Connection, password_hash: str, south: TenantFixture
) -> None:
    care = await founded(house, "meadow", password_hash, "care")
    held = {role.name: set(role.effective) for role in await roles.list_roles(care.admin)}
    assert set(held) == {
        "Biller", "Billing Staff", "Care Coordinator", "Care Manager", "Tenant Admin", "View-Only",
    }  # fmt: skip
    assert held["Care Coordinator"] < held["Care Manager"] and "care.close" in held["Care Manager"]
    assert held["Biller"] < held["Billing Staff"] and "care.billing" in held["Billing Staff"]
    notes = {"care.view", "care.record", "care.manage"}
    assert not notes & held["Billing Staff"]
    assert notes <= held["Tenant Admin"]
    assert "Care Coordinator" not in {role.name for role in await roles.list_roles(south.admin)}
    left = [role.name for role in await roles.suggested_roles(care.admin)]
    assert left == ["Denial Specialist", "Team Lead", "QA Specialist"]


async def test_an_invited_person_signs_in_and_holds_the_given_roles(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await a_role(north, "Biller")
    invitation = await people.invite(north.admin, "New@North.example", "Nina New", "Biller", [biller.id])
    assert invitation.code == ""
    assert invitation.person.status == "active"
    signed = await sign_in.sign_in("new@north.example", invitation.password, "north")
    actor = await sign_in.actor_for(signed.token, "north")
    assert actor.permissions == frozenset(biller.effective)


async def test_whoever_has_an_account_keeps_its_password_and_waits_for_the_code(
    north: TenantFixture, south: TenantFixture
) -> None:
    invitation = await people.invite(
        south.admin, "admin@north.example", "Somebody", password="planted by the inviter"
    )
    assert (invitation.password, invitation.person.status) == ("", "invited")
    assert invitation.code
    with pytest.raises(Refusal):
        await sign_in.sign_in("admin@north.example", "planted by the inviter")


async def test_a_person_is_invited_once_and_may_come_back_after_leaving(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await north.actor("Biller", email="bill@north.example")
    with pytest.raises(Conflict) as refused:
        await people.invite(north.admin, "bill@north.example", "Bill")
    assert refused.value.code == "person.already_here"
    membership = await membership_of(north, biller)
    await people.end_membership(north.admin, membership)
    back = await people.invite(north.admin, "bill@north.example", "Bill")
    assert (back.id, back.person.status) == (membership, "invited")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"email": "nobody", "name": "N"}, "email"),
        ({"email": "a@b.example", "name": " "}, "name"),
        ({"email": "a@b.example", "name": "N\0"}, "name"),
        ({"email": "a@b.example", "name": "N", "password": "short"}, "password"),
        ({"email": "a@b.example", "name": "N", "job_title": "x" * 500}, "job_title"),
        ({"email": "a@b.example", "name": "N", "role_ids": [UUID(int=7)]}, "role_ids.0"),
    ],
)
async def test_a_bad_invitation_is_refused_at_its_field(
    north: TenantFixture, south: TenantFixture, facts: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await people.invite(north.admin, **facts)
    assert [error.field for error in refused.value.fields] == [field]


async def test_a_plan_has_room_for_so_many_people(north: TenantFixture, south: TenantFixture) -> None:
    await north.owner.execute(
        "UPDATE tenants SET settings = jsonb_set(settings, '{plan,people}', '1') WHERE id = $1",
        north.tenant_id,
    )
    with pytest.raises(Conflict) as refused:
        await people.invite(north.admin, "one@north.example", "One")
    assert refused.value.code == "plan.people_full"
    await people.invite(south.admin, "one@north.example", "One")


async def test_people_are_listed_page_by_page_and_found_by_name_and_e_mail(
    north: TenantFixture, south: TenantFixture
) -> None:
    for number in range(4):
        await north.actor("Biller", email=f"bill{number}@north.example")
    await south.actor("Biller")
    first = await people.list_people(north.admin, limit=3)
    second = await people.list_people(north.admin, cursor=first.next, limit=3)
    names = [person.name for person in [*first.items, *second.items]]
    assert (len(first.items), len(names), second.next) == (3, 5, None)
    assert names == sorted(names, key=str.lower)
    assert [p.email for p in (await people.list_people(north.admin, "BILL2@")).items] == [
        "bill2@north.example"
    ]
    assert (await people.list_people(north.admin, "south")).items == []


async def test_new_roles_work_at_the_next_click_of_an_open_page(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await north.actor("Biller")
    with pytest.raises(NotAllowed):
        await people.list_people(biller)
    admin_role = await a_role(north, "Tenant Admin")
    await people.set_roles(north.admin, await membership_of(north, biller), [admin_role.id])
    await people.list_people(biller)


async def test_a_person_who_left_is_no_member_at_the_next_click(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await north.actor("Biller")
    await people.end_membership(north.admin, await membership_of(north, biller))
    with pytest.raises(NotAMember):
        await roles.list_roles(biller)
    assert [p.status for p in (await people.list_people(north.admin, ended=True)).items] == ["ended"]


async def test_nobody_grants_what_they_do_not_hold(north: TenantFixture, south: TenantFixture) -> None:
    keeper = await _role_manager(north)
    biller = await a_role(north, "Biller")
    with pytest.raises(NotAllowed) as refused:
        await people.set_roles(keeper, await membership_of(north, keeper), [biller.id])
    assert refused.value.code == "grant.beyond_own"
    with pytest.raises(NotAllowed):
        await people.invite(keeper, "friend@north.example", "Friend", role_ids=[biller.id])
    with pytest.raises(NotAllowed):
        await roles.save_role(keeper, None, "Mighty", "", [Permission.CLAIMS_SUBMIT])
    with pytest.raises(NotAllowed):
        await roles.save_role(keeper, None, "Heir", "", [], [biller.id])


async def test_nobody_raises_themselves_by_changing_a_role_they_hold(
    north: TenantFixture, south: TenantFixture
) -> None:
    keeper = await _role_manager(north)
    own = await a_role(north, "Role Keeper")
    with pytest.raises(NotAllowed):
        await roles.save_role(keeper, own.id, own.name, "", [*own.permissions, Permission.AUDIT_VIEW])
    lesser = await roles.save_role(keeper, None, "Viewer", "", [Permission.CLAIMS_VIEW])
    assert lesser.effective == ["claims.view"]


async def test_users_manage_alone_may_invite_but_not_grant(
    north: TenantFixture, south: TenantFixture
) -> None:
    await roles.save_role(north.admin, None, "Host", "", [Permission.USERS_MANAGE, Permission.TENANT_VIEW])
    host = await north.actor("Host")
    view = await a_role(north, "Host")
    await people.invite(host, "guest@north.example", "Guest")
    with pytest.raises(NotAllowed) as refused:
        await people.invite(host, "other@north.example", "Other", role_ids=[view.id])
    assert refused.value.code == "permission.missing"


async def test_a_tenant_never_loses_its_last_administrator(
    north: TenantFixture, south: TenantFixture
) -> None:
    membership = await membership_of(north, north.admin)
    for attempt in (
        people.set_roles(north.admin, membership, []),
        people.end_membership(north.admin, membership),
    ):
        with pytest.raises(Conflict) as refused:
            await attempt
        assert refused.value.code == "admin.last"
    assert "users.manage" in (await north.person(north.admin.user_id or uuid4())).permissions


async def test_two_administrators_who_dismiss_each_other_at_once_leave_one(
    north: TenantFixture, south: TenantFixture
) -> None:
    other = await north.actor("Tenant Admin")
    ours, theirs = await membership_of(north, north.admin), await membership_of(north, other)
    answers = await asyncio.gather(
        people.set_roles(north.admin, theirs, []), people.set_roles(other, ours, []), return_exceptions=True
    )
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
