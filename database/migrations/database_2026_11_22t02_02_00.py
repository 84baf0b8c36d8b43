"""Coordination of benefits: which payer each version of a claim asks, what earlier payers decided, and what was carried on."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.engine import ENGINE
from database.migrate import sql

ID = "2026-11-22T02:02:00"
VERSION = "1.38.0"
DESCRIPTION = "coordination of benefits"


async def forwards() -> MigrationManager:
    """Plain SQL, as the first schema."""
    manager = MigrationManager(migration_id=ID, app_name="database", description=DESCRIPTION)

    async def run() -> None:
        transaction = ENGINE.current_transaction.get()
        assert transaction is not None  # Piccolo runs raw steps inside its transaction
        await transaction.connection.execute(sql("71_coordination.sql"))

    manager.add_raw(run)
    return manager
