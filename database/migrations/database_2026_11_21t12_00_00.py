"""The first schema. Row-level security, grants and triggers follow in `90_gates.sql`, after every migration."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-21T12:00:00"
VERSION = "1.38.0"
DESCRIPTION = "tenancy, clientele, claims, edi, remittances, work"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(
        ID,
        DESCRIPTION,
        "10_tenancy.sql",
        "20_clientele.sql",
        "30_claims.sql",
        "40_edi.sql",
        "50_remittances.sql",
        "60_work.sql",
    )
