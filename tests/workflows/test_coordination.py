"""Coordination of benefits on real parts: the sandbox pays as the first payer, then as the next one."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.claims.messages import Decided
from domain.refusals import Conflict
from services.claims import capture, corrections
from services.claims.views import ClaimView
from services.clientele import coverages, payers
from services.clientele.coverages import CoverageFacts
from services.clientele.payers import PayerFacts
from services.work import actions, queue
from services.work.views import WorkView
from tests.fixtures.lifecycle import Crew, Walk, ended, eventually
from workflows.claims import ClaimLifecycle

SHARE = "01"


async def with_second_coverage(
    walk: Walk, scenario: str = SHARE, member: str = "SEC99", rank: str = "S"
) -> UUID:
    """Give the scenario's patient a later coverage; its payer's id."""
    patient_id = (await walk.drafted(scenario)).patient_id
    payer = await payers.add_payer(
        walk.tenant.admin, PayerFacts(name=f"Mutual {rank}", payer_id=f"SM00{rank}")
    )
    facts = CoverageFacts(patient_id, payer.id, member_id=member, rank=rank)
    await coverages.add_coverage(walk.tenant.admin, facts)
    return payer.id


async def test_a_third_payer_pays_what_the_second_leaves(walk: Walk, other_walk: Walk) -> None:
    await with_second_coverage(walk, member="SEC01")
    third = await with_second_coverage(walk, member="TER99", rank="T")
    claim = await walk.created(SHARE)
    closed = await walk.at_step(claim.id, "closed")
    assert [one.status_code for one in closed.adjudications] == ["1", "2", "3"]
    assert closed.adjudications[2].paid_cents == closed.adjudications[1].patient_cents > 0
    assert (closed.payer_id, closed.rank, closed.patient_cents, closed.balance_cents) == (third, "T", 0, 0)
    assert (await walk.ledger(claim.id)).get("receivable", 0) == 0


async def test_what_the_first_payer_leaves_is_billed_to_the_second_and_closes_the_claim(
    walk: Walk, other_walk: Walk
) -> None:
    second = await with_second_coverage(walk)
    claim = await walk.created(SHARE)
    closed = await walk.at_step(claim.id, "closed")
    first, answer = closed.adjudications
    assert (first.status_code, answer.status_code) == ("1", "2")
    assert answer.paid_cents == first.patient_cents > 0
    assert (closed.payer_id, closed.balance_cents, closed.patient_cents) == (second, 0, 0)
    ledger = await walk.ledger(claim.id)
    assert ledger == {
        "revenue": -16_000,
        "cash": first.paid_cents + answer.paid_cents,
        "contractual": 3_200,
    }
    assert [one.frequency for one in closed.versions] == ["1", "1"]
    assert await walk.count("edi_batch_claims") == 2
    assert await other_walk.rows("SELECT 1 FROM claims") == []


async def test_a_claim_that_the_first_payer_passes_on_is_sent_by_us_only_once(
    walk: Walk, other_walk: Walk
) -> None:
    await with_second_coverage(walk, "18")
    claim = await walk.created("18")
    waiting = await walk.at_step(claim.id, "forwarded")
    assert (waiting.status, waiting.waiting_for) == ("secondary", "the next payer's remittance")
    with pytest.raises(Conflict) as refusal:
        await corrections.bill_next_payer(walk.tenant.admin, claim.id)
    assert refusal.value.code == "cob_forwarded"
    assert await walk.count("edi_batch_claims") == 1


async def test_a_person_bars_the_next_payer_and_bills_it_after_all(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created(SHARE)
    await walk.at_step(claim.id, "patient_balance")
    with pytest.raises(Conflict) as refusal:
        await corrections.bill_next_payer(walk.tenant.admin, claim.id)
    assert refusal.value.code == "cob_nobody_follows"
    await with_second_coverage(walk)
    await corrections.do_not_bill_next_payer(walk.tenant.admin, claim.id, "The patient asked for it")
    assert (await walk.view(claim.id)).step == "patient_balance"
    await corrections.bill_next_payer(walk.tenant.admin, claim.id)
    closed = await walk.at_step(claim.id, "closed")
    assert (closed.rank, closed.balance_cents, len(closed.adjudications)) == ("S", 0, 2)


async def test_a_closed_claim_is_reopened_with_a_reason_and_voided(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created()
    await walk.at_step(claim.id, "closed")
    with pytest.raises(Conflict) as refusal:
        await corrections.void(walk.tenant.admin, claim.id, "Wrong patient")
    assert refusal.value.code == "claim.closed"
    await ended(walk.process(claim.id))
    await corrections.reopen(walk.tenant.admin, claim.id, "Billed for the wrong patient")
    reopened = await walk.at_step(claim.id, "reopened")
    assert (reopened.status, reopened.correction, reopened.closed_reason) == ("paid", "7", "")
    await corrections.void(walk.tenant.admin, claim.id, "Wrong patient")
    voided = await walk.at_step(claim.id, "closed")
    assert [one.frequency for one in voided.versions] == ["1", "8"]
    assert voided.versions[1].payer_claim_control_number == claim_number_of(reopened)
    assert await walk.ledger(claim.id) == {}


def claim_number_of(claim: ClaimView) -> str:
    return claim.payer_claim_control_number


async def test_a_decision_refused_for_good_opens_its_item_again_and_the_second_time_lets_it_be(
    crew: Crew, walk: Walk, other_walk: Walk, quick_redelivery: None
) -> None:
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    item = await walk.item("denial", claim.id)
    await actions.take(walk.tenant.admin, item["id"])
    await closed_just_before(crew, walk, claim.id, actions.complete(walk.tenant.admin, item["id"], "patient"))
    again = await eventually(lambda: opened_again(walk, item["id"]))
    assert (again.line.status, again.decision) == ("open", "")
    assert "closed" in again.return_comment or "ended" in again.return_comment
    assert "refused" in [one.kind for one in again.history]
    await ended(walk.process(claim.id))
    with pytest.raises(Conflict) as refusal:
        await actions.complete(walk.tenant.admin, item["id"], "patient")
    assert refusal.value.code in ("process.ended", "claim.closed")
    assert (await queue.get_item(walk.tenant.admin, item["id"])).line.status == "cancelled"
    assert (await walk.ledger(claim.id))["written_off"] == 16_000


async def test_a_correction_that_came_too_late_is_marked_withdrawn(
    crew: Crew, walk: Walk, other_walk: Walk, quick_redelivery: None
) -> None:
    claim = await walk.created("03")
    denied = await walk.at_step(claim.id, "denial")
    await closed_just_before(crew, walk, claim.id, capture.correct(walk.tenant.admin, claim.id, denied.draft))

    async def withdrawn() -> bool:
        return (await walk.view(claim.id)).versions[-1].withdrawn_at is not None

    await eventually(withdrawn)
    closed = await walk.view(claim.id)
    assert (closed.step, closed.current_version, closed.activities[0].kind) == ("closed", 1, "withdrawn")


async def closed_just_before(crew: Crew, walk: Walk, claim_id: UUID, command: Awaitable[Any]) -> None:
    """A command that is committed while nobody works, behind a decision that closes the claim."""
    await crew.rest()
    wish = Decided(walk.tenant.tenant_id, uuid4(), "write_off")
    closing = asyncio.create_task(
        walk.process(claim_id).execute_update(ClaimLifecycle.decided, wish, id=str(wish.work_item_id))
    )
    await command
    await crew.work()
    await closing


async def opened_again(walk: Walk, item_id: UUID) -> WorkView | None:
    found = await queue.get_item(walk.tenant.admin, item_id)
    return found if found.line.status == "open" else None
