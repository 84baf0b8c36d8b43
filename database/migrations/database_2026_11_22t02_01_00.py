"""Institutional claims: the facts of the bill, revenue lines and practitioners beside what every claim has."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.engine import ENGINE
from database.migrate import sql

ID = "2026-11-22T02:01:00"
VERSION = "1.38.0"
DESCRIPTION = "institutional claims"


async def forwards() -> MigrationManager:
    """Plain SQL, as the first schema."""
    manager = MigrationManager(migration_id=ID, app_name="database", description=DESCRIPTION)

    async def run() -> None:
        transaction = ENGINE.current_transaction.get()
        assert transaction is not None  # Piccolo runs raw steps inside its transaction
        await transaction.connection.execute(sql("70_institutional.sql"))

    manager.add_raw(run)
    return manager
