"""What is recorded of a claim's process and of an appeal: paid, held, rejected, denied, passed on, silent."""

from dataclasses import replace

from services.claims import capture, corrections
from services.clientele import coverages, payers
from services.clientele.coverages import CoverageFacts
from services.clientele.payers import PayerFacts
from services.denials import appeals
from services.edi import files
from tests.fixtures.denied import today
from tests.fixtures.lifecycle import Walk, ended, eventually
from tests.fixtures.x12_answers import Clp, Payment, era
from tests.workflows.histories import Handle, commands, history_of


async def second_coverage(walk: Walk, scenario: str) -> None:
    """Give the scenario's patient a secondary coverage, whose payer pays what the first one leaves."""
    patient_id = (await walk.drafted(scenario)).patient_id
    payer = await payers.add_payer(walk.tenant.admin, PayerFacts(name="Second Mutual", payer_id="SM002"))
    facts = CoverageFacts(patient_id, payer.id, member_id="SEC99", rank="S")
    await coverages.add_coverage(walk.tenant.admin, facts)


async def claim_paid(walk: Walk) -> Handle:
    """Scrubbed, handed to the batch, paid, closed."""
    claim = await walk.created()
    await walk.at_step(claim.id, "closed")
    return walk.process(claim.id)


async def claim_held_corrected_released(walk: Walk) -> Handle:
    """Held by its scrub, corrected, released by a person, paid."""
    draft = await walk.drafted()
    claim = await capture.create(walk.tenant.admin, replace(draft, diagnoses=("XYZ",)))
    await walk.at_step(claim.id, "held")
    await capture.correct(walk.tenant.admin, claim.id, draft)
    await capture.release(walk.tenant.admin, claim.id)
    await walk.at_step(claim.id, "closed")
    return walk.process(claim.id)


async def claim_put_on_hold_and_withdrawn(walk: Walk) -> Handle:
    """Stopped by a person, checked again, withdrawn."""
    claim = await walk.created(release=False)
    await walk.at_step(claim.id, "ready")
    await capture.hold(walk.tenant.admin, claim.id, "Records requested")
    await walk.decide("hold", claim.id, "recheck")
    await walk.at_step(claim.id, "ready")
    await capture.withdraw(walk.tenant.admin, claim.id, "Entered twice")
    return walk.process(claim.id)


async def claim_rejected_resent(walk: Walk) -> Handle:
    """Rejected by the payer's 277CA, sent again unchanged, paid."""
    claim = await walk.created("08")
    await walk.at_step(claim.id, "rejected")
    await walk.decide("rejection", claim.id, "resend")
    await walk.at_step(claim.id, "closed")
    return walk.process(claim.id)


async def claim_denied_written_off(walk: Walk) -> Handle:
    """Denied, and given up."""
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    await walk.decide("denial", claim.id, "write_off")
    await walk.at_step(claim.id, "closed")
    return walk.process(claim.id)


async def claim_reopened(walk: Walk) -> Handle:
    """Paid and closed; a reversal opens it again. The history is the second run's, which waits for the correction."""
    claim = await walk.created()
    closed = await walk.at_step(claim.id, "closed")
    await ended(walk.process(claim.id))
    reversal = Clp(closed.claim_number, 16_000, 16_000, icn=closed.payer_claim_control_number).reversal()
    await files.take_in(
        walk.tenant.admin, walk.connection_id, "back.x12", era(Payment((reversal,), trace="BACK1"))
    )
    await walk.becomes(claim.id, lambda one: one.status == "reversed")

    async def followed_up() -> bool:
        return commands(await history_of(walk.process(claim.id))) == ["follow_up"]

    await eventually(followed_up)
    return walk.process(claim.id)


async def claim_next_payer(walk: Walk) -> Handle:
    """The first payer leaves a share to the patient; the next one is billed by itself and pays it."""
    await second_coverage(walk, "01")
    claim = await walk.created("01")
    await walk.at_step(claim.id, "closed")
    return walk.process(claim.id)


async def claim_passed_on(walk: Walk) -> Handle:
    """The first payer has sent the claim on itself: its next payer's word is awaited."""
    await second_coverage(walk, "18")
    claim = await walk.created("18")
    await walk.at_step(claim.id, "forwarded")
    return walk.process(claim.id)


async def claim_reopened_and_voided(walk: Walk) -> Handle:
    """Paid and closed, opened again by a person, voided. The history is the second run's."""
    claim = await walk.created()
    await walk.at_step(claim.id, "closed")
    await ended(walk.process(claim.id))
    await corrections.reopen(walk.tenant.admin, claim.id, "Wrong patient")
    await walk.at_step(claim.id, "reopened")
    await corrections.void(walk.tenant.admin, claim.id, "Wrong patient")
    await walk.at_step(claim.id, "closed")
    await ended(walk.process(claim.id))
    return walk.process(claim.id)


async def claim_silent(walk: Walk) -> Handle:
    """No answer: the alarm is raised, somebody keeps waiting, it is raised again."""
    await walk.expect_within(clearinghouse_277ca=0.5)
    claim = await walk.created("09")
    await walk.becomes(claim.id, lambda one: one.ack_999 == "accepted")
    await walk.decide("silence", claim.id, "keep_waiting")
    await walk.item("silence", claim.id)
    return walk.process(claim.id)


async def appeal_lost_then_paid(walk: Walk) -> Handle:
    """Denied, appealed, upheld, taken to the next level; then the payer's remittance pays and ends it."""
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    admin = walk.tenant.admin
    appeal = await appeals.open_appeal(admin, claim.id)
    await walk.at_step(claim.id, "appealed")
    day = today()
    await appeals.sent(admin, appeal.id, day, "portal")
    await appeals.acknowledged(admin, appeal.id, day)
    await appeals.decided(admin, appeal.id, "upheld", day)
    await appeals.next_level(admin, appeal.id)
    seen = await walk.view(claim.id)
    back = Clp(seen.claim_number, 16_000, 0, icn=seen.payer_claim_control_number, cas=(("CO", "50", 16_000),))
    paid = Clp(seen.claim_number, 16_000, 16_000, icn=seen.payer_claim_control_number)
    body = era(Payment((back.reversal(), paid), trace="WON1"))
    await files.take_in(admin, walk.connection_id, "won.x12", body)
    process = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/appeal/{appeal.id}")
    await ended(process)
    return process


async def appeal_window_passed(walk: Walk) -> Handle:
    """Nobody sends it: its clocks warn, and close it when the window has passed."""
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    await walk.tenant.owner.execute("UPDATE denials SET decided_on = decided_on - 400")
    appeal = await appeals.open_appeal(walk.tenant.admin, claim.id)
    process = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/appeal/{appeal.id}")
    await ended(process)
    await walk.at_step(claim.id, "denial")
    return process
