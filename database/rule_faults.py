"""Faults of decision tables met while deciding: kept once each, and told to those who keep the rules."""

import logging
from uuid import UUID

import asyncpg

from database.decision_engine import Broken
from database.notifications import notify
from database.session import Session
from domain.rules.catalogue import TABLES

log = logging.getLogger("caseload.rules")

_NEW = """
INSERT INTO rule_faults (tenant_id, table_code, origin, version_id, version, code, place, message)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, version_id, code, place) DO NOTHING RETURNING id
"""
# Roles that hold the permission themselves or through those that they inherit from; the built-in one holds everything.
_KEEPERS = """
WITH RECURSIVE able AS (
    SELECT id FROM roles WHERE tenant_id = current_tenant() AND (built_in OR $1 = ANY(permissions))
    UNION
    SELECT p.role_id FROM role_parents p JOIN able a ON a.id = p.parent_id WHERE p.tenant_id = current_tenant()
)
SELECT DISTINCT m.user_id FROM memberships m
JOIN membership_roles r ON r.tenant_id = m.tenant_id AND r.membership_id = m.id
WHERE m.tenant_id = current_tenant() AND m.status = 'active' AND r.role_id IN (SELECT id FROM able)
"""


async def told(
    session: Session, table: str, origin: str, version_id: UUID, version: int, broken: Broken
) -> None:
    """Keep the fault and notify those who may mend it, the first time that this version shows it.

    In a savepoint: what cannot be told must not stop the line either.
    """
    try:
        async with session.connection.transaction():
            await _told(session, table, origin, version_id, version, broken)
    except asyncpg.PostgresError as error:
        log.error("a fault of the table %s was not told: %s", table, type(error).__name__)


async def _told(
    session: Session, table: str, origin: str, version_id: UUID, version: int, broken: Broken
) -> None:
    fresh = await session.value(
        _NEW, session.tenant_id, table, origin, version_id, version, broken.code, broken.place, broken.message
    )
    if fresh is None:
        return
    keepers = [row["user_id"] for row in await session.fetch(_KEEPERS, "rules.manage")]
    name = TABLES[table].name if table in TABLES else table
    await notify(
        session,
        keepers,
        kind="incident",
        title=f"{name}, version {version}, cannot decide: the last good version does",
        href=f"/rules/{table}",
        key=f"rules:{version_id}:{broken.code}:{broken.place}",
    )
