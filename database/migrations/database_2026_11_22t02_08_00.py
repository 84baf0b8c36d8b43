"""Contracted schedules beside those of charges, and what is learned from denials."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T02:08:00"
VERSION = "1.38.0"
DESCRIPTION = "insight"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "77_insight.sql")
