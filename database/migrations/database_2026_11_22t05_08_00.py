"""Processes: incidents, and the steps that processes may stand at."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:08:00"
VERSION = "1.38.0"
DESCRIPTION = "processes"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "88_processes.sql")
