"""Approvals with their levels and limits, and the moving of a person's work."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:04:00"
VERSION = "1.38.0"
DESCRIPTION = "approvals"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "84_approvals.sql")
