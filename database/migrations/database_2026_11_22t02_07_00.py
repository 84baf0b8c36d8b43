"""Enrolments, routes, the health of connections and their setting up."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.engine import ENGINE
from database.migrate import sql

ID = "2026-11-22T02:07:00"
VERSION = "1.38.0"
DESCRIPTION = "enrolments and connections"


async def forwards() -> MigrationManager:
    """Plain SQL, as the first schema."""
    manager = MigrationManager(migration_id=ID, app_name="database", description=DESCRIPTION)

    async def run() -> None:
        transaction = ENGINE.current_transaction.get()
        assert transaction is not None  # Piccolo runs raw steps inside its transaction
        await transaction.connection.execute(sql("76_enrolments.sql"))

    manager.add_raw(run)
    return manager
