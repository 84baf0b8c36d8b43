"""Practices that leave, and credit that goes back."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T11:00:00"
VERSION = "1.38.0"
DESCRIPTION = "invoices_that_add_up"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9i_invoices.sql")
