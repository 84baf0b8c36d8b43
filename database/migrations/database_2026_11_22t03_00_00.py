"""Employees, teams, skills, calendars and absences."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T03:00:00"
VERSION = "1.38.0"
DESCRIPTION = "workforce"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "80_workforce.sql")
