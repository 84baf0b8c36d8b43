"""Custom fields: defined by the tenant, checked together with their record, sealed and hidden where they are PHI."""

from dataclasses import replace
from typing import Any

import pytest

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.rules.custom_fields import Subject
from domain.rules.fields import FieldType
from domain.tenancy import Actor
from services.claims import capture, catalogue
from services.clientele import clients, patients, payers
from services.rules import custom_fields, custom_values
from services.rules.custom_fields import CustomFieldFacts, CustomFieldView, NewCustomField
from services.workforce import employees
from services.workforce.employees import EmployeeFacts
from tests.fixtures.exchange import CLIENT, Exchange
from tests.fixtures.tenancy import TenantFixture

REGION = CustomFieldFacts("Region", FieldType.CHOICE, choices=["North", "South, West"])


async def add(tenant: TenantFixture, of: Subject, code: str, facts: CustomFieldFacts) -> CustomFieldView:
    return await custom_fields.add_custom_field(tenant.admin, NewCustomField(of, code, facts))


async def only(tenant: TenantFixture, *permissions: str) -> Actor:
    """A person with these permissions and no other."""
    await tenant.owner.execute(
        "INSERT INTO roles (tenant_id, name, permissions) VALUES ($1, 'Some', $2)",
        tenant.tenant_id,
        list(permissions),
    )
    await tenant.owner.execute("UPDATE tenants SET policy_version = policy_version + 1")
    return await tenant.actor("Some")


async def test_every_kind_of_record_takes_and_shows_its_fields(here: Exchange, there: Exchange) -> None:
    admin = here.tenant.admin
    for subject in Subject:
        await add(here.tenant, subject, "region", REGION)
    custom: dict[str, Any] = {"region": "North"}
    client = await clients.add_client(admin, replace(CLIENT, name="Lake Practice", custom=custom))
    employee = await employees.add_employee(admin, EmployeeFacts("E-1", "Ana Ruiz", custom=custom))
    claim = await capture.create(admin, replace(here.draft(100), custom=custom))
    await custom_values.set_values(admin, Subject.PATIENT, here.patient_id, custom)
    payer_id = (await here.one("SELECT id FROM payers"))["id"]
    await custom_values.set_values(admin, Subject.PAYER, payer_id, custom)
    assert (await clients.get_client(admin, client.id)).custom == custom
    assert (await employees.get_employee(admin, employee.id)).custom == custom
    assert (await patients.get_patient(admin, here.patient_id)).custom == custom
    assert (await payers.get_payer(admin, payer_id)).custom == custom
    assert (await catalogue.get_claim(admin, claim.id)).custom == custom
    assert (await catalogue.get_claim(admin, claim.id)).activities[0].summary == "Set: Region"
    kept = await clients.change_client(admin, client.id, replace(CLIENT, name="Lake Practice"))
    assert kept.custom == custom
    assert await custom_values.set_values(admin, Subject.CLIENT, client.id, {"region": None}) == {}
    assert await custom_fields.list_custom_fields(there.tenant.admin) == []


async def test_claims_are_found_by_a_value_and_only_by_fields_that_hold_no_phi(
    here: Exchange, there: Exchange
) -> None:
    admin = here.tenant.admin
    await add(here.tenant, Subject.CLAIM, "region", REGION)
    await add(here.tenant, Subject.CLAIM, "diary", CustomFieldFacts("Diary", FieldType.TEXT, phi=True))
    north = await capture.create(admin, replace(here.draft(100), custom={"region": "North"}))
    await capture.create(admin, replace(here.draft(100), custom={"region": "South, West"}))
    await capture.create(there.tenant.admin, there.draft(100))
    found = await catalogue.list_claims(admin, custom={"region": "North"})
    assert [(one.id, one.custom) for one in found.items] == [(north.id, {"region": "North"})]
    for code in ("diary", "nothing"):
        with pytest.raises(Invalid, match="not_searchable"):
            await catalogue.list_claims(admin, custom={code: "x"})


