"""What payers carry forward or take back at provider level is kept by its reference, tied to its claim, and never lost."""

import pytest

from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, era

DISCOUNT = (("CO", "45", 6_000),)


def paid(sent: Sent, icn: str = "ICN-100200") -> Clp:
    """Paid by contract."""
    return Clp(sent.number, 16_000, 10_000, cas=DISCOUNT, icn=icn)


async def balances(exchange: Exchange) -> dict[str, int]:
    """Cents by reference, from the ledger; whole sums must be zero and cash what the payments said."""
    assert sum((await exchange.ledger()).values()) == 0
    rows = await exchange.rows(
        "SELECT b.reference, sum(l.amount_cents)::bigint AS cents FROM provider_balances b JOIN ledger_entries l"
        " ON l.balance_id = b.id AND l.account = 'provider_level' GROUP BY b.id, b.reference"
    )
    return {row["reference"]: row["cents"] for row in rows}


async def test_a_reversal_whose_money_is_taken_later_leaves_a_balance_until_it_is_taken(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((paid(sent),), "T1")))
    forwarded = Payment((paid(sent).reversal(),), "T2", plb=(("FB:ICN-100200", -10_000),))
    assert forwarded.stated == 0
    await here.take(era(forwarded))
    assert await balances(here) == {"ICN-100200": -10_000}
    balance = await here.one("SELECT claim_id, tied_by FROM provider_balances")
    assert tuple(balance) == (sent.id, "reference")
    other = await here.sent_claim()
    taken = Payment((paid(other, "ICN-7"),), "T3", plb=((f"WO:ICN-100200 {sent.number}", 10_000),))
    await here.take(era(taken))
    assert await balances(here) == {"ICN-100200": 0}
    assert (await here.ledger())["cash"] == 10_000
    assert await here.items("provider_level") == [] and await there.count("provider_balances") == 0


async def test_a_takeback_without_a_claim_is_work_until_it_comes_to_nothing(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((paid(sent),), "T1", plb=(("WO:SOMETHING-OLD", 2_500),))))
    (item,) = await here.items("provider_level")
    assert "taken back 25.00" in item["title"] and item["subject_type"] == "provider_balance"
    await here.take(era(Payment((), "T2", plb=(("WO:SOMETHING-OLD", -2_500),))))
    assert await here.items("provider_level") == []
    assert await there.items("provider_level") == []


@pytest.mark.parametrize(
    ("reason", "account"),
    [("L6", "interest"), ("51", "interest"), ("CT", "capitation"), ("72", "provider_level"), ("IR", "provider_level"),
     ("ZZ", "provider_level")],
)  # fmt: skip
async def test_each_reason_moves_its_own_account_and_cash_is_the_payment(
    here: Exchange, there: Exchange, reason: str, account: str
) -> None:
    await here.take(era(Payment((), "T1", plb=((f"{reason}:REF-1", -700),))))
    assert await here.ledger() == {"cash": 700, account: -700}
    assert await there.ledger() == {}


async def test_capitated_services_are_set_against_the_capitation(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    claim = Clp(sent.number, 16_000, 0, cas=(("CO", "24", 16_000),))
    await here.take(era(Payment((claim,), "T1", amount=0)))
    assert await here.ledger(sent.id) == {"revenue": -16_000, "capitation": 16_000}
    facts = await here.facts(sent.id)
    assert (facts["status"], facts["paid_cents"], facts["adjusted_cents"]) == ("paid", 0, 16_000)


async def test_interest_told_at_the_claim_is_money_only_once(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    body = era(Payment((paid(sent),), "T1", plb=(("L6:ICN-100200", -300),)))
    body = body.replace(b"NM1*QC*1*DOE", b"NM1*QC*1*DOE", 1).replace(b"MI*M1~\n", b"MI*M1~\nAMT*I*3~\n", 1)
    body = body.replace(b"SE*13*", b"SE*14*")
    assert (await here.take(body)).status == "applied"
    ledger = await here.ledger()
    assert (ledger["cash"], ledger["interest"]) == (10_300, -300)
    assert (await here.one("SELECT interest_cents FROM remittance_claims"))["interest_cents"] == 300
    assert (await here.facts(sent.id))["paid_cents"] == 10_000


async def test_an_unmatched_payment_and_its_reversal_answer_each_other_in_either_order(
    here: Exchange, there: Exchange
) -> None:
    stranger = Clp("NOT-FROM-HERE", 5_000, 4_000, cas=(("CO", "45", 1_000),), icn="")
    await here.take(era(Payment((stranger.reversal(),), "T1", plb=(("FB:X", -4_000),))))
    assert len(await here.items("unmatched")) == 1
    await here.take(era(Payment((stranger,), "T2", plb=(("FB:X", 4_000),))))
    assert await here.items("unmatched") == []
    assert await here.ledger() == {}
    dispositions = await here.rows("SELECT DISTINCT disposition FROM remittance_claims")
    assert [row["disposition"] for row in dispositions] == ["reversed"]
