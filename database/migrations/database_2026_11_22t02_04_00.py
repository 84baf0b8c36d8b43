"""Deposits, the days they are closed by, and patients' payments and statements."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T02:04:00"
VERSION = "1.38.0"
DESCRIPTION = "deposits and patient balances"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "73_deposits.sql", "73_patient_balances.sql")
