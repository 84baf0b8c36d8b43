"""Care plans with their versions, and targets of those who coordinate care."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:15:00"
VERSION = "1.38.0"
DESCRIPTION = "care_plans"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "93_care_plans.sql")
