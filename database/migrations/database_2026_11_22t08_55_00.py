"""A tenant keeps what kind of company it is."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:55:00"
VERSION = "1.38.0"
DESCRIPTION = "roles"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9b_roles.sql")
