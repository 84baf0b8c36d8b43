"""What a draft of a decision table would have decided."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:10:30"
VERSION = "1.38.0"
DESCRIPTION = "simulation"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "89_simulation.sql")
