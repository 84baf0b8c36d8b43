"""Enrolments, routes, the health of connections and their setting up."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T02:07:00"
VERSION = "1.38.0"
DESCRIPTION = "enrolments and connections"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "76_enrolments.sql")
