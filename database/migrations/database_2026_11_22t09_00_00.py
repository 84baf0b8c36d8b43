"""Batches by their time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T09:00:00"
VERSION = "1.38.0"
DESCRIPTION = "batches_by_time"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9c_batches.sql")
