"""Patients and coordinators are described for assignment, rosters reckoned anew, and patients moved."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:40:00"
VERSION = "1.38.0"
DESCRIPTION = "assignment"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "98_assignment.sql")
