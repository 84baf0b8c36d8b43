"""Spreadsheets of several kinds share one machinery; paycodes and remembered headings stand beside it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:50:00"
VERSION = "1.38.0"
DESCRIPTION = "sheets"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9a_sheets.sql")
