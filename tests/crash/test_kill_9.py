"""kill -9 at random moments: every claim is submitted once, every payment posted once, nothing half done can be seen."""

import asyncio
from uuid import UUID

import httpx
import pytest

from cli.story.telling import NotHeld
from tests.crash.platform import House, Platform

pytestmark = pytest.mark.slow

CLAIMS = 30
STRANGERS = 1_500
ON_THE_WAY = ("acknowledged_999", "accepted_clearinghouse", "accepted_payer")


async def _release_in_spite_of_everything(house: House, claim_ids: list[str]) -> None:
    """As a biller does who sees an error: once more."""
    for _ in range(20):
        try:
            outcomes = await house.release(claim_ids)
        except (NotHeld, httpx.HTTPError):
            await asyncio.sleep(0.5)
            continue
        assert {one["code"] for one in outcomes} <= {"", "claim.released_already"}
        return
    raise AssertionError("the claims could not be released")


@pytest.mark.parametrize("victim", ["postgres", "sandbox", "worker"])
async def test_claims_are_submitted_once_whoever_is_killed_while_they_are_sent(
    platform: Platform, victim: str
) -> None:
    house = platform.first
    claim_ids = await house.claims(CLAIMS)
    await platform.all_at(claim_ids, "ready")
    before = platform.submitted(house)
    await asyncio.gather(_release_in_spite_of_everything(house, claim_ids), platform.kill(victim, within=1.5))
    await platform.all_at(claim_ids, *ON_THE_WAY)
    sent = platform.submitted(house)[len(before) :]
    numbers = await platform.rows(
        "SELECT claim_number FROM claim_versions WHERE claim_id = ANY($1::uuid[])", claim_ids
    )
    assert sorted(sent) == sorted(row["claim_number"] for row in numbers)
    refused = await platform.rows("SELECT kind, category FROM acknowledgements WHERE verdict = 'rejected'")
    assert refused == []


async def test_a_remittance_is_posted_once_however_often_the_worker_is_killed_while_posting(
    platform: Platform,
) -> None:
    ours, theirs = await platform.first.claims(CLAIMS), await platform.second.claims(2)
    for house, claim_ids in ((platform.first, ours), (platform.second, theirs)):
        await platform.all_at(claim_ids, "ready")
        await house.release(claim_ids)
    await platform.all_at(ours + theirs, *ON_THE_WAY)
    paid = await platform.pay(platform.first, ours, STRANGERS)
    paid_there = await platform.pay(platform.second, theirs, 0)
    await platform.kill("worker", within=2.5)
    await platform.kill("worker", within=1.0)
    await platform.all_at(ours + theirs, "closed")
    assert await _posted(platform, platform.first) == [("posted", paid)]
    assert await _posted(platform, platform.second) == [("posted", paid_there)]
    assert await _cash(platform, platform.first) == paid
    assert await _cash(platform, platform.second) == paid_there
    assert (
        await platform.rows(
            "SELECT posting_id FROM ledger_entries GROUP BY tenant_id, posting_id HAVING sum(amount_cents) <> 0"
        )
        == []
    )
    told = await platform.rows(
        "SELECT kind, count(*) AS times, count(DISTINCT claim_id) AS claims FROM claim_activities"
        " WHERE claim_id = ANY($1::uuid[]) AND kind IN ('adjudicated', 'closed') GROUP BY kind",
        ours,
    )
    assert {tuple(row) for row in told} == {("adjudicated", CLAIMS, CLAIMS), ("closed", CLAIMS, CLAIMS)}
    strangers = await platform.rows(
        "SELECT tenant_id::text, count(*) FROM work_items WHERE kind = 'unmatched' GROUP BY 1"
    )
    assert [tuple(row) for row in strangers] == [(platform.first.tenant_id, STRANGERS)]


async def _posted(platform: Platform, house: House) -> list[tuple[str, int]]:
    rows = await platform.rows(
        "SELECT status, payment_cents FROM remittances WHERE tenant_id = $1", _uuid(house)
    )
    return [(row["status"], row["payment_cents"]) for row in rows]


async def _cash(platform: Platform, house: House) -> int:
    sql = "SELECT sum(amount_cents) AS cents FROM ledger_entries WHERE tenant_id = $1 AND account = 'cash'"
    return int((await platform.rows(sql, _uuid(house)))[0]["cents"])


def _uuid(house: House) -> UUID:
    return UUID(house.tenant_id)
