"""What is recorded of every workflow: scenarios on real parts."""

from datetime import date
from pathlib import Path
from uuid import uuid4

from activities.edi.messages import ConnectionInput, WatchInput
from services.balances import statements
from services.care import plans
from services.deposits import accounts, entry
from services.deposits.accounts import AccountFacts
from services.deposits.entry import DepositFacts
from services.edi import files
from tests.fixtures.care import CareDesk
from tests.fixtures.care_plans import whole_plan
from tests.fixtures.clearinghouse import Partner
from tests.fixtures.clientele import EnrolmentDesk, begin_trial, set_up, trial_is
from tests.fixtures.lifecycle import Walk, ended, eventually
from tests.fixtures.x12_answers import Clp, Payment, era
from tests.workflows.histories import Handle, Scenario, commands, history_of
from tests.workflows.recordings_claims import (
    appeal_lost_then_paid,
    appeal_window_passed,
    claim_denied_written_off,
    claim_held_corrected_released,
    claim_next_payer,
    claim_paid,
    claim_passed_on,
    claim_put_on_hold_and_withdrawn,
    claim_rejected_resent,
    claim_reopened,
    claim_reopened_and_voided,
    claim_silent,
)
from tests.workflows.recordings_months import care_month_closed, care_patient_month_billed


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
