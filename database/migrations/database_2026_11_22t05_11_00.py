"""Training that audits show to be needed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:11:00"
VERSION = "1.38.0"
DESCRIPTION = "training"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "81_training.sql")
