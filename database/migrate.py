"""Bring a database to the current schema: Piccolo's migrations as the owner, then the gates (RLS, grants, triggers)."""

from importlib.resources import files

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

from database.engine import ENGINE

_MAKE_APP_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'caseload_app') THEN
        CREATE ROLE caseload_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
END $$
"""


async def migrate(owner_url: str) -> None:
    """Run all outstanding migrations as the owner of the schema; safe to run again, and by two starters at once."""
    guard = await asyncpg.connect(owner_url)
    try:
        await guard.execute("SELECT pg_advisory_lock(hashtext('caseload migrations'))")
        await guard.execute(_MAKE_APP_ROLE)
        await _forwards(owner_url)
        await guard.execute(sql("90_gates.sql"))
    finally:
        # Closing the connection releases the advisory lock.
        await guard.close()


async def _forwards(owner_url: str) -> None:
    """In the program's own engine, opened for the owner: run this in a process that serves nothing else."""
    await ENGINE.start(owner_url, max_size=2)
    try:
        result = await ForwardsMigrationManager(app_name="database", migration_id="all").run()
    finally:
        await ENGINE.stop()
    if not result.success:
        raise RuntimeError(f"migration failed: {result.message}")


def running(identifier: str, description: str, *names: str) -> MigrationManager:
    """A migration that runs these files: composite keys, partial indexes and checks are beyond auto-migrations."""
    manager = MigrationManager(migration_id=identifier, app_name="database", description=description)

    async def run() -> None:
        transaction = ENGINE.current_transaction.get()
        assert transaction is not None  # Piccolo runs raw steps inside its transaction
        for name in names:
            await transaction.connection.execute(sql(name))

    manager.add_raw(run)
    return manager


def sql(name: str) -> str:
    """The text of a file in `database/sql`."""
    return files("database").joinpath("sql", name).read_text()
