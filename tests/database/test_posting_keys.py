"""What a posting writes refers to what is there, although no row is checked by itself, and nothing under it can vanish."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from database.session import MANY, tenant_session
from domain.tenancy import workflow_actor
from tests.fixtures.tenancy import TenantFixture


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [
        ("ledger_entries", "posting_id, account, claim_id, amount_cents", "uuidv7(), 'cash', $2, 0"),
        ("ledger_entries", "posting_id, account, balance_id, amount_cents", "uuidv7(), 'cash', $2, 0"),
        ("adjustments", "remittance_claim_id, ordinal, group_code, reason_code, amount_cents", "$2, 1, 'CO', '45', 1"),
        ("remittance_lines", "remittance_claim_id, ordinal, procedure, charge_cents, paid_cents", "$2, 1, 'X', 1, 1"),
    ],
)  # fmt: skip
async def test_a_row_that_refers_to_nothing_is_refused(
    north: TenantFixture, south: TenantFixture, table: str, columns: str, values: str
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
            await session.execute(
                f"INSERT INTO {table} (tenant_id, {columns}) VALUES ($1, {values})", north.tenant_id, uuid4()
            )
    assert await north.owner.fetchval(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize(
    "table", ["claims", "remittances", "remittance_claims", "remittance_lines", "provider_adjustments", "provider_balances"]
)  # fmt: skip
async def test_the_program_cannot_delete_what_the_ledger_rests_on(
    north: TenantFixture, south: TenantFixture, table: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant_session(workflow_actor(south.tenant_id, "tests")) as session:
            await session.execute(f"DELETE FROM {table}")


async def test_thousands_of_rows_travel_by_copy_and_stay_confined_to_their_tenant(
    north: TenantFixture, south: TenantFixture
) -> None:
    cents = [1, -1] * (MANY // 2)
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        posting: UUID = await session.value("SELECT uuidv7()")
        rows = [(north.tenant_id, posting, "cash", one) for one in cents]
        columns = ("tenant_id", "posting_id", "account", "amount_cents")
        await session.copy("ledger_entries", columns, rows)
        await session.copy("ledger_entries", columns, rows)
        assert await session.value("SELECT count(*) FROM ledger_entries") == 2 * MANY
    async with tenant_session(workflow_actor(south.tenant_id, "tests")) as session:
        assert await session.value("SELECT count(*) FROM ledger_entries") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant_session(workflow_actor(south.tenant_id, "tests")) as session:
            await session.copy("ledger_entries", columns, rows)
