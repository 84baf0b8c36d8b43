"""Notifications: what a person is told, how they wish to be told, and the daily e-mail."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:01:00"
VERSION = "1.38.0"
DESCRIPTION = "notifications"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "81_notifications.sql")
