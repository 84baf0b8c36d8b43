"""Spreadsheets of employees."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T03:09:00"
VERSION = "1.38.0"
DESCRIPTION = "imports of employees"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "89_workforce_more.sql")
