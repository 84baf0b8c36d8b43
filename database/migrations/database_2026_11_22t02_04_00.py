"""Deposits, the days they are closed by, and patients' payments and statements."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.engine import ENGINE
from database.migrate import sql

ID = "2026-11-22T02:04:00"
VERSION = "1.38.0"
DESCRIPTION = "deposits and patient balances"

FILES = ("73_deposits.sql", "73_patient_balances.sql")


async def forwards() -> MigrationManager:
    """Plain SQL, as in the first migration."""
    manager = MigrationManager(migration_id=ID, app_name="database", description=DESCRIPTION)

    async def run() -> None:
        transaction = ENGINE.current_transaction.get()
        assert transaction is not None  # Piccolo runs raw steps inside its transaction
        for name in FILES:
            await transaction.connection.execute(sql(name))

    manager.add_raw(run)
    return manager
