"""Headings below a title."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T10:40:00"
VERSION = "1.38.0"
DESCRIPTION = "headings_below_a_title"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9g_headings.sql")
