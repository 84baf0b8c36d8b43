"""Denials, days, reasons, underpayments and duplicates: from what the payers of this tenant really answered."""

from datetime import date
from uuid import UUID

import pytest

from domain.refusals import Invalid, NotAllowed, NotFound
from services.claims import capture
from services.clientele import fee_schedules
from services.clientele.fee_schedules import FeeScheduleFacts
from services.insight import duplicates, payers, underpayments
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era

CONTRACT = ("CO", "45", 2_000)
TODAY = f"{date.today():%Y%m%d}"


def paid(sent: Sent, **facts: str) -> Clp:
    """The first line paid less the contract's discount, the second with a share of the patient's."""
    lines = (
        Svc(10_000, 8_000, (CONTRACT,), sent.controls[0]),
        Svc(6_000, 5_000, (("PR", "2", 1_000),), sent.controls[1], "83036"),
    )
    return Clp(sent.number, 16_000, 13_000, patient=1_000, lines=lines, **facts)


def denied(sent: Sent) -> Clp:
    """Nothing paid: authorisation missing on both lines."""
    lines = (
        Svc(10_000, 0, (("CO", "197", 10_000),), sent.controls[0]),
        Svc(6_000, 0, (("CO", "197", 6_000),), sent.controls[1], "83036"),
    )
    return Clp(sent.number, 16_000, 0, lines=lines)


async def decided(here: Exchange) -> tuple[Sent, Sent]:
    """Two claims, one paid and one denied."""
    await here.claim()
    await here.claim()
    good, bad = await here.send()
    await here.take(era(Payment((paid(good), denied(bad)), day=TODAY)))
    return good, bad


async def payer_of(exchange: Exchange, claim_id: UUID) -> UUID:
    """The payer that a claim asks."""
    payer_id: UUID = (await exchange.facts(claim_id))["payer_id"]
    return payer_id


async def test_a_payers_denials_are_rated_by_count_and_by_money_with_an_interval(
    here: Exchange, there: Exchange
) -> None:
    await decided(here)
    (line,) = await payers.payers_behaviour(here.tenant.admin)
    assert (line.denial_rate.part, line.denial_rate.whole, line.denial_rate.share) == (1, 2, 0.5)
    assert line.denial_rate.low is not None and line.denial_rate.low < 0.1
    assert (line.refused_cents, line.paid_cents, line.charged_cents) == (16_000, 13_000, 32_000)
    assert (line.median_days, line.rejected) == (0, 0)
    assert await payers.payers_behaviour(there.tenant.admin) == []


async def test_reasons_months_and_procedures_stand_behind_the_rate(here: Exchange, there: Exchange) -> None:
    _, bad = await decided(here)
    found = await payers.payer_behaviour(here.tenant.admin, await payer_of(here, bad.id))
    (reason,) = found.reasons
    assert (reason.group_code, reason.reason_code, reason.claims, reason.cents) == ("CO", "197", 1, 16_000)
    assert reason.class_label == "Authorization and referral"
    assert [(one.name, one.denial_rate.part) for one in found.months] == [(f"{date.today():%Y-%m}", 1)]
    assert {one.name: one.denial_rate.share for one in found.procedures} == {"99213": 0.5, "83036": 0.5}
    with pytest.raises(NotFound):
        await payers.payer_behaviour(there.tenant.admin, await payer_of(here, bad.id))


async def test_a_reversal_is_no_decision_and_a_correction_is_no_second_one(
    here: Exchange, there: Exchange
) -> None:
    good, _ = await decided(here)
    back = Payment((paid(good).reversal(), denied(good)), "T2", plb=(("FB:1", -13_000),), day=TODAY)
    await here.take(era(back, isa13=2), "later")
    (line,) = await payers.payers_behaviour(here.tenant.admin)
    assert (line.denial_rate.part, line.denial_rate.whole) == (1, 2)


async def contract(here: Exchange, payer_id: UUID, rows: str) -> None:
    """What the payer allows from the year's beginning on."""
    schedule = await fee_schedules.add_fee_schedule(
        here.tenant.admin, FeeScheduleFacts("Contract", date(2024, 1, 1), payer_id, "contract")
    )
    await fee_schedules.paste_fee_lines(here.tenant.admin, schedule.id, rows)


async def test_a_line_allowed_below_the_contract_is_recoverable_until_the_appeal_window_closes(
    here: Exchange, there: Exchange
) -> None:
    good, _ = await decided(here)
    await contract(here, await payer_of(here, good.id), "99213\t\t90.00\n83036\t\t60.00")
    found = await underpayments.underpayments(here.tenant.admin, in_time=True)
    (line,) = found.items
    # The second line is allowed in full: what the patient owes was allowed too. The denied claim is no underpayment.
    assert (line.claim_id, line.procedure, line.allowed_cents, line.contracted_cents) == (
        good.id,
        "99213",
        8_000,
        9_000,
    )
    assert line.recoverable_cents == 1_000 and line.appeal_until > date.today()
    (summed,) = await underpayments.underpaid_procedures(here.tenant.admin)
    assert (summed.lines, summed.compared, summed.recoverable_cents, summed.in_time_cents) == (
        1,
        1,
        1_000,
        1_000,
    )
    assert (await underpayments.underpayments(there.tenant.admin)).items == []


async def test_a_payment_taken_back_leaves_nothing_to_recover(here: Exchange, there: Exchange) -> None:
    good, _ = await decided(here)
    await contract(here, await payer_of(here, good.id), "99213\t\t90.00")
    back = Payment((paid(good).reversal(),), "T2", plb=(("FB:1", -13_000),), day=TODAY)
    await here.take(era(back, isa13=2), "later")
    assert (await underpayments.underpayments(here.tenant.admin)).items == []


async def test_the_same_service_on_two_claims_is_shown_with_how_often_it_was_paid(
    here: Exchange, there: Exchange
) -> None:
    draft = here.draft(10_000)
    first = await capture.create(here.tenant.admin, draft)
    second = await capture.create(here.tenant.admin, draft)
    await capture.create(here.tenant.admin, here.draft(10_000))
    (found,) = (await duplicates.duplicates(here.tenant.admin)).items
    assert {one.claim_id for one in found.claims} == {first.id, second.id}
    assert (found.procedure, found.paid_times, found.paid_cents) == ("99213", 0, 0)
    assert (await duplicates.duplicates(there.tenant.admin)).items == []


async def test_who_may_not_see_reports_is_refused_and_a_strange_period_too(
    here: Exchange, there: Exchange
) -> None:
    with pytest.raises(NotAllowed):
        await payers.payers_behaviour(await here.tenant.actor("Biller"))
    with pytest.raises(Invalid):
        await payers.payers_behaviour(here.tenant.admin, days=0)
    with pytest.raises(Invalid):
        await underpayments.underpayments(here.tenant.admin, cursor="WzEsMiwzXQ")
