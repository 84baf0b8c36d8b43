"""A claim's life on real parts: Temporal, PostgreSQL, and a clearinghouse that answers over SFTP."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities import courier
from activities.claims.messages import Answered, Corrected, Decided, Released
from domain.refusals import Conflict
from services.claims import capture
from services.work import actions
from tests.fixtures.lifecycle import Crew, Walk, ended, eventually
from workflows.claims import ClaimLifecycle

pytestmark = pytest.mark.slow


async def test_a_clean_claim_is_paid_and_closed_without_a_hand(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created()
    closed = await walk.at_step(claim.id, "closed")
    assert (closed.outcome, closed.paid_cents, closed.balance_cents) == ("paid", 16_000, 0)
    assert closed.payer_claim_control_number
    kinds = [one.kind for one in reversed(closed.activities)]
    assert kinds == ["created", "scrubbed", "released", "batched", "sent", "acknowledged", "acknowledged",
                     "acknowledged", "adjudicated", "closed"]  # fmt: skip
    await ended(walk.process(claim.id))
    assert await other_walk.rows("SELECT 1 FROM claims") == []


async def test_two_tenants_claims_walk_side_by_side_and_meet_nowhere(walk: Walk, other_walk: Walk) -> None:
    ours, theirs = await walk.created(), await other_walk.created("01")
    assert (await walk.at_step(ours.id, "closed")).paid_cents == 16_000
    assert (await other_walk.at_step(theirs.id, "patient_balance")).patient_cents > 0
    for one in (walk, other_walk):
        assert await one.count("claims") == await one.count("remittances") == 1


async def test_a_held_claim_is_corrected_and_then_released(walk: Walk, other_walk: Walk) -> None:
    draft = replace(await walk.drafted(), rendering_id=await walk.provider())
    claim = await capture.create(walk.tenant.admin, replace(draft, rendering_npi="1234567890"))
    held = await walk.at_step(claim.id, "held")
    assert ("rendering.npi", "error") in [(one.field, one.severity) for one in held.findings]
    assert await walk.item("hold", claim.id)
    corrected = await capture.correct(walk.tenant.admin, claim.id, draft)
    assert (corrected.step, corrected.current_version, corrected.findings) == ("ready", 2, [])
    assert await walk.items("hold") == []
    released = await capture.release(walk.tenant.admin, claim.id)
    assert released.status == "ready"
    assert (await walk.at_step(claim.id, "closed")).paid_cents == 16_000


async def test_a_held_claim_cannot_be_released(walk: Walk, other_walk: Walk) -> None:
    claim = await capture.create(
        walk.tenant.admin, replace(await walk.drafted(), diagnoses=("XYZ",)), release=True
    )
    await walk.at_step(claim.id, "held")
    with pytest.raises(Conflict) as refusal:
        await capture.release(walk.tenant.admin, claim.id)
    assert refusal.value.code == "claim.held"
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await walk.process(claim.id).execute_update(
            ClaimLifecycle.released, Released(walk.tenant.tenant_id), id=str(uuid4())
        )
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "claim.held"
    assert (await walk.view(claim.id)).sent_at is None


async def test_a_claim_released_twice_is_refused_the_second_time_and_sent_once(
    walk: Walk, other_walk: Walk
) -> None:
    claim = await walk.created(release=False)
    await walk.at_step(claim.id, "ready")
    await capture.release(walk.tenant.admin, claim.id)
    with pytest.raises(Conflict) as refusal:
        await capture.release(walk.tenant.admin, claim.id)
    assert refusal.value.code == "claim.released_already"
    await walk.at_step(claim.id, "closed")
    assert await walk.count("edi_batch_claims") == 1


async def test_a_withdrawn_claim_ends_and_is_never_sent(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created(release=False)
    await walk.at_step(claim.id, "ready")
    withdrawn = await capture.withdraw(walk.tenant.admin, claim.id, "Entered twice")
    assert (withdrawn.step, withdrawn.status) == ("closed", "closed")
    await ended(walk.process(claim.id))
    assert await walk.count("edi_batches") == 0


async def test_a_claim_put_on_hold_waits_until_it_is_checked_again_and_released(
    walk: Walk, other_walk: Walk
) -> None:
    claim = await walk.created(release=False)
    await walk.at_step(claim.id, "ready")
    held = await capture.hold(walk.tenant.admin, claim.id, "Records requested")
    assert (held.step, held.held_reason) == ("held", "person")
    await walk.decide("hold", claim.id, "recheck")
    await walk.at_step(claim.id, "ready")
    await capture.release(walk.tenant.admin, claim.id)
    assert (await walk.at_step(claim.id, "closed")).outcome == "paid"


async def test_silence_raises_an_alarm_once_and_a_late_answer_still_counts(
    walk: Walk, other_walk: Walk
) -> None:
    # A look between the sending and the 999 finds the 999 to be awaited, and comes back when that is due.
    await walk.expect_within(**{"999": 10.0, "clearinghouse_277ca": 0.5})
    claim = await walk.created("09")
    await walk.becomes(claim.id, lambda one: one.ack_999 == "accepted")
    item = await walk.item("silence", claim.id)
    assert item["title"].endswith("no answer: the clearinghouse's 277CA is overdue")
    await walk.decide("silence", claim.id, "keep_waiting")
    again = await walk.item("silence", claim.id)
    assert again["id"] != item["id"]


async def test_a_rejected_claim_is_corrected_and_sent_again_as_an_original(
    walk: Walk, other_walk: Walk
) -> None:
    claim = await walk.created("08")
    rejected = await walk.at_step(claim.id, "rejected")
    assert (rejected.status, rejected.correction, rejected.adjudications) == ("rejected_payer", "1", [])
    await walk.item("rejection", claim.id)
    corrected = await capture.correct(walk.tenant.admin, claim.id, rejected.draft)
    assert [one.frequency for one in corrected.versions] == ["1", "1"]
    closed = await walk.at_step(claim.id, "closed")
    assert (closed.outcome, closed.balance_cents) == ("paid", 0)
    assert len({one.claim_number for one in closed.versions}) == 2
    assert await walk.items("rejection") == []


async def test_a_rejection_sent_again_unchanged_goes_out_under_a_new_number(
    walk: Walk, other_walk: Walk
) -> None:
    claim = await walk.created("07")
    await walk.at_step(claim.id, "rejected")
    await walk.decide("rejection", claim.id, "resend")
    closed = await walk.at_step(claim.id, "closed")
    assert [one.frequency for one in closed.versions] == ["1", "1"]
    assert closed.outcome == "paid"


async def test_a_denied_claim_is_replaced_and_paid(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created("06")
    denied = await walk.at_step(claim.id, "denial")
    assert (denied.outcome, denied.correction) == ("partially_denied", "7")
    await walk.item("denial", claim.id)
    corrected = await capture.correct(walk.tenant.admin, claim.id, denied.draft)
    assert corrected.frequency == "7"
    closed = await walk.becomes(claim.id, lambda one: one.step == "closed")
    assert (closed.outcome, closed.balance_cents) == ("paid", 0)
    assert sum(entry.amount_cents for entry in closed.ledger) == 0


async def test_a_denial_written_off_closes_the_claim_with_nothing_open(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    item_id = await walk.decide("denial", claim.id, "write_off")
    closed = await walk.at_step(claim.id, "closed")
    assert (closed.balance_cents, closed.paid_cents) == (0, 0)
    assert (await walk.ledger(claim.id))["written_off"] == 16_000
    assert [one["posting_id"] for one in await walk.rows("SELECT posting_id FROM ledger_entries WHERE account = 'written_off'")] == [item_id]  # fmt: skip
    await ended(walk.process(claim.id))


async def test_a_denial_passed_to_the_patient_waits_for_the_patient(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created("04")
    await walk.at_step(claim.id, "denial")
    await walk.decide("denial", claim.id, "patient")
    owed = await walk.at_step(claim.id, "patient_balance")
    assert (owed.status, owed.patient_cents) == ("patient_responsibility", 16_000)
    await capture.close(walk.tenant.admin, claim.id, "Patient paid")
    assert (await walk.view(claim.id)).step == "closed"


async def test_a_remittance_reopens_a_closed_claim(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created("11", 10_000, 6_000)
    closed = await walk.becomes(claim.id, lambda one: one.step == "closed" and len(one.adjudications) == 3)
    first, reversal, correction = closed.adjudications
    assert (first.status_code, reversal.status_code) == ("1", "22")
    assert closed.paid_cents == correction.paid_cents != first.paid_cents
    assert sum(entry.amount_cents for entry in closed.ledger) == 0


async def test_an_answer_told_twice_is_followed_up_once(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    item = await walk.item("denial", claim.id)
    process = walk.process(claim.id)
    told = Answered(walk.tenant.tenant_id, (await walk.signals(claim.id))[-1])
    await process.signal(ClaimLifecycle.answered, told)
    await walk.decide("denial", claim.id, "write_off")
    activities = [
        event
        async for event in process.fetch_history_events()
        if event.HasField("marker_recorded_event_attributes")
    ]
    assert len(activities) == 4  # scrub, hand over, follow up, decide
    assert await walk.rows("SELECT id FROM work_items WHERE kind = 'denial'") == [(item["id"],)]


async def test_an_update_repeated_under_its_id_is_applied_once(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    item_id = await walk.decide("denial", claim.id, "appeal")
    decided = Decided(walk.tenant.tenant_id, item_id, "appeal")
    for _ in range(2):
        await walk.process(claim.id).execute_update(ClaimLifecycle.decided, decided, id=str(item_id))
    claim = await walk.view(claim.id)
    assert (claim.step, claim.status) == ("appealed", "appealed")
    assert [one.kind for one in claim.activities].count("decided") == 1


async def test_a_correction_that_was_overtaken_is_refused(walk: Walk, other_walk: Walk) -> None:
    claim = await walk.created(release=False)
    await walk.at_step(claim.id, "ready")
    await capture.correct(walk.tenant.admin, claim.id, claim.draft)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await walk.process(claim.id).execute_update(
            ClaimLifecycle.corrected, Corrected(walk.tenant.tenant_id, 2), id=str(uuid4())
        )
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "claim.version_overtaken"


async def test_a_decision_taken_while_no_worker_runs_is_delivered_when_one_is_back(
    crew: Crew, walk: Walk, other_walk: Walk, quick_redelivery: None
) -> None:
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    item = await walk.item("denial", claim.id)
    await actions.take(walk.tenant.admin, item["id"])
    await crew.rest()
    done = await actions.complete(walk.tenant.admin, item["id"], "write_off", "Not worth an appeal")
    assert done.line.status == "done"
    assert (await walk.facts(claim.id))["step"] == "denial"
    await crew.work()
    closed = await walk.at_step(claim.id, "closed")
    assert [one.kind for one in closed.activities].count("decided") == 1
    assert (await walk.ledger(claim.id))["written_off"] == 16_000


async def test_a_claim_created_while_no_worker_runs_is_scrubbed_when_one_is_back(
    crew: Crew, walk: Walk, other_walk: Walk
) -> None:
    await crew.rest()
    claim = await walk.created(release=False)
    assert claim.step == "coding"
    await crew.work()
    assert (await walk.at_step(claim.id, "ready")).findings == []


async def test_a_wish_that_overtakes_the_start_of_its_claim_waits_for_it(
    crew: Crew, walk: Walk, other_walk: Walk
) -> None:
    courier.start(None)  # the server is away
    claim = await walk.created(release=False)
    await eventually(lambda: walk.rows("SELECT 1 FROM outbox WHERE attempts > 0"))
    courier.start(crew.client)  # it is back before the start is tried again
    await capture.withdraw(walk.tenant.admin, claim.id, "entered twice")
    assert (await walk.rows("SELECT name, refused FROM outbox WHERE kind = 'update'"))[0]["refused"] is None
    await walk.rows("UPDATE outbox SET next_attempt_at = now()")
    await walk.at_step(claim.id, "closed")


async def test_two_wishes_at_once_that_end_the_claim_leave_nobody_waiting(
    crew: Crew, walk: Walk, other_walk: Walk
) -> None:
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    process = walk.process(claim.id)
    await crew.rest()
    wishes = [Decided(walk.tenant.tenant_id, uuid4(), "write_off") for _ in range(2)]
    asked = [
        asyncio.create_task(process.execute_update(ClaimLifecycle.decided, wish, id=str(wish.work_item_id)))
        for wish in wishes
    ]
    await crew.work()
    answers = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 20)
    # One that arrives after the end finds no process.
    assert len([one for one in answers if isinstance(one, (WorkflowUpdateFailedError, RPCError))]) == 1
    await ended(walk.process(claim.id))
    assert (await walk.ledger(claim.id))["written_off"] == 16_000
