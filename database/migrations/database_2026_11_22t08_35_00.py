"""What past months were like, the daily forecast of each patient, and how right it was."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:35:00"
VERSION = "1.38.0"
DESCRIPTION = "care_forecast"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "97_forecast.sql")
