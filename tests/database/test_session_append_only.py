"""Append-only tables, transactions that always end, and the tenant's key."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from database.session import make_tenant_key, platform_session, tenant_secret, tenant_session
from domain.tenancy import Actor
from tests.fixtures.tenancy import TenantFixture

PROMISED = {
    "acknowledgements",
    "adjustments",
    "audit_log",
    "audit_seals",
    "care_enrolment_events",
    "care_invoice_lines",
    "care_invoices",
    "care_month_events",
    "care_outreach",
    "care_packets",
    "care_payments",
    "care_plans",
    "care_time_decisions",
    "care_time_entries",
    "claim_activities",
    "deposit_day_events",
    "documents",
    "ledger_entries",
    "notes",
    "patient_allocations",
    "patient_transactions",
    "work_item_events",
}


async def test_what_a_trigger_keeps_from_change_the_program_has_no_right_to_change_and_the_other_way_round(
    north: TenantFixture, south: TenantFixture
) -> None:
    tables = await north.owner.fetch(
        "SELECT c.relname AS name, EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only'"
        " AND t.tgenabled = 'O') AS kept, has_table_privilege('caseload_app', c.oid, 'INSERT') AS adds,"
        " has_table_privilege('caseload_app', c.oid, 'UPDATE, DELETE, TRUNCATE')"
        " OR has_any_column_privilege('caseload_app', c.oid, 'UPDATE') AS changes"
        " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migration'"
    )
    assert {one["name"] for one in tables if one["kept"]} >= PROMISED
    assert [one["name"] for one in tables if one["kept"] is one["changes"]] == []
    assert [one["name"] for one in tables if one["kept"] and not one["adds"]] == []


async def test_an_audit_row_lives_and_dies_with_its_transaction(
    north: TenantFixture, south: TenantFixture
) -> None:
    with pytest.raises(RuntimeError):
        await _audited_and_failed(north.admin)
    kept = await north.owner.fetchval("SELECT count(*) FROM audit_log WHERE action = 'tests.lost'")
    assert kept == 0


async def _audited_and_failed(actor: Actor) -> None:
    async with tenant_session(actor) as session:
        await session.audit("tests.lost")
        raise RuntimeError("after the audit row")


async def test_an_audit_row_for_another_tenant_is_refused(north: TenantFixture, south: TenantFixture) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant_session(north.admin) as session:
            await session.execute(
                "INSERT INTO audit_log (tenant_id, actor_kind, action) VALUES ($1, 'person', 'planted')",
                south.tenant_id,
            )


async def test_a_setting_of_one_transaction_is_gone_in_the_next_on_the_same_connection(
    north: TenantFixture, south: TenantFixture
) -> None:
    async with tenant_session(north.admin) as session:
        assert await session.value("SELECT count(*) FROM roles") == 5
    for _ in range(12):
        async with platform_session() as connection:
            assert await connection.fetchval("SELECT count(*) FROM roles") == 0


async def test_many_tenants_at_once_never_see_each_other(north: TenantFixture, south: TenantFixture) -> None:
    async def seen(tenant: TenantFixture) -> set[object]:
        async with tenant_session(tenant.admin) as session:
            await asyncio.sleep(0)
            return {row["tenant_id"] for row in await session.fetch("SELECT tenant_id FROM memberships")}

    answers = await asyncio.gather(*(seen(tenant) for tenant in [north, south] * 20))
    assert answers == [{north.tenant_id}, {south.tenant_id}] * 20


async def test_a_session_without_a_known_tenant_sees_nothing(
    north: TenantFixture, south: TenantFixture
) -> None:
    async with tenant_session(Actor(uuid4(), None, "workflow")) as session:
        assert await session.fetch("SELECT 1 FROM memberships") == []


async def test_rows_copied_in_are_confined_too(north: TenantFixture, south: TenantFixture) -> None:
    columns = ("tenant_id", "name", "permissions")
    async with tenant_session(north.admin) as session:
        rows = [(north.tenant_id, f"Copied {n}", ["claims.view", 'a "quoted" one']) for n in range(50)]
        await session.copy("roles", columns, rows)
        held = await session.value("SELECT permissions FROM roles WHERE name = 'Copied 7'")
    assert held == ["claims.view", 'a "quoted" one']
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant_session(north.admin) as session:
            await session.copy("roles", columns, [(south.tenant_id, "Copied", [])])


async def test_each_tenant_has_a_key_of_its_own_and_keeps_it(
    north: TenantFixture, south: TenantFixture
) -> None:
    async with tenant_session(north.admin) as session:
        mine = await session.key()
        await make_tenant_key(session)
    assert (await tenant_secret(north.tenant_id)).secret == mine.secret
    assert (await tenant_secret(south.tenant_id)).secret != mine.secret
    assert await north.owner.fetchval("SELECT count(*) FROM tenant_keys") == 2
    wrapped = await north.owner.fetchval(
        "SELECT wrapped FROM tenant_keys WHERE tenant_id = $1", north.tenant_id
    )
    assert mine.secret not in wrapped


async def test_a_tenant_without_a_key_says_so(north: TenantFixture, south: TenantFixture) -> None:
    with pytest.raises(LookupError):
        await tenant_secret(uuid4())
