"""Months of care: where the month of a patient stands in lists of processes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:22:00"
VERSION = "1.38.0"
DESCRIPTION = "care_places"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "94c_care_places.sql")
