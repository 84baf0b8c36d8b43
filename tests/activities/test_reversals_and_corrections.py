"""A reversal turns every sign, a correction follows, and the ledger ends the same in whatever order they come."""

import itertools

import pytest

from activities.claims.following import follow_up
from activities.claims.messages import ClaimTask
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era


def denied(sent: Sent) -> Clp:
    """One line paid, the other denied."""
    lines = (
        Svc(10_000, 8_000, (("CO", "45", 2_000),), sent.controls[0]),
        Svc(6_000, 0, (("CO", "16", 6_000),), sent.controls[1]),
    )
    return Clp(sent.number, 16_000, 8_000, lines=lines, icn="ICN-OLD")


def mended(sent: Sent) -> Clp:
    """Both lines paid."""
    lines = (
        Svc(10_000, 8_000, (("CO", "45", 2_000),), sent.controls[0]),
        Svc(6_000, 5_000, (("CO", "45", 1_000),), sent.controls[1]),
    )
    return Clp(sent.number, 16_000, 13_000, lines=lines, icn="ICN-NEW")


SETTLED = {"revenue": -16_000, "cash": 13_000, "contractual": 3_000}


async def replaced(here: Exchange) -> tuple[Sent, Sent]:
    """A claim partly denied, and its replacement on the way."""
    first = await here.sent_claim()
    await here.take(era(Payment((denied(first),), "T1")), "first")
    second = await here.corrected(first.id, 10_000, 6_000)
    assert second.id == first.id and second.version == 2 and second.number != first.number
    return first, second


@pytest.mark.parametrize("correction_first", [False, True])
async def test_reversal_and_correction_in_one_payment(
    here: Exchange, there: Exchange, correction_first: bool
) -> None:
    first, second = await replaced(here)
    claims = (denied(first).reversal(), mended(second))
    await here.take(era(Payment(tuple(reversed(claims)) if correction_first else claims, "T2")))
    claim = await here.facts(first.id)
    assert await here.ledger(first.id) == SETTLED
    assert (claim["status"], claim["step"], claim["paid_cents"], claim["adjusted_cents"]) == (
        "paid",
        "settled",
        13_000,
        3_000,
    )
    assert claim["payer_claim_control_number"] == "ICN-NEW"
    versions = await here.rows(
        "SELECT status_code, claim_version FROM remittance_claims WHERE claim_id = $1 ORDER BY claim_version, id",
        first.id,
    )
    assert [tuple(row) for row in versions] == [("1", 1), ("22", 1), ("1", 2)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
async def test_reversal_and_correction_in_two_files(
    here: Exchange, there: Exchange, order: tuple[int, ...]
) -> None:
    first, second = await replaced(here)
    files = (
        era(Payment((denied(first).reversal(),), "T2", plb=(("FB:CARRIED", -8_000),)), isa13=2),
        era(Payment((mended(second),), "T3", plb=(("FB:CARRIED", 8_000),)), isa13=3),
    )
    for number in order:
        await here.take(files[number], f"file {number}")
    assert await here.ledger(first.id) == SETTLED
    claim = await here.facts(first.id)
    assert (claim["status"], claim["step"], claim["adjudications"]) == ("paid", "settled", 3)
    whole = await here.ledger()
    assert (whole["cash"], whole.get("provider_level", 0), sum(whole.values())) == (13_000, 0, 0)


async def test_a_reversal_alone_leaves_the_whole_charge_open_and_waits(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((mended(sent),), "T1")))
    await here.take(era(Payment((mended(sent).reversal(),), "T2", plb=(("FB:1", -13_000),))))
    claim = await here.facts(sent.id)
    assert await here.ledger(sent.id) == {"receivable": 16_000, "revenue": -16_000}
    assert (claim["status"], claim["step"], claim["paid_cents"]) == ("reversed", "adjudicated", 0)
    assert len(await here.signals(sent.id)) == 2


async def test_a_reversed_denial_moves_nothing_by_itself(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    nothing = Clp(sent.number, 16_000, 0, cas=(("CO", "29", 16_000),))
    await here.take(era(Payment((nothing,), "T1")))
    assert (await here.facts(sent.id))["status"] == "denied"
    await here.take(era(Payment((nothing.reversal(), mended(sent)), "T2")))
    assert await here.ledger(sent.id) == SETTLED


async def test_a_replacement_with_another_charge_enters_the_difference_only(
    here: Exchange, there: Exchange
) -> None:
    first = await here.sent_claim()
    await here.take(era(Payment((denied(first),), "T1")))
    second = await here.corrected(first.id, 10_000, 7_500)
    assert (await here.ledger(first.id))["revenue"] == -17_500
    paid = Clp(second.number, 17_500, 17_500)
    await here.take(era(Payment((denied(first).reversal(), paid), "T2")))
    assert await here.ledger(first.id) == {"revenue": -17_500, "cash": 17_500}


async def test_a_takeback_long_after_the_claim_was_closed_opens_it_again(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((mended(sent),), "T1")))
    await follow_up(ClaimTask(here.tenant.tenant_id, sent.id, 1))
    assert (await here.facts(sent.id))["status"] == "closed"
    await here.take(era(Payment((mended(sent).reversal(),), "T2", plb=(("FB:1", -13_000),))))
    claim = await here.facts(sent.id)
    assert (claim["status"], claim["closed_at"]) == ("reversed", None)


async def test_a_void_takes_the_charge_back_so_that_its_reversal_leaves_nothing_open(
    here: Exchange, there: Exchange
) -> None:
    first = await here.sent_claim()
    await here.take(era(Payment((denied(first),), "T1")), "first")
    void = await here.corrected(first.id, 10_000, 6_000, void=True)
    await here.take(era(Payment((denied(first).reversal(),), "T2", plb=(("FB:CARRIED", -8_000),))), "void")
    claim = await here.facts(first.id)
    assert (void.version, claim["status"], claim["step"]) == (2, "voided", "settled")
    assert await here.ledger(first.id) == {}
