"""Invoices to practices: terms, invoices, credit notes, payments and what is open."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:30:00"
VERSION = "1.38.0"
DESCRIPTION = "care_invoices"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "96_invoices.sql")
