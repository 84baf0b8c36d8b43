"""Locking a claim while somebody makes another version of it the current one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from database.claim_states import lock_claims
from database.claim_versions import copy_version
from database.session import Session, tenant_session
from domain.tenancy import workflow_actor
from services.claims import capture
from services.claims.telling import lock_claim
from tests.fixtures.exchange import Exchange, here, installed, there
from tests.fixtures.lifecycle import eventually

__all__ = ["here", "installed", "there"]


async def _state(session: Session, claim_id: UUID) -> int:
    return (await lock_claims(session, [claim_id]))[claim_id].version


async def _row(session: Session, claim_id: UUID) -> Any:
    return (await lock_claim(session, claim_id, None))["current_version"]


@pytest.mark.parametrize("locked", [_state, _row])
async def test_whoever_waits_for_a_claim_finds_the_version_that_became_current_meanwhile(
    here: Exchange, there: Exchange, locked: Callable[[Session, UUID], Awaitable[int]]
) -> None:
    claim = await capture.create(here.tenant.admin, here.draft(10_000))
    changed, go_on = asyncio.Event(), asyncio.Event()

    async def changes() -> int:
        async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
            version = await copy_version(session, claim.id, 1, None)
            await session.execute("UPDATE claims SET current_version = $2 WHERE id = $1", claim.id, version)
            changed.set()
            await go_on.wait()
            return version

    async def waits() -> int:
        await changed.wait()
        async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
            return await locked(session, claim.id)

    changing, waiting = asyncio.create_task(changes()), asyncio.create_task(waits())
    await eventually(
        lambda: here.rows("SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted")
    )
    go_on.set()
    assert await waiting == await changing == 2
    async with tenant_session(workflow_actor(there.tenant.tenant_id, "tests")) as session:
        assert await lock_claims(session, [claim.id]) == {}
