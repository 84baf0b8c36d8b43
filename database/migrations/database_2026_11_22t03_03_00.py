"""Quality audits: checklists, plans, reviews, findings."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T03:03:00"
VERSION = "1.38.0"
DESCRIPTION = "quality audits"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "83_quality.sql")
