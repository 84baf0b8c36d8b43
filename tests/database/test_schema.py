"""The schema and the Piccolo tables are two spellings of one thing, and every tenant's table is confined."""

import asyncpg

from database.piccolo_app import APP_CONFIG


async def _columns(owner_url: str) -> dict[str, set[str]]:
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
    finally:
        await connection.close()
    tables: dict[str, set[str]] = {}
    for row in rows:
        tables.setdefault(row["table_name"], set()).add(row["column_name"])
    return tables


async def test_piccolo_tables_name_every_column_of_the_schema(owner_url: str) -> None:
    stored = await _columns(owner_url)
    stored.pop("migration", None)
    spelled = {
        table._meta.tablename: {column._meta.db_column_name for column in table._meta.columns}
        for table in APP_CONFIG.table_classes
    }
    assert spelled == stored


async def test_every_table_with_a_tenant_forces_row_level_security_both_ways(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    rows = await connection.fetch(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
        " (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polqual IS NOT NULL"
        "   AND p.polwithcheck IS NOT NULL AND p.polcmd = '*') AS both"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    )
    await connection.close()
    assert len(rows) > 20
    loose = [
        r["relname"]
        for r in rows
        if not (r["relrowsecurity"] and r["relforcerowsecurity"] and r["both"] == 1)
    ]
    assert loose == []


async def test_the_program_role_owns_nothing_and_cannot_bypass_row_security(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    role = await connection.fetchrow(
        "SELECT rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owned"
        " FROM pg_roles r WHERE rolname = 'caseload_app'"
    )
    await connection.close()
    assert (role["rolsuper"], role["rolbypassrls"], role["owned"]) == (False, False, 0)
