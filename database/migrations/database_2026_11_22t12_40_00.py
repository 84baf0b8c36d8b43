"""Moves that were struck out of a reckoning of rosters."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T12:40:00"
VERSION = "1.38.0"
DESCRIPTION = "struck_moves"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "9n_struck_moves.sql")
