"""What is recorded of every workflow: scenarios on real parts, their histories, and the order of their commands."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowHandle

from activities.edi.messages import ConnectionInput, WatchInput
from services.balances import statements
from services.care import plans
from services.claims import capture, corrections
from services.clientele import coverages, payers
from services.clientele.coverages import CoverageFacts
from services.clientele.payers import PayerFacts
from services.denials import appeals
from services.deposits import accounts, entry
from services.deposits.accounts import AccountFacts
from services.deposits.entry import DepositFacts
from services.edi import files
from tests.fixtures.care import CareDesk
from tests.fixtures.care_plans import whole_plan
from tests.fixtures.clearinghouse import Partner
from tests.fixtures.clientele import EnrolmentDesk, begin_trial, set_up, trial_is
from tests.fixtures.denied import today
from tests.fixtures.lifecycle import Walk, ended, eventually
from tests.fixtures.x12_answers import Clp, Payment, era
from tests.workflows.recordings_months import care_month_closed, care_patient_month_billed

HISTORIES = Path(__file__).parent.parent / "data" / "histories"
_DECIDED = (
    "timer_started",
    "timer_canceled",
    "workflow_execution_completed",
    "workflow_execution_continued_as_new",
)
Handle = WorkflowHandle[Any, Any]
Scenario = Callable[[Walk], Awaitable[Handle]]


def commands(history: dict[str, Any]) -> list[str]:
    """What the workflow decided, in order: activities by name, timers, its end. Another order needs a patch marker."""
    return [told for event in history["events"] if (told := _command(event))]


def _command(event: dict[str, Any]) -> str:
    if scheduled := event.get("activityTaskScheduledEventAttributes"):
        return str(scheduled["activityType"]["name"])
    if marker := event.get("markerRecordedEventAttributes"):
        return _marked(marker)
    kind = event["eventType"].removeprefix("EVENT_TYPE_").lower()
    return kind if kind in _DECIDED else ""


def _marked(marker: dict[str, Any]) -> str:
    if marker["markerName"] != "core_local_activity":
        return str(marker["markerName"])
    described = marker["details"]["data"]["payloads"][0]["data"]
    return str(json.loads(base64.b64decode(described))["activity_type"])


async def history_of(process: Handle) -> dict[str, Any]:
    """The history as the server keeps it: payloads sealed."""
    history: dict[str, Any] = json.loads((await process.fetch_history()).to_json())
    return history


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


async def batch_sent(walk: Walk) -> Handle:
    """Gathered, sent, recorded."""
    claim = await walk.created()
    await walk.becomes(claim.id, lambda one: one.sent_at is not None)
    await ended(walk.batch())
    return walk.batch()


async def batch_refused_and_mended(walk: Walk) -> Handle:
    """The partner refuses the sign-in; somebody mends it; the batch goes."""
    ours = await walk.sign_in_as("somebody-else")
    claim = await walk.created()
    batch_id = (await eventually(lambda: walk.rows("SELECT id FROM edi_batches")))[0]["id"]
    await walk.item("incident", batch_id)
    await walk.sign_in_as(ours)
    await walk.decide("incident", batch_id, "retry")
    await walk.becomes(claim.id, lambda one: one.sent_at is not None)
    await ended(walk.batch())
    return walk.batch()


async def poller(walk: Walk) -> Handle:
    """One look that finds one file."""
    claim = await walk.created("09")
    await walk.becomes(claim.id, lambda one: one.sent_at is not None)
    poll = ConnectionInput(walk.tenant.tenant_id, walk.connection_id)

    async def found() -> Handle | None:
        handle = await walk.temporal.start_workflow(
            "ConnectionPoller",
            poll,
            id=f"{walk.tenant.tenant_id}/look/{uuid4()}",
            task_queue="edi",
            result_type=int,
        )
        return handle if await handle.result() == 1 else None

    return await eventually(found)


async def file_intake(walk: Walk) -> Handle:
    """A file that a person brings."""
    body = era(Payment((Clp("NOBODY1", 5_000, 5_000),), trace="BROUGHT1"))
    line = await files.take_in(walk.tenant.admin, walk.connection_id, "brought.x12", body)
    handle = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/file/{line.id}")
    await ended(handle)
    return handle


async def submissions_watched(walk: Walk) -> Handle:
    """One look over what was sent."""
    handle = await walk.temporal.start_workflow(
        "SubmissionWatch",
        WatchInput(walk.tenant.tenant_id),
        id=f"{walk.tenant.tenant_id}/watch/{uuid4()}",
        task_queue="edi",
        result_type=int,
    )
    await ended(handle)
    return handle


async def enrolment_live_and_ended(walk: Walk) -> Handle:
    """Forms, signature, submission, approval, live; then it is ended."""
    desk = EnrolmentDesk(walk)
    await desk.request()
    await desk.approved()
    await desk.tell("went_live")
    await desk.tell("withdrawn", reason="The client left")
    handle = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/enrolment/{desk.id}")
    await ended(handle)
    return handle


async def care_given_up(walk: Walk) -> Handle:
    """Eligible, visited, consent given; then the patient moves away."""
    desk = await CareDesk(walk).open()
    await desk.enrol()
    await desk.consented()
    await desk.tell("withdrawn", reason="Moved away")
    handle = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/care_enrolment/{desk.id}")
    await ended(handle)
    return handle


async def care_planned_and_revised(walk: Walk) -> Handle:
    """Consent, the care plan, a revision of it; then the patient moves away."""
    desk = await CareDesk(walk).open()
    await desk.enrol()
    await desk.consented()
    await plans.store_plan(desk.actor, desk.id, whole_plan(desk.today()))
    await plans.store_plan(desk.actor, desk.id, whole_plan(desk.today(), target="6.5"), "Better than hoped")
    await desk.tell("withdrawn", reason="Moved away")
    handle = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/care_enrolment/{desk.id}")
    await ended(handle)
    return handle


async def trial_accepted(walk: Walk) -> Handle:
    """A test file through a new connection, to its accepted 277CA."""
    port = (await walk.one("SELECT port FROM connections"))["port"]
    connection = await set_up(walk, Partner(port, "", "", Path()))
    trial = await begin_trial(walk, connection)
    await trial_is(walk, connection, "accepted")
    handle = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/trial/{trial.id}")
    await ended(handle)
    return handle


async def deposits_watched(walk: Walk) -> Handle:
    """A deposit without a remittance waits for its day; another one has the watch look again."""
    admin = walk.tenant.admin
    account = await accounts.add_account(admin, AccountFacts("Operating"))
    watch = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/deposits/{walk.tenant.tenant_id}")
    looked = ["look_at_deposits", "timer_started"]
    for number, expected in enumerate((looked, [*looked, "timer_canceled", *looked])):
        facts = DepositFacts(account.id, date.today(), 5_000, "check", f"NOWHERE{number}")
        await entry.enter_deposit(admin, facts)

        async def waits(expected: list[str] = expected) -> bool:
            return commands(await history_of(watch)) == expected

        await eventually(waits)
    return watch


async def statements_printed(walk: Walk) -> Handle:
    """A patient's share is asked for once its payer has answered."""
    claim = await walk.created("01")
    await walk.at_step(claim.id, "patient_balance")
    run = await statements.start_statements(walk.tenant.admin)
    process = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/statements/{run.id}")
    await ended(process)
    return process


SCENARIOS: dict[str, Scenario] = {
    one.__name__: one
    for one in (
        claim_paid,
        claim_held_corrected_released,
        claim_put_on_hold_and_withdrawn,
        claim_rejected_resent,
        claim_denied_written_off,
        claim_reopened,
        claim_next_payer,
        claim_passed_on,
        claim_reopened_and_voided,
        claim_silent,
        appeal_lost_then_paid,
        appeal_window_passed,
        batch_sent,
        batch_refused_and_mended,
        poller,
        file_intake,
        deposits_watched,
        statements_printed,
        submissions_watched,
        enrolment_live_and_ended,
        care_given_up,
        care_month_closed,
        care_patient_month_billed,
        care_planned_and_revised,
        trial_accepted,
    )
}
# How often it looks again before the alarm depends on how quick the partner was.
TIMED_BY_OTHERS = frozenset({"claim_silent", "trial_accepted"})
