"""The float pool: assignments for a period, and proposals for queues at risk."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:07:00"
VERSION = "1.38.0"
DESCRIPTION = "float pool"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "87_float.sql")
