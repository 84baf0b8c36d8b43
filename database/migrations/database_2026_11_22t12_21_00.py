"""The day from which a care plan holds."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T12:21:00"
VERSION = "1.38.0"
DESCRIPTION = "plan_days"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9la_plan_days.sql")
