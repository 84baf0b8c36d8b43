"""Months of care: clocks that were cut at a month's end."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:21:00"
VERSION = "1.38.0"
DESCRIPTION = "care_clocks"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "94b_care_clocks.sql")
