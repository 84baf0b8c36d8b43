"""What holds for every row of a sheet."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T10:45:00"
VERSION = "1.38.0"
DESCRIPTION = "given_for_every_row"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9ga_given.sql")
