"""Documents and the ledger of submissions. Row-level security and grants follow in `90_gates.sql`."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T02:05:00"
VERSION = "1.38.0"
DESCRIPTION = "documents, submissions"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "74_documents.sql")
