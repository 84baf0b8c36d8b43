"""A coordinator's day: attempts to reach patients, tasks, and time sheets."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:45:00"
VERSION = "1.38.0"
DESCRIPTION = "care_day"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "99_day.sql")
