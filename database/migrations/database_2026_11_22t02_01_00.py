"""Institutional claims: the facts of the bill, revenue lines and practitioners beside what every claim has."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T02:01:00"
VERSION = "1.38.0"
DESCRIPTION = "institutional claims"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "70_institutional.sql")
