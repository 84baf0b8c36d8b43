"""Headings of sheets as blind indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T11:10:00"
VERSION = "1.38.0"
DESCRIPTION = "blind_headings"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9j_blind_headings.sql")
