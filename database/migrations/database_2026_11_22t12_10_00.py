"""The codes that a month of care was frozen with."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T12:10:00"
VERSION = "1.38.0"
DESCRIPTION = "care_codes"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9k_care_codes.sql")
