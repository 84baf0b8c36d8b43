"""Care management: practices, enrolments with consents, time entries and timers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T06:00:00"
VERSION = "1.38.0"
DESCRIPTION = "care"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "91_care.sql")
