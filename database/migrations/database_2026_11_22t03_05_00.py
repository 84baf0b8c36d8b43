"""The inbox: delegation, watching, mentions, saved views and bulk runs."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T03:05:00"
VERSION = "1.38.0"
DESCRIPTION = "inbox"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "85_inbox.sql")
