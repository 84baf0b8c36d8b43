"""Coordination of benefits: which payer each version of a claim asks, what earlier payers decided, and what was carried on."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrate import running

ID = "2026-11-22T02:02:00"
VERSION = "1.38.0"
DESCRIPTION = "coordination of benefits"


async def forwards() -> MigrationManager:
    """Plain SQL in the files named."""
    return running(ID, DESCRIPTION, "71_coordination.sql")
