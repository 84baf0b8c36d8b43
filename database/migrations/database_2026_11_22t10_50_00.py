"""Days whose forecast is whole, and who was told of an escalation."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T10:50:00"
VERSION = "1.38.0"
DESCRIPTION = "forecast_days"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9h_forecast_days.sql")
