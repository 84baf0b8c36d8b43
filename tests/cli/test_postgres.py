"""The embedded PostgreSQL keeps the program's role small."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from cli.postgres import Postgres


async def test_the_programs_role_cannot_pass_row_security_and_owns_nothing(postgres: Postgres) -> None:
    connection = await asyncpg.connect(postgres.app_url())
    role = await connection.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    owned = await connection.fetchval(
        "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole AND relkind IN ('r', 'p', 'S', 'v')"
    )
    await connection.close()
    assert tuple(role or ()) == (False, False, False, False)
    assert owned == 0


async def test_a_wrong_password_is_refused(postgres: Postgres) -> None:
    right = postgres.app_url()
    wrong = right.replace(right.split(":")[2].split("@")[0], "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


async def test_a_copy_of_the_template_has_the_whole_schema(
    postgres: Postgres, fresh_database: Callable[[str], Awaitable[str]]
) -> None:
    name = await fresh_database("copy_of_template")
    connection = await asyncpg.connect(postgres.owner_url(name))
    tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert tables > 10


async def test_the_owner_comes_in_through_the_unix_socket(postgres: Postgres) -> None:
    connection = await asyncpg.connect(postgres.socket_url())
    assert await connection.fetchval("SELECT inet_server_addr()") is None
    await connection.close()
