"""Employees, teams, skills, calendars and absences."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.engine import ENGINE
from database.migrate import sql

ID = "2026-11-22T03:00:00"
VERSION = "1.38.0"
DESCRIPTION = "workforce"

FILES = ("80_workforce.sql",)


async def forwards() -> MigrationManager:
    """Plain SQL: composite keys, partial indexes and checks are beyond what Piccolo's auto-migrations know."""
    manager = MigrationManager(migration_id=ID, app_name="database", description=DESCRIPTION)

    async def run() -> None:
        transaction = ENGINE.current_transaction.get()
        assert transaction is not None  # Piccolo runs raw steps inside its transaction
        for name in FILES:
            await transaction.connection.execute(sql(name))

    manager.add_raw(run)
    return manager
