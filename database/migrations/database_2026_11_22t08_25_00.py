"""Evidence packets of months of care, each superseded by the next."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:25:00"
VERSION = "1.38.0"
DESCRIPTION = "care_packets"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "95_packets.sql")
