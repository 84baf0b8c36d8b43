"""In whatever order, and however often, files of a claim arrive, the ledger ends the same; out of balance posts nothing."""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era

_run = count(1)
_few = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def first(sent: Sent) -> Clp:
    """One line paid, one denied."""
    lines = (
        Svc(10_000, 8_000, (("CO", "45", 2_000),), sent.controls[0]),
        Svc(6_000, 0, (("CO", "16", 6_000),), sent.controls[1]),
    )
    return Clp(sent.number, 16_000, 8_000, lines=lines, icn="ICN-A")


def corrected(sent: Sent) -> Clp:
    """Both lines paid, with a share of the patient."""
    lines = (
        Svc(10_000, 7_000, (("CO", "45", 2_000), ("PR", "2", 1_000)), sent.controls[0]),
        Svc(6_000, 5_000, (("CO", "45", 1_000),), sent.controls[1]),
    )
    return Clp(sent.number, 16_000, 12_000, patient=1_000, lines=lines, icn="ICN-B")


def files(sent: Sent, run: int) -> list[Payment]:
    """Payment, reversal with the money carried forward, correction that pays the balance back, and a copy of each."""
    reversal = first(sent).reversal()
    return [
        Payment((first(sent),), f"A{run}"),
        Payment((reversal,), f"B{run}", plb=((f"FB:ICN-A-{run}", -8_000),)),
        Payment((corrected(sent),), f"C{run}", plb=((f"FB:ICN-A-{run}", 8_000),)),
    ]


async def whole(exchange: Exchange) -> None:
    """Every posting and the whole tenant come to nothing, and the claims' rows say what the ledger says."""
    loose = await exchange.rows(
        "SELECT posting_id FROM ledger_entries GROUP BY posting_id HAVING sum(amount_cents) <> 0"
    )
    assert loose == [] and sum((await exchange.ledger()).values()) == 0
    apart = await exchange.rows(
        "SELECT c.id FROM claims c LEFT JOIN LATERAL (SELECT"
        " coalesce(sum(amount_cents) FILTER (WHERE account = 'cash'), 0) AS paid,"
        " coalesce(sum(amount_cents) FILTER (WHERE account IN ('contractual', 'written_off', 'capitation')), 0) AS adjusted,"
        " coalesce(sum(amount_cents) FILTER (WHERE account = 'patient'), 0) AS patient"
        " FROM ledger_entries l WHERE l.claim_id = c.id) l ON true"
        " WHERE (c.paid_cents, c.adjusted_cents, c.patient_cents) IS DISTINCT FROM (l.paid, l.adjusted, l.patient)"
    )
    assert apart == []
    paid = await exchange.rows(
        "SELECT sum(payment_cents)::bigint AS cents FROM remittances WHERE status = 'posted'"
    )
    assert (paid[0]["cents"] or 0) == (await exchange.ledger()).get("cash", 0)


@_few
@given(order=st.permutations([0, 1, 2, 0, 1, 2]))
async def test_any_order_of_reversal_correction_and_duplicates_ends_in_one_ledger(
    here: Exchange, there: Exchange, order: list[int]
) -> None:
    sent, run = await here.sent_claim(), next(_run)
    made = files(sent, run)
    for turn, which in enumerate(order):
        await here.take(era(made[which], isa13=1000 * run + turn), f"{run}-{turn}")
    assert await here.ledger(sent.id) == {
        "revenue": -16_000, "cash": 12_000, "contractual": 3_000, "patient": 1_000,
    }  # fmt: skip
    facts = await here.facts(sent.id)
    assert (facts["status"], facts["adjudications"]) == ("patient_responsibility", 3)
    balance = await here.one(
        "SELECT coalesce(sum(amount_cents), 0)::bigint AS cents FROM ledger_entries l JOIN provider_balances b"
        " ON b.id = l.balance_id WHERE b.reference = $1 AND l.account = 'provider_level'",
        f"ICN-A-{run}",
    )
    assert balance["cents"] == 0
    await whole(here)
    assert await there.ledger() == {}


@_few
@given(cents=st.integers(-50_000, 50_000).filter(bool), level=st.sampled_from(["payment", "claim", "line"]))
async def test_any_file_out_of_balance_posts_nothing(
    here: Exchange, there: Exchange, cents: int, level: str
) -> None:
    sent, run = await here.sent_claim(), next(_run)
    before = await here.ledger()
    body = era(spoiled(sent, f"T{run}", cents, level), isa13=run)
    assert (await here.take(body, f"spoiled {run}")).status == "quarantined"
    assert await here.ledger() == before and (await here.facts(sent.id))["adjudications"] == 0
    assert await here.count("remittance_claims") == 0
    await whole(here)


def spoiled(sent: Sent, trace: str, cents: int, level: str) -> Payment:
    """A payment whose equation at this level is that many cents off, and no other."""
    claim: Any = first(sent)
    if level == "payment":
        return Payment((claim,), trace, amount=claim.paid + cents)
    if level == "claim":
        return Payment((Clp(sent.number, 16_000, 8_000 + cents, lines=claim.lines),), trace)
    one, other = claim.lines
    lines = (Svc(one.charge, one.paid + cents, one.cas, one.control), other)
    return Payment((Clp(sent.number, 16_000, 8_000, lines=lines),), trace)
