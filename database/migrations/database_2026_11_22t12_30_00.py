"""Names of sheets that were brought, sealed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T12:30:00"
VERSION = "1.38.0"
DESCRIPTION = "sheet_names"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9m_sheet_names.sql")
