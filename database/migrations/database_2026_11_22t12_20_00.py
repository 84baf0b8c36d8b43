"""The claims of months of care, one for each programme."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T12:20:00"
VERSION = "1.38.0"
DESCRIPTION = "month_claims"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9l_month_claims.sql")
