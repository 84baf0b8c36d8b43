"""The clocks of work items: rules with effective dates, stages reached, and the scanner's place."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:02:00"
VERSION = "1.38.0"
DESCRIPTION = "clocks"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "82_clocks.sql")
