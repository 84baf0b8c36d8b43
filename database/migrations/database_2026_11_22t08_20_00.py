"""Months of care: closing, what each patient's month came to, and the lock on time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:20:00"
VERSION = "1.38.0"
DESCRIPTION = "care_months"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "94_care_months.sql")
