"""An enrolment's whole life: the steps of people, the claims it holds and frees, and years that pass in milliseconds."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities import courier
from activities.claims.messages import ClaimTask
from activities.claims.scrubbing import scrub_claim
from activities.registry import ACTIVITIES
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services.claims import capture, catalogue
from services.clientele import enrolments, requirements
from services.clientele.enrolment_views import EnrolmentFacts, EnrolmentNews, RequirementFacts
from services.work import actions
from tests.fixtures.clientele import EnrolmentDesk
from tests.fixtures.exchange import Exchange
from tests.fixtures.leaping import leaping_server
from tests.fixtures.lifecycle import eventually
from workflows.clientele import PayerEnrolment

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server whose clock is ours to move, a worker, and a courier that speaks to it."""
    environment = await leaping_server()
    enrolling = [one for one in ACTIVITIES["core"] if one.__module__ == "activities.clientele.enrolling"]
    async with (
        environment,
        Worker(environment.client, task_queue="core", workflows=[PayerEnrolment], activities=enrolling),
    ):
        courier.start(environment.client)
        yield environment
        courier.start(None)


async def test_forms_signature_submission_answer_and_years_later_a_new_term(
    here: Exchange, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    desk = EnrolmentDesk(here)
    begun = await desk.request()
    assert (begun.step, [one.event for one in begun.possible]) == ("requested", ["begun", "withdrawn"])
    with pytest.raises(Conflict):
        await desk.tell("approved", effective_from=date(2026, 1, 1))
    submitted = await desk.submitted()
    assert (submitted.step, submitted.submissions, submitted.channel) == ("submitted", 1, "portal")
    assert await desk.items() == [], "while the payer has it, nobody has work"
    await skipping.sleep(31 * DAY)
    silent = (await eventually(desk.items))[0]
    assert "no word from the payer" in silent["title"]
    await desk.tell("acknowledged", on=submitted.submitted_on)
    end = datetime.now(UTC).date() + timedelta(days=365)
    approved = await desk.tell("approved", effective_from=date(2026, 1, 1), expires_on=end)
    assert approved.step == "approved"
    assert (await desk.tell("went_live")).step == "live"
    assert await desk.items() == []
    await skipping.sleep(320 * DAY)
    assert (await desk.becomes("revalidating")).possible[0].event == "revalidated"
    await skipping.sleep(80 * DAY)
    expired = await desk.becomes("expired")
    assert [one.event for one in expired.history[:2]] == ["expired", "expiry_near"]
    assert len(await desk.items()) == 1
    assert await there.rows("SELECT 1 FROM enrolments") == []


async def test_a_rejection_goes_round_again_and_the_queue_can_end_it(
    here: Exchange, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    desk = EnrolmentDesk(here)
    await desk.request("835")
    with pytest.raises(Conflict, match="being enrolled"):
        await desk.request("835")
    await desk.submitted()
    with pytest.raises(Invalid):
        await desk.tell("rejected")
    rejected = await desk.tell("rejected", reason="Signature missing")
    assert (rejected.step, rejected.reason) == ("rejected", "Signature missing")
    await desk.tell("reopened")
    await desk.tell("prepared")
    item = (await desk.items())[0]
    await actions.take(desk.actor, item["id"])
    await actions.complete(desk.actor, item["id"], "withdraw", "Client left")
    ended = await desk.becomes("ended")
    assert ended.history[0].event == "withdrawn"
    assert await desk.items() == []
    handle = skipping.client.get_workflow_handle(f"{here.tenant.tenant_id}/enrolment/{desk.id}")
    await handle.result()
    assert (await desk.request("835")).step == "requested", "an ended one makes room for the next"


async def test_a_claim_waits_for_the_enrolment_that_its_payer_asks_for(
    here: Exchange, there: Exchange, skipping: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "ANSWER_WITHIN", timedelta(seconds=1))  # no worker answers for the claim
    desk = EnrolmentDesk(here)
    payer = (await here.one("SELECT id FROM payers"))["id"]
    facts = RequirementFacts(payer, "837P", date(2026, 1, 1))
    await requirements.add_requirement(desk.actor, facts)
    with pytest.raises(Conflict):
        await requirements.add_requirement(desk.actor, facts)
    claim = await capture.create(desk.actor, here.draft(10_000))
    task = ClaimTask(here.tenant.tenant_id, claim.id, 1)
    assert (await scrub_claim(task)).step == "held"
    found = (await catalogue.get_claim(desk.actor, claim.id)).findings
    assert [(one.rule_id, one.field) for one in found] == [("CL-PAY-007", "coverage.payer")]
    cell = (await enrolments.enrolment_matrix(desk.actor)).cells[0]
    assert (cell.required, cell.step) == (True, "")
    await desk.request()
    await desk.submitted()
    await desk.tell("approved", effective_from=date(2026, 1, 1))
    told = await here.rows(
        "SELECT payload FROM outbox WHERE workflow_id LIKE '%/claim/%' AND name = 'decided'"
    )
    assert len(told) == 1, "the held claim is told to look again"
    assert await here.items("hold") == []
    assert (await scrub_claim(task)).step == "ready"


async def test_another_tenant_sees_nothing_and_who_may_only_look_changes_nothing(
    here: Exchange, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    desk = EnrolmentDesk(here)
    made = await desk.request()
    with pytest.raises(NotFound):
        await enrolments.get_enrolment(there.tenant.admin, made.id)
    assert (await enrolments.list_enrolments(there.tenant.admin)).items == []
    assert [one.id for one in (await enrolments.list_enrolments(desk.actor, step="requested")).items] == [
        made.id
    ]
    with pytest.raises(Invalid):
        await enrolments.request_enrolment(
            there.tenant.admin, EnrolmentFacts(here.client_id, made.payer_id, "837I")
        )
    viewer = await here.tenant.actor("View-Only")
    assert (await enrolments.get_enrolment(viewer, made.id)).step == "requested"
    with pytest.raises(NotAllowed):
        await enrolments.tell_enrolment(viewer, made.id, EnrolmentNews("begun"))
