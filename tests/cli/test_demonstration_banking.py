"""The demo company's bank tells of almost every payment, once, and its patients get statements."""

from typing import Any, cast

from cli.demonstration.banking import bank
from cli.demonstration.cast import HARBOR
from cli.demonstration.masters import House
from services.deposits import catalogue
from tests.fixtures.exchange import Exchange, here, installed, there
from tests.services.balances.test_balances import owing

__all__ = ["here", "installed", "there"]


class _House:
    """A company whose people all have the administrator's rights."""

    company = HARBOR

    def __init__(self, side: Exchange) -> None:
        self.side = side

    async def actor(self, _: Any) -> Any:
        return self.side.tenant.admin


async def test_most_payments_reach_the_bank_a_few_do_not_and_it_is_done_once(
    here: Exchange, there: Exchange
) -> None:
    for _ in range(7):
        await owing(here, 900)
    house = cast(House, _House(here))
    assert await bank(house) and not await bank(house)
    assert len((await catalogue.waiting_remittances(here.tenant.admin)).items) == 1
    (odd,) = (await catalogue.list_deposits(here.tenant.admin, status="unmatched")).items
    assert (odd.trace, odd.amount_cents) == ("20418", 13_745)
    paid = await here.one("SELECT amount_cents FROM patient_transactions")
    assert paid["amount_cents"] > 0
    assert await here.count("statement_runs") == 1 and await here.count("deposits") == 7
