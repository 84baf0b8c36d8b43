"""Attachments, teams as candidates of work, and bulk runs that can be ended."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:09:00"
VERSION = "1.38.0"
DESCRIPTION = "attachments"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "89_attachments.sql")
