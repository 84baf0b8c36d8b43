"""An 835 is posted whole, balanced to the cent and once, or not at all."""

import asyncio
import json
from typing import Any

import pytest

from activities.claims.messages import ClaimTask
from activities.claims.scrubbing import scrub_claim
from activities.edi.messages import BatchTask
from activities.edi.sending import record_sent
from services.claims import capture
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era

CONTRACT = ("CO", "45", 2_000)


def paid(sent: Sent, **facts: Any) -> Clp:
    """The first line paid less the contract's discount, the second denied."""
    lines = (
        Svc(10_000, 8_000, (CONTRACT,), sent.controls[0]),
        Svc(6_000, 0, (("CO", "16", 6_000),), sent.controls[1]),
    )
    return Clp(sent.number, 16_000, 8_000, lines=lines, **facts)


async def balanced_cash(exchange: Exchange) -> int:
    """Cash of the whole tenant, after checking that its ledger sums to zero."""
    ledger = await exchange.ledger()
    assert sum(ledger.values()) == 0
    return ledger.get("cash", 0)


async def test_a_payment_is_posted_line_by_line_and_moves_its_claim(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    applied = await here.take(era(Payment((paid(sent, icn="PAYER-7"),))))
    assert (applied.status, applied.claims, applied.signals) == ("applied", 1, 1)
    assert await here.ledger(sent.id) == {
        "receivable": 6_000,
        "revenue": -16_000,
        "cash": 8_000,
        "contractual": 2_000,
    }
    claim = await here.facts(sent.id)
    assert (claim["status"], claim["step"], claim["payer_claim_control_number"]) == (
        "partially_denied",
        "denial",
        "PAYER-7",
    )
    assert (claim["paid_cents"], claim["adjusted_cents"]) == (8_000, 2_000)
    lines = await here.rows("SELECT claim_line, paid_cents FROM remittance_lines ORDER BY ordinal")
    assert [tuple(line) for line in lines] == [(1, 8_000), (2, 0)]
    assert len(await here.signals(sent.id)) == 1
    assert await there.count("remittances") == 0 and await there.ledger() == {}


async def test_the_same_bytes_again_under_any_name_are_one_file(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    body = era(Payment((paid(sent),)))
    first = await here.store(body, "monday.835")
    await here.apply(first)
    assert await here.store(body, "tuesday.835") == first
    assert (await here.apply(first)).signals == 0
    assert await here.count("remittances") == 1 and await balanced_cash(here) == 8_000
    deliveries = await here.rows("SELECT remote_name, duplicate FROM edi_deliveries ORDER BY seen_at")
    assert [tuple(row) for row in deliveries] == [("monday.835", False), ("tuesday.835", True)]


async def test_the_same_payment_in_another_file_is_recognised_and_not_posted(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((paid(sent),)), isa13=1))
    again = await here.take(era(Payment((paid(sent),)), isa13=2), "renamed.835")
    assert again.status == "duplicate" and again.signals == 0
    statuses = await here.rows("SELECT status FROM remittances ORDER BY id")
    assert [row["status"] for row in statuses] == ["posted", "duplicate"]
    assert await balanced_cash(here) == 8_000
    assert (await here.facts(sent.id))["adjudications"] == 1
    # Another tenant has payments of its own under the same numbers.
    theirs = await there.sent_claim()
    assert (await there.take(era(Payment((paid(theirs),))))).status == "applied"
    assert await balanced_cash(there) == 8_000


async def test_a_payment_bundled_with_others_is_still_recognised(here: Exchange, there: Exchange) -> None:
    await here.claim()
    await here.claim()
    first, second = await here.send()
    await here.take(era(Payment((paid(first),), "T1"), isa13=1))
    both = era(Payment((paid(second),), "T2"), Payment((paid(first),), "T1"), isa13=2)
    assert (await here.take(both)).status == "applied"
    statuses = await here.rows("SELECT trace, status FROM remittances ORDER BY id")
    assert [tuple(row) for row in statuses] == [("T1", "posted"), ("T2", "posted"), ("T1", "duplicate")]
    assert await balanced_cash(here) == 16_000


async def test_two_payments_of_the_same_amount_and_day_under_one_trace_are_both_posted(
    here: Exchange, there: Exchange
) -> None:
    await here.claim()
    await here.claim()
    first, second = await here.send()
    body = era(Payment((paid(first),)), Payment((paid(second),)))
    await here.take(body)
    assert await balanced_cash(here) == 16_000
    assert (await here.take(body.replace(b"000000001*0*T", b"000000009*0*T"), "again")).status == "duplicate"
    assert await balanced_cash(here) == 16_000


async def test_two_workers_posting_one_payment_at_once_post_it_once(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    files = [await here.store(era(Payment((paid(sent),)), isa13=number), f"{number}") for number in (1, 2, 3)]
    applied = await asyncio.gather(*(here.apply(file) for file in [*files, *files]))
    assert sorted(one.signals for one in applied) == [0, 0, 0, 0, 0, 1]
    assert await balanced_cash(here) == 8_000 and (await here.facts(sent.id))["adjudications"] == 1


async def test_a_posting_that_is_cut_off_leaves_nothing_and_is_done_by_the_next_attempt(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    file_id = await here.store(era(Payment((paid(sent),))))
    async with here.tenant.owner.transaction():
        await here.tenant.owner.execute("SELECT 1 FROM claims WHERE id = $1 FOR UPDATE", sent.id)
        attempt = asyncio.create_task(here.apply(file_id))
        await _waits_for_a_lock(here)
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
    assert await here.count("remittances") == 0 and await balanced_cash(here) == 0
    assert (await here.apply(file_id)).status == "applied"
    assert await balanced_cash(here) == 8_000


async def _waits_for_a_lock(exchange: Exchange) -> None:
    async with asyncio.timeout(10):
        while not await exchange.tenant.owner.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)


async def test_two_files_for_one_claim_at_once_leave_the_sum_of_both(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    first = await here.store(era(Payment((paid(sent),), "T1")), "1")
    second = await here.store(era(Payment((paid(sent).reversal(),), "T2", plb=(("FB:1", -8_000),))), "2")
    await asyncio.gather(here.apply(first), here.apply(second))
    claim = await here.facts(sent.id)
    assert (claim["paid_cents"], claim["adjusted_cents"], claim["adjudications"]) == (0, 0, 2)


@pytest.mark.parametrize(
    ("spoil", "level", "difference"),
    [
        (lambda p: Payment(p.claims, amount=p.stated + 1), "transaction", 1),
        (
            lambda p: Payment((Clp(p.claims[0].number, 16_000, 8_000, cas=(("CO", "45", 7_999),)),)),
            "claim",
            -1,
        ),
        (lambda p: _line_off(p), "line", 100),
    ],
)
async def test_out_of_balance_is_quarantined_whole_with_its_equation_and_cents(
    here: Exchange, there: Exchange, spoil: Any, level: str, difference: int
) -> None:
    sent = await here.sent_claim()
    body = era(
        spoil(
            Payment(
                (paid(sent),),
            )
        )
    )
    file_id = await here.store(body)
    assert (await here.apply(file_id)).status == "quarantined"
    remittance = await here.one("SELECT * FROM remittances")
    assert remittance["status"] == "quarantined"
    finding = next(one for one in json.loads(remittance["proof"])["findings"] if one["level"] == level)
    assert finding["difference_cents"] == difference and "cents" in finding["equation"]
    for table in ("remittance_claims", "remittance_lines", "adjustments", "provider_adjustments"):
        assert await here.count(table) == 0
    assert await here.ledger(sent.id) == {"receivable": 16_000, "revenue": -16_000}
    assert (await here.facts(sent.id))["step"] == "sent" and await here.signals(sent.id) == []
    item = (await here.items("quarantine"))[0]
    assert (item["subject_type"], item["subject_id"]) == ("remittance", remittance["id"])
    assert "TRACE1" in item["title"]
    assert await here.body(file_id) == body
    assert await there.items("quarantine") == []


def _line_off(payment: Payment) -> Payment:
    """One line claims a dollar more than its equation, and the claim hides it at its own level."""
    claim = payment.claims[0]
    first, second = claim.lines
    first = Svc(first.charge, first.paid + 100, first.cas, first.control)
    return Payment((Clp(claim.number, claim.charge, claim.paid, lines=(first, second)),))


async def test_one_payment_out_of_balance_does_not_stop_the_others_of_its_file(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    good = Payment((paid(sent),), "GOOD")
    bad = Payment((Clp("X1", 100, 100),), "BAD", amount=99)
    assert (await here.take(era(bad, good))).status == "quarantined"
    statuses = {
        row["trace"]: row["status"] for row in await here.rows("SELECT trace, status FROM remittances")
    }
    assert statuses == {"BAD": "quarantined", "GOOD": "posted"}
    assert await balanced_cash(here) == 8_000


async def test_the_corrected_file_of_a_quarantined_payment_is_posted(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    wrong = Payment((Clp(sent.number, 16_000, 8_000, cas=(("CO", "45", 7_000),)),))
    assert (await here.take(era(wrong), "wrong")).status == "quarantined"
    assert (await here.take(era(Payment((paid(sent),))), "right")).status == "applied"
    assert await balanced_cash(here) == 8_000


async def test_a_file_that_is_cut_off_posts_only_what_is_whole_and_the_rest_when_it_comes_again(
    here: Exchange, there: Exchange
) -> None:
    await here.claim()
    await here.claim()
    first, second = await here.send()
    whole = era(Payment((paid(first),), "T1"), Payment((paid(second),), "T2"))
    cut = whole[: whole.rindex(b"SVC*")]
    assert (await here.take(cut, "cut")).status == "quarantined"
    statuses = {
        row["trace"]: row["status"] for row in await here.rows("SELECT trace, status FROM remittances")
    }
    assert statuses == {"T1": "posted", "T2": "quarantined"}
    assert (await here.take(whole, "whole")).status == "applied"
    assert await balanced_cash(here) == 16_000


async def test_adjustments_may_stand_at_claim_level_alone(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    claim = Clp(sent.number, 16_000, 10_000, patient=2_000, cas=(("CO", "45", 4_000), ("PR", "1", 2_000)))
    assert (await here.take(era(Payment((claim,))))).status == "applied"
    assert await here.ledger(sent.id) == {
        "revenue": -16_000, "cash": 10_000, "contractual": 4_000, "patient": 2_000,
    }  # fmt: skip
    levels = await here.rows("SELECT line_ordinal, group_code, reason_code FROM adjustments ORDER BY ordinal")
    assert [tuple(row) for row in levels] == [(None, "CO", "45"), (None, "PR", "1")]
    assert (await here.facts(sent.id))["status"] == "patient_responsibility"


async def test_provider_level_money_is_kept_apart_so_that_cash_is_what_the_bank_got(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    plb = (("WO:OLD-CLAIM", 3_000), ("FB:LAST", -500), ("L6:LATE", -125))
    payment = Payment((paid(sent),), plb=plb)
    assert payment.stated == 8_000 - 3_000 + 500 + 125
    await here.take(era(payment))
    assert await balanced_cash(here) == payment.stated
    ledger = await here.ledger()
    assert (ledger["provider_level"], ledger["interest"]) == (2_500, -125)
    rows = await here.rows(
        "SELECT reason_code, reference, amount_cents FROM provider_adjustments ORDER BY ordinal"
    )
    assert [tuple(row) for row in rows] == [
        ("WO", "OLD-CLAIM", 3_000), ("FB", "LAST", -500), ("L6", "LATE", -125),
    ]  # fmt: skip
    assert (await here.facts(sent.id))["paid_cents"] == 8_000


async def test_an_estimate_moves_no_money_and_no_claim(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((Clp(sent.number, 16_000, 0, "25", cas=(("CO", "45", 16_000),)),))))
    assert await here.ledger(sent.id) == {"receivable": 16_000, "revenue": -16_000}
    claim = await here.facts(sent.id)
    assert (claim["step"], claim["adjudications"]) == ("sent", 0)


async def test_an_answer_that_overtakes_the_note_of_sending_proves_the_sending(
    here: Exchange, there: Exchange
) -> None:
    await here.claim()
    batch_id = await here.gather()
    sent = (await here.sent(batch_id))[0]
    assert (await here.take(era(Payment((paid(sent),))))).signals == 1
    expected = {"receivable": 6_000, "revenue": -16_000, "cash": 8_000, "contractual": 2_000}
    assert await here.ledger(sent.id) == expected
    await record_sent(BatchTask(here.tenant.tenant_id, here.connection_id, batch_id))
    assert await here.ledger(sent.id) == expected
    assert (await here.facts(sent.id))["status"] == "partially_denied"


async def test_a_remittance_for_the_old_version_does_not_move_a_correction_under_way(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((paid(sent),), "T1")))
    await capture.correct(here.tenant.admin, sent.id, here.draft(10_000, 6_000))
    await scrub_claim(ClaimTask(here.tenant.tenant_id, sent.id, 2))
    await here.take(era(Payment((paid(sent).reversal(),), "T2", plb=(("FB:1", -8_000),))))
    claim = await here.facts(sent.id)
    assert (claim["step"], claim["outcome"], claim["paid_cents"]) == ("ready", "", 0)
    assert claim["adjudications"] == 2
