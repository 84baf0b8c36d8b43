"""Task forms with their versions and answers, custom fields with their values."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:10:00"
VERSION = "1.38.0"
DESCRIPTION = "forms"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "89_forms.sql")
