"""Remittances broken on purpose are posted whole or not at all, and never touch another tenant; `bench fuzz` posts more."""

import asyncpg

from bench.fuzzing.posting import in_two_tenants


async def test_a_broken_remittance_is_posted_whole_or_not_at_all(house: asyncpg.Connection) -> None:
    posted = await in_two_tenants(house, 120)
    assert posted.faults == []
    assert {"posted", "quarantined", "unreadable", "duplicate"} <= set(posted.outcomes)
