"""Two tenants, one database: a session sees and changes the rows of its own tenant only."""

import asyncpg
import pytest

from database.session import platform_session, tenant_session
from tests.fixtures.tenancy import TenantFixture

INSERT = "INSERT INTO roles (tenant_id, name) VALUES ($1, 'Intruder')"


async def test_a_session_reads_only_its_own_tenants_rows(north: TenantFixture, south: TenantFixture) -> None:
    async with tenant_session(north.admin) as session:
        seen = {row["tenant_id"] for row in await session.fetch("SELECT tenant_id FROM roles")}
    assert seen == {north.tenant_id}


async def test_an_insert_into_another_tenant_is_refused(north: TenantFixture, south: TenantFixture) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant_session(north.admin) as session:
            await session.execute(INSERT, south.tenant_id)


async def test_an_update_of_another_tenants_rows_touches_none(
    north: TenantFixture, south: TenantFixture
) -> None:
    async with tenant_session(north.admin) as session:
        touched = await session.execute(
            "UPDATE roles SET description = 'taken' WHERE tenant_id = $1", south.tenant_id
        )
    assert touched == 0


async def test_a_row_cannot_be_moved_into_another_tenant(north: TenantFixture, south: TenantFixture) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant_session(north.admin) as session:
            await session.execute("UPDATE memberships SET tenant_id = $1", south.tenant_id)


async def test_outside_every_tenant_there_are_no_rows(north: TenantFixture, south: TenantFixture) -> None:
    async with platform_session() as connection:
        assert await connection.fetchval("SELECT count(*) FROM roles") == 0


async def test_a_person_sees_own_memberships_everywhere_and_nobody_elses(
    north: TenantFixture, south: TenantFixture
) -> None:
    async with platform_session(user_id=north.admin.user_id) as connection:
        rows = await connection.fetch("SELECT tenant_id, user_id FROM memberships")
    assert [(r["tenant_id"], r["user_id"]) for r in rows] == [(north.tenant_id, north.admin.user_id)]


async def test_a_reference_to_another_tenants_row_is_refused(
    north: TenantFixture, south: TenantFixture
) -> None:
    theirs = await north.owner.fetchval("SELECT id FROM roles WHERE tenant_id = $1 LIMIT 1", south.tenant_id)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with tenant_session(north.admin) as session:
            await session.execute(
                "INSERT INTO role_parents (tenant_id, role_id, parent_id)"
                " SELECT tenant_id, id, $1 FROM roles LIMIT 1",
                theirs,
            )
