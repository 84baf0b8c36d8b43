"""From where a simulation takes its facts."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:10:45"
VERSION = "1.38.0"
DESCRIPTION = "simulation source"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "89_simulation_source.sql")
