"""Posting complete: confidence of matches, the provider level, releases, and keys checked a statement at a time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T02:03:00"
VERSION = "1.38.0"
DESCRIPTION = "posting"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "72_posting.sql")
