"""The clocks of all open items: who looks at them, and what happens when one runs out.

Each item carries the moment of its next stage in an index; that is the place up to which it was looked at. Tenants are
spread over a few shards, each looked through by one worker at a time under a lease. Should two ever look at once, rows
are locked and passed over, and a stage is stored once.
"""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from activities.tenants import apart
from activities.work_clocks import CLOCK, ring
from database.session import platform_session, tenant_session
from domain.tenancy import workflow_actor
from services import door
from services.work.reclocking import run_portion
from services.work.telling_clocks import tell

log = logging.getLogger("caseload.clocks")

SHARDS = 8
PORTION = 500
LEASE_SECONDS = 60

_TAKE = """
INSERT INTO clock_shards AS s (shard, holder, held_until, round_began_at)
VALUES ($1, $2, now() + make_interval(secs => $3), now())
ON CONFLICT (shard) DO UPDATE SET holder = $2, held_until = now() + make_interval(secs => $3),
    round_began_at = CASE WHEN s.after_tenant IS NULL THEN now() ELSE s.round_began_at END
WHERE s.held_until < now() RETURNING s.after_tenant
"""
_KEEP = """
UPDATE clock_shards SET after_tenant = coalesce($4, after_tenant), held_until = now() + make_interval(secs => $3)
WHERE shard = $1 AND holder = $2
"""
_LEAVE = """
UPDATE clock_shards SET after_tenant = NULL, holder = NULL, held_until = '-infinity', round_ended_at = now()
WHERE shard = $1 AND holder = $2
"""
# Most tenants have nothing due at most times.
_ANYTHING = """
SELECT EXISTS (SELECT 1 FROM work_items WHERE tenant_id = current_tenant() AND status = 'open' AND alarm_at <= $1)
    OR EXISTS (SELECT 1 FROM clock_runs WHERE tenant_id = current_tenant() AND status = 'running')
"""
_TENANTS = """
SELECT id FROM tenants WHERE status IN ('active', 'suspended') AND ($3::uuid IS NULL OR id > $3)
    AND (hashtextextended(id::text, 0) & 2147483647) % $2 = $1 ORDER BY id
"""


@door.public("run by the worker: it looks after the clocks of every tenant and shows nothing")
async def watch_clocks_forever(every: float = 10.0) -> None:
    """Look through every shard again and again until cancelled."""
    while True:
        try:
            for shard in range(SHARDS):
                await scan_shard(shard)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # What rang stays due, and the shard's place is kept; a lease that nobody renews ends by itself.
            log.warning("clocks postponed: %s", type(error).__name__)
        await asyncio.sleep(every)


@door.public("run by the worker: it looks after the clocks of every tenant and shows nothing")
async def scan_shard(shard: int, now: datetime | None = None) -> int:
    """Look through the tenants of a shard, from where the last worker stopped; the number of stages reached.

    Does nothing while another worker holds the shard. `now` is the present unless a test says otherwise.
    """
    holder = uuid4()
    tenants = await _taken(shard, holder)
    reached = 0
    for tenant_id in tenants or ():
        found = looked_at = 0
        with apart(log, "clocks", tenant_id):
            found, looked_at = await scan_tenant(tenant_id, now)
        if looked_at and not await _place(_KEEP, shard, holder, LEASE_SECONDS, tenant_id):
            return reached + found  # somebody else goes on from here
        reached += found
    if tenants is not None:
        await _place(_LEAVE, shard, holder)
    return reached


@door.public("run by the worker: it looks after the clocks of every tenant and shows nothing")
async def scan_tenant(tenant_id: UUID, now: datetime | None = None) -> tuple[int, int]:
    """Look at everything of a tenant whose alarm has rung: the stages reached, and the items looked at. A run over the
    open items goes on here too."""
    moment = now or datetime.now(UTC)
    stages = looked_at = 0
    while True:
        async with tenant_session(workflow_actor(tenant_id, CLOCK)) as session:
            if not await session.value(_ANYTHING, moment):
                return stages, looked_at
            reached, portion = await ring(session, moment, PORTION)
            await tell(session, reached, moment)
            recounting = await run_portion(session)
        stages, looked_at = stages + len(reached), looked_at + portion
        if portion < PORTION and not recounting:
            return stages, looked_at  # what somebody else holds just now would be found here for ever


async def _taken(shard: int, holder: UUID) -> list[UUID] | None:
    """The tenants that are left of this round, once the shard is held; None when somebody else holds it."""
    async with platform_session(purpose="clocks") as connection:
        row = await connection.fetchrow(_TAKE, shard, holder, LEASE_SECONDS)
        if row is None:
            return None
        found = await connection.fetch(_TENANTS, shard, SHARDS, row["after_tenant"])
    return [one["id"] for one in found]


async def _place(sql: str, *values: Any) -> bool:
    async with platform_session(purpose="clocks") as connection:
        status: str = await connection.execute(sql, *values)
    return not status.endswith(" 0")
