"""Decision tables: drafts, versions, decisions and faults."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T05:06:00"
VERSION = "1.38.0"
DESCRIPTION = "rules"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "86_rules.sql")
