"""kill -9 at random moments: every claim is submitted once, every payment posted once, nothing half done can be seen.

The suite tries a few moments; `CASELOAD_CRASH_MOMENTS=50` tries as many as are asked for.
"""

import asyncio
import os
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest

from cli.story.telling import NotHeld
from tests.crash.platform import PATIENCE, VICTIMS, House, Platform

MOMENTS = int(os.environ.get("CASELOAD_CRASH_MOMENTS", "4"))
CLAIMS = 12
STRANGERS = 600
ON_THE_WAY = ("acknowledged_999", "accepted_clearinghouse", "accepted_payer")

# Two moments a round: one while claims are sent, one while their payment is posted.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180 + 60 * MOMENTS)]


@dataclass
class Account:
    """What was asked of the platform, to be compared with what it did."""

    claim_ids: list[str] = field(default_factory=list)
    payments: dict[str, int] = field(default_factory=dict)
    strangers: int = 0


async def test_every_claim_is_submitted_and_every_payment_posted_once_whoever_is_killed_whenever(
    platform: Platform,
) -> None:
    ours, theirs = Account(), Account()
    await _sent(platform, platform.second, theirs, 2)
    for number, (sending, posting) in enumerate(_rounds(platform)):
        claim_ids = await _sent(platform, platform.first, ours, CLAIMS, victim=sending)
        await _paid(platform, platform.first, ours, claim_ids, f"PAY{number:03d}", STRANGERS, victim=posting)
    await _paid(platform, platform.second, theirs, theirs.claim_ids, "THEIRS", 0)
    for house, account in ((platform.first, ours), (platform.second, theirs)):
        await _everything_happened_once(platform, house, account)
    assert await platform.rows("SELECT kind FROM acknowledgements WHERE verdict = 'rejected'") == []
    uneven = (
        "SELECT posting_id FROM ledger_entries GROUP BY tenant_id, posting_id HAVING sum(amount_cents) <> 0"
    )
    assert await platform.rows(uneven) == []


def _rounds(platform: Platform) -> list[tuple[str, str]]:
    """Who is killed while sending and who while posting, round by round: everybody in turn, in an order of chance."""
    turns = list(VICTIMS) * (MOMENTS // len(VICTIMS) + 2)
    sending, posting = turns[: (MOMENTS + 1) // 2], turns[1 : 1 + (MOMENTS + 1) // 2]
    platform.random.shuffle(sending)
    platform.random.shuffle(posting)
    return list(zip(sending, posting, strict=True))


async def _sent(
    platform: Platform, house: House, account: Account, number: int, victim: str = ""
) -> list[str]:
    """So many claims, released and acknowledged although somebody dies meanwhile."""
    claim_ids = await house.claims(number)
    account.claim_ids += claim_ids
    await platform.all_at(claim_ids, "ready")
    killing = [platform.kill(victim, within=1.5)] if victim else []
    await asyncio.gather(_released_in_spite_of_everything(house, claim_ids), *killing)
    await platform.all_at(claim_ids, *ON_THE_WAY)
    return claim_ids


async def _released_in_spite_of_everything(house: House, claim_ids: list[str]) -> None:
    """As a biller does who sees an error: once more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                outcomes = await house.release(claim_ids)
            except (NotHeld, httpx.HTTPError):
                await asyncio.sleep(0.5)
                continue
            assert {one["code"] for one in outcomes} <= {"", "claim.released_already"}
            return


async def _paid(
    platform: Platform,
    house: House,
    account: Account,
    claim_ids: list[str],
    trace: str,
    strangers: int,
    victim: str = "",
) -> None:
    """One payment for these claims and for strangers, posted although somebody dies meanwhile."""
    account.payments[trace] = await platform.pay(house, claim_ids, strangers, trace)
    account.strangers += strangers
    if victim:
        await platform.kill(victim, within=2.5)
    await platform.all_at(claim_ids, "closed")


async def _everything_happened_once(platform: Platform, house: House, account: Account) -> None:
    tenant, ids = UUID(house.tenant_id), account.claim_ids
    numbers = await platform.rows(
        "SELECT claim_number FROM claim_versions WHERE claim_id = ANY($1::uuid[])", ids
    )
    assert sorted(platform.submitted(house)) == sorted(row["claim_number"] for row in numbers)
    posted = await platform.rows(
        "SELECT trace, status, payment_cents FROM remittances WHERE tenant_id = $1 ORDER BY trace", tenant
    )
    assert [tuple(row) for row in posted] == [
        (trace, "posted", cents) for trace, cents in sorted(account.payments.items())
    ]
    cash = "SELECT sum(amount_cents) AS cents FROM ledger_entries WHERE tenant_id = $1 AND account = 'cash'"
    assert (await platform.rows(cash, tenant))[0]["cents"] == sum(account.payments.values())
    told = await platform.rows(
        "SELECT kind, count(*) AS times, count(DISTINCT claim_id) AS claims FROM claim_activities"
        " WHERE claim_id = ANY($1::uuid[]) AND kind IN ('adjudicated', 'closed') GROUP BY kind",
        ids,
    )
    assert {tuple(row) for row in told} == {(kind, len(ids), len(ids)) for kind in ("adjudicated", "closed")}
    strangers = "SELECT count(*) AS n FROM work_items WHERE kind = 'unmatched' AND tenant_id = $1"
    assert (await platform.rows(strangers, tenant))[0]["n"] == account.strangers
