"""Months closed by schedule."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T10:30:00"
VERSION = "1.38.0"
DESCRIPTION = "close_schedule"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9f_close_schedule.sql")