async def test_what_holds_phi_is_sealed_and_seen_by_those_who_see_patients(
    here: Exchange, there: Exchange
) -> None:
    admin = here.tenant.admin
    await add(here.tenant, Subject.CLIENT, "contact_born", CustomFieldFacts("Born", FieldType.TEXT, phi=True))
    await custom_values.set_values(admin, Subject.CLIENT, here.client_id, {"contact_born": "May 1961"})
    stored = await here.one("SELECT plain, sealed FROM custom_values")
    assert stored["plain"] is None and b"1961" not in stored["sealed"]
    before = await here.tenant.owner.fetchval("SELECT count(*) FROM audit_log WHERE phi")
    assert (await clients.get_client(admin, here.client_id)).custom == {"contact_born": "May 1961"}
    assert await here.tenant.owner.fetchval("SELECT count(*) FROM audit_log WHERE phi") == before + 1
    blind = await only(here.tenant, "clients.view", "clients.manage")
    assert (await clients.get_client(blind, here.client_id)).custom == {}
    assert await custom_fields.list_custom_fields(blind) == []
    with pytest.raises(Invalid, match=r"custom\.refused"):
        await custom_values.set_values(blind, Subject.CLIENT, here.client_id, {"contact_born": "x"})


async def test_values_are_checked_together_with_what_is_kept(
    north: TenantFixture, south: TenantFixture
) -> None:
    await add(north, Subject.EMPLOYEE, "badge", CustomFieldFacts("Badge", FieldType.TEXT, required=True))
    await add(north, Subject.EMPLOYEE, "wage", CustomFieldFacts("Wage", FieldType.CENTS))
    with pytest.raises(Invalid) as refused:
        await employees.add_employee(
            north.admin, EmployeeFacts("E-1", "Ana", custom={"wage": "ten", "other": 1})
        )
    assert {one.field for one in refused.value.fields} == {"custom.badge", "custom.wage", "custom.other"}
    made = await employees.add_employee(north.admin, EmployeeFacts("E-1", "Ana", custom={"badge": "B7"}))
    changed = await custom_values.set_values(north.admin, Subject.EMPLOYEE, made.id, {"wage": 2150})
    assert changed == {"badge": "B7", "wage": 2150}
    with pytest.raises(Invalid, match=r"custom\.refused"):
        await custom_values.set_values(north.admin, Subject.EMPLOYEE, made.id, {"badge": " "})
    # A program that knows nothing of the fields still works.
    assert (await employees.add_employee(north.admin, EmployeeFacts("E-2", "Bo"))).custom == {}


async def test_a_field_in_use_keeps_its_type_and_its_values_out_of_use(
    north: TenantFixture, south: TenantFixture
) -> None:
    field = await add(north, Subject.EMPLOYEE, "region", REGION)
    made = await employees.add_employee(north.admin, EmployeeFacts("E-1", "Ana", custom={"region": "North"}))
    with pytest.raises(Conflict, match="type_fixed"):
        await custom_fields.change_custom_field(
            north.admin, field.id, CustomFieldFacts("Region", FieldType.TEXT)
        )
    with pytest.raises(Conflict, match="choices_fixed"):
        await custom_fields.change_custom_field(north.admin, field.id, replace(REGION, choices=["East"]))
    await custom_fields.deactivate_custom_field(north.admin, field.id, "No longer needed.")
    assert (await employees.get_employee(north.admin, made.id)).custom == {}
    await custom_fields.reactivate_custom_field(north.admin, field.id)
    assert (await employees.get_employee(north.admin, made.id)).custom == {"region": "North"}


async def test_fields_have_an_order_a_code_of_their_own_and_keepers(
    north: TenantFixture, south: TenantFixture
) -> None:
    for code in ("a", "b", "c"):
        last = await add(north, Subject.PAYER, code, CustomFieldFacts(code.upper(), FieldType.TEXT))
    moved = await custom_fields.move_custom_field(north.admin, last.id, 1)
    assert [one.code for one in moved] == ["c", "a", "b"]
    with pytest.raises(Conflict, match=r"code\.taken"):
        await add(north, Subject.PAYER, "a", CustomFieldFacts("A", FieldType.TEXT))
    with pytest.raises(NotAllowed):
        await custom_fields.move_custom_field(await north.actor("Biller"), last.id, 2)
    with pytest.raises(NotFound):
        await custom_fields.move_custom_field(south.admin, last.id, 2)


async def test_values_are_set_by_those_who_may_change_the_record(here: Exchange, there: Exchange) -> None:
    await add(here.tenant, Subject.CLIENT, "region", REGION)
    viewer = await here.tenant.actor("View-Only")
    with pytest.raises(NotAllowed):
        await custom_values.set_values(viewer, Subject.CLIENT, here.client_id, {"region": "North"})
    with pytest.raises(NotFound):
        await custom_values.set_values(
            there.tenant.admin, Subject.CLIENT, here.client_id, {"region": "North"}
        )
