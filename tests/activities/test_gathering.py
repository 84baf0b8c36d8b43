"""What a batch takes, and what it leaves for the next one."""

from uuid import uuid4

from activities.edi.gathering import gather_batch
from activities.edi.messages import BatchTask, Gathered
from tests.fixtures.exchange import Exchange


async def test_a_claim_whose_row_somebody_holds_goes_with_the_next_batch(
    here: Exchange, there: Exchange
) -> None:
    held, free = await here.claim(), await here.claim()
    await there.claim()
    async with here.tenant.owner.transaction():
        await here.tenant.owner.execute("SELECT 1 FROM claims WHERE id = $1 FOR UPDATE", held)
        assert await _gathered(here) == Gathered(1, more=True)
        assert await _gathered(here) == Gathered(0, more=True)
    assert [row["claim_id"] for row in await here.rows("SELECT claim_id FROM edi_batch_claims")] == [free]
    assert await _gathered(here) == Gathered(1, more=False)
    assert await _gathered(here) == Gathered(0, more=False)
    assert await there.count("edi_batch_claims") == 0


async def _gathered(exchange: Exchange) -> Gathered:
    return await gather_batch(BatchTask(exchange.tenant.tenant_id, exchange.connection_id, uuid4()))
