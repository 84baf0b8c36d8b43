"""Telling people: once per fact, only who works here, and as they have chosen."""

from uuid import uuid4

from database.notifications import notify
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.fixtures.tenancy import TenantFixture


async def tell(tenant: TenantFixture, users: list, **given: str) -> int:
    """Tell people as a process would."""
    facts = {"kind": "assigned", "title": "C-1001 denied: CO-45", "href": "/work", "key": "item/1"} | given
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await notify(session, users, **facts)


async def test_a_fact_is_told_once_to_each_person_however_often_it_is_said(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller, lead = await north.actor("Biller"), await north.actor("Team Lead")
    users = [biller.user_id, lead.user_id]
    assert await tell(north, users) == 2
    assert await tell(north, [*users, north.admin.user_id]) == 1
    assert await tell(north, users, key="item/2") == 2
    assert await north.owner.fetchval("SELECT count(*) FROM notifications") == 5
    # One e-mail waits for each of them, and one process was started for it.
    assert await north.owner.fetchval("SELECT count(*) FROM digests WHERE state = 'waiting'") == 3
    assert await north.owner.fetchval("SELECT count(*) FROM outbox WHERE workflow = 'DailyDigest'") == 3


async def test_nobody_is_told_who_does_not_work_here(north: TenantFixture, south: TenantFixture) -> None:
    left = await north.actor("Biller")
    await north.owner.execute("UPDATE memberships SET status = 'ended' WHERE user_id = $1", left.user_id)
    assert await tell(north, [left.user_id, south.admin.user_id, uuid4()]) == 0
    assert await north.owner.fetchval("SELECT count(*) FROM notifications") == 0
