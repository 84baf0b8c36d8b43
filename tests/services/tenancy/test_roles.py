"""Roles: what they inherit, what they may be called, and who may change them."""

import pytest

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from policies.permissions import Permission
from services.tenancy import people, roles
from tests.fixtures.tenancy import TenantFixture
from tests.services.tenancy.test_people_and_roles import a_role, membership_of


async def test_the_administrator_role_is_built_in(north: TenantFixture, south: TenantFixture) -> None:
    admin_role = await a_role(north, "Tenant Admin")
    for attempt in (
        roles.save_role(north.admin, admin_role.id, "Less", "", []),
        roles.delete_role(north.admin, admin_role.id),
    ):
        with pytest.raises(NotAllowed) as refused:
            await attempt
        assert refused.value.code == "role.built_in"


async def test_narrowing_a_role_does_not_narrow_the_administrator(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await a_role(north, "Biller")
    await roles.save_role(north.admin, biller.id, "Biller", "", [Permission.CLAIMS_VIEW])
    widened = await roles.save_role(north.admin, biller.id, "Biller", "", [Permission.CLAIMS_SUBMIT])
    assert widened.effective == ["claims.submit"]


async def test_a_role_inherits_from_several_and_from_their_parents(
    north: TenantFixture, south: TenantFixture
) -> None:
    lead, auditor = await a_role(north, "Team Lead"), await a_role(north, "QA Specialist")
    both = await roles.save_role(north.admin, None, "Lead Auditor", "", [], [lead.id, auditor.id])
    assert both.parents == ["QA Specialist", "Team Lead"]
    assert set(both.effective) == set(lead.effective) | set(auditor.effective)


async def test_a_circle_of_inheritance_is_refused_and_named(
    north: TenantFixture, south: TenantFixture
) -> None:
    view, lead = await a_role(north, "View-Only"), await a_role(north, "Team Lead")
    with pytest.raises(Invalid) as refused:
        await roles.save_role(north.admin, view.id, "View-Only", "", view.permissions, [lead.id])
    said = refused.value.fields[0]
    assert said.field == "parent_ids"
    for name in ("View-Only", "Team Lead", "Biller"):
        assert name in said.message
    assert (await a_role(north, "View-Only")).parents == []


async def test_a_role_cannot_inherit_from_itself_or_from_another_tenants_role(
    north: TenantFixture, south: TenantFixture
) -> None:
    mine, theirs = await a_role(north, "Biller"), await a_role(south, "Biller")
    for parent in (mine.id, theirs.id):
        with pytest.raises(Invalid):
            await roles.save_role(north.admin, mine.id, "Biller", "", mine.permissions, [parent])


async def test_another_tenants_role_and_person_are_not_there(
    north: TenantFixture, south: TenantFixture
) -> None:
    theirs = await a_role(south, "Biller")
    for attempt in (
        roles.get_role(north.admin, theirs.id),
        roles.save_role(north.admin, theirs.id, "Taken", "", []),
        roles.delete_role(north.admin, theirs.id),
        people.get_person(north.admin, await membership_of(south, south.admin)),
        people.end_membership(north.admin, await membership_of(south, south.admin)),
    ):
        with pytest.raises(NotFound):
            await attempt
    denied = await north.owner.fetchval(
        "SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND outcome = 'refused'", north.tenant_id
    )
    assert denied == 5


async def test_a_stale_change_is_refused(north: TenantFixture, south: TenantFixture) -> None:
    role = await roles.save_role(north.admin, None, "Own", "", [Permission.CLAIMS_VIEW])
    await roles.save_role(north.admin, role.id, "Own", "first", role.permissions, (), role.version)
    with pytest.raises(Stale):
        await roles.save_role(north.admin, role.id, "Own", "second", role.permissions, (), role.version)


async def test_a_role_that_is_needed_is_not_deleted(north: TenantFixture, south: TenantFixture) -> None:
    await north.actor("Biller")
    for name, code in (("Biller", "role.held"), ("View-Only", "role.inherited")):
        with pytest.raises(Conflict) as refused:
            await roles.delete_role(north.admin, (await a_role(north, name)).id)
        assert refused.value.code == code
    own = await roles.save_role(north.admin, None, "Own", "", [])
    await roles.delete_role(north.admin, own.id)
    assert "Own" not in {role.name for role in await roles.list_roles(north.admin)}


@pytest.mark.parametrize(
    ("name", "description", "permissions", "field"),
    [
        ("", "", [], "name"),
        ("x" * 200, "", [], "name"),
        ("Own", "y" * 600, [], "description"),
        ("Own", "", ["claims.view", "claims.destroy"], "permissions.1"),
    ],
)
async def test_a_bad_role_is_refused_at_its_field(
    north: TenantFixture,
    south: TenantFixture,
    name: str,
    description: str,
    permissions: list[str],
    field: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        await roles.save_role(north.admin, None, name, description, permissions)
    assert [error.field for error in refused.value.fields] == [field]


async def test_two_roles_of_one_name_are_a_conflict_within_a_tenant_only(
    north: TenantFixture, south: TenantFixture
) -> None:
    await roles.save_role(north.admin, None, "Own", "", [])
    await roles.save_role(south.admin, None, "Own", "", [])
    with pytest.raises(Conflict):
        await roles.save_role(north.admin, None, "Own", "", [])


async def test_a_suggested_role_is_added_with_what_it_inherits(
    north: TenantFixture, south: TenantFixture
) -> None:
    names = [role.name for role in await roles.suggested_roles(north.admin)]
    assert names == ["Denial Specialist", "Care Coordinator", "Care Manager", "Billing Staff"]
    added = await roles.add_suggested_role(north.admin, "Denial Specialist")
    assert "denials.work" in added.effective
    assert "claims.view" in added.effective
    assert "claims.create" not in added.effective
    assert [role.name for role in await roles.suggested_roles(north.admin)] == names[1:]
    assert len(await roles.suggested_roles(south.admin)) == len(names)
