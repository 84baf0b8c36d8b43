"""Care management asks for approvals of its own: reopening a month, moving patients, time sheets."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T08:10:00"
VERSION = "1.38.0"
DESCRIPTION = "care_words"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "92_care_words.sql")
