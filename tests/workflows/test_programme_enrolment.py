"""A patient's way into care and out of it, the time on the way, and months that end in milliseconds."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities import courier
from activities.registry import ACTIVITIES
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services.care import enrolments, plans, roster, time_entries
from services.care.enrolments import CareFacts, CareNews
from services.work import actions
from tests.fixtures.care import CareDesk
from tests.fixtures.care_plans import whole_plan
from tests.fixtures.exchange import Exchange
from tests.fixtures.leaping import leaping_server
from tests.fixtures.lifecycle import eventually
from workflows.approvals import Approval
from workflows.care import ProgrammeEnrolment

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server whose clock is ours to move, a worker, and a courier that speaks to it."""
    environment = await leaping_server()
    areas = ("activities.care.", "activities.approvals.")
    needed = [one for one in ACTIVITIES["core"] if one.__module__.startswith(areas)]
    workflows = [ProgrammeEnrolment, Approval]
    async with (
        environment,
        Worker(environment.client, task_queue="core", workflows=workflows, activities=needed),
    ):
        courier.start(environment.client)
        yield environment
        courier.start(None)


@pytest_asyncio.fixture
async def desk(here: Exchange, there: Exchange, skipping: WorkflowEnvironment) -> CareDesk:
    return await CareDesk(here).open()


async def test_eligibility_visit_consent_and_the_end_of_a_revoked_month(
    desk: CareDesk, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    begun = await desk.enrol()
    assert (begun.step, [one.event for one in begun.possible]) == (
        "referred",
        ["eligible", "not_eligible", "withdrawn"],
    )
    with pytest.raises(Conflict, match="on the way into it"):
        await desk.enrol()
    with pytest.raises(Invalid) as few:
        await desk.tell("eligible", conditions=1, months_expected=12, significant_risk=True)
    assert [one.field for one in few.value.fields] == ["conditions"]
    with pytest.raises(Invalid) as untold:
        await desk.consented(on=desk.today() + DAY)
    assert "date.impossible" in {one.code for one in untold.value.fields}
    points = ("service", "cost_sharing", "one_practitioner", "right_to_stop")
    news = {"how": "written", "given_by": "The patient's daughter"}
    with pytest.raises(Invalid, match="missing"):
        await desk.tell("consented", **news, points=points[:3])
    active = await desk.tell("consented", **news, points=points)
    assert (active.step, active.consented_on) == ("planning", desk.today())
    assert active.history[0].said["given_by"] == "The patient's daughter"
    ending = await desk.tell("revoked", **news)
    assert ending.step == "ending"
    assert ending.ends_on is not None and (ending.ends_on + DAY).day == 1
    await skipping.sleep(32 * DAY)

    async def ended() -> bool:
        return (await enrolments.get_care(desk.actor, desk.id)).step == "ended"

    assert await eventually(ended)
    assert await desk.exchange.items("care_enrolment") == []
    assert await there.rows("SELECT 1 FROM care_enrolments") == []
    assert (await desk.enrol()).step == "referred", "an ended one makes room for the next"


async def test_work_follows_the_steps_and_the_queue_can_end_it(
    desk: CareDesk, skipping: WorkflowEnvironment
) -> None:
    await desk.enrol("pcm")
    item = (await desk.exchange.items("care_enrolment"))[0]
    assert "PCM in care: look at eligibility" in item["title"]
    assert (item["owner_id"], item["client_id"]) == (desk.actor.user_id, desk.exchange.client_id)
    await actions.take(desk.actor, item["id"])
    await actions.complete(desk.actor, item["id"], "keep_waiting")
    await skipping.sleep(6 * DAY)
    again = (await eventually(lambda: desk.exchange.items("care_enrolment")))[0]
    assert again["id"] != item["id"]
    await actions.take(desk.actor, again["id"])
    await actions.complete(desk.actor, again["id"], "withdraw", "Moved away")
    handle = skipping.client.get_workflow_handle(f"{desk.exchange.tenant.tenant_id}/care_enrolment/{desk.id}")
    await handle.result()
    ended = await enrolments.get_care(desk.actor, desk.id)
    assert (ended.step, ended.history[0].said, ended.history[0].actor_name) == (
        "ended", {"reason": "Moved away"}, desk.actor.name,
    )  # fmt: skip


async def test_the_plan_takes_into_care_and_its_own_day_asks_for_a_review_until_it_is_revised(
    desk: CareDesk, skipping: WorkflowEnvironment
) -> None:
    await desk.enrol()
    await desk.consented()
    first = await plans.store_plan(desk.actor, desk.id, whole_plan(desk.today(), review_in=30))
    assert first.complete
    assert (await enrolments.get_care(desk.actor, desk.id)).step == "active"
    assert await desk.exchange.items("care_enrolment") == []
    await skipping.sleep(29 * DAY)
    assert await desk.exchange.items("care_plan") == []
    await skipping.sleep(2 * DAY)
    item = (await eventually(lambda: desk.exchange.items("care_plan")))[0]
    assert "CCM care plan: look it over" in item["title"]
    await actions.take(desk.actor, item["id"])
    await actions.complete(desk.actor, item["id"], "keep_waiting")
    await skipping.sleep(6 * DAY)
    again = (await eventually(lambda: desk.exchange.items("care_plan")))[0]
    assert again["id"] != item["id"]
    later = whole_plan(desk.today(), target="6.5", review_in=120)
    await plans.store_plan(desk.actor, desk.id, later, "Looked over with the daughter", 1)
    assert await desk.exchange.items("care_plan") == []
    after = await enrolments.get_care(desk.actor, desk.id)
    assert (after.step, after.review_on) == ("active", desk.today() + 120 * DAY)


async def test_a_coordinator_sees_only_the_own_roster_and_every_try_is_kept(
    desk: CareDesk, there: Exchange
) -> None:
    await desk.enrol()
    await desk.consented()
    other = await desk.coordinator()
    stranger = (await CareDesk(there).open()).actor
    for actor in (other, stranger):
        with pytest.raises(NotFound):
            await enrolments.get_care(actor, desk.id)
        with pytest.raises(NotFound):
            await roster.care_month(actor, desk.id)
        with pytest.raises(NotFound):
            await desk.spent(600, actor=actor)
        assert (await roster.roster(actor)).patients == []
        assert (await enrolments.list_care(actor)).items == []
    denied = await desk.exchange.rows(
        "SELECT action FROM audit_log WHERE outcome = 'refused' AND actor_id = $1", other.user_id
    )
    assert len(denied) == 3
    assert other.user_id
    with pytest.raises(NotAllowed):
        await enrolments.assign_coordinator(desk.actor, [desk.id], other.user_id)
    assert await enrolments.assign_coordinator(desk.admin, [desk.id], other.user_id) == 1
    assert [one["owner_id"] for one in await desk.exchange.items("care_enrolment")] == [other.user_id]
    assert [one.id for one in (await roster.roster(other)).patients] == [desk.id]
    with pytest.raises(NotFound):
        await enrolments.get_care(desk.actor, desk.id)


async def test_back_dated_time_counts_once_somebody_else_has_approved_it(
    desk: CareDesk, skipping: WorkflowEnvironment
) -> None:
    await desk.enrol()
    await desk.consented()
    late = await desk.spent(60, ago=3 * 86_400)
    assert (late.source, late.waiting) == ("back_dated", True)
    item = (await eventually(lambda: desk.exchange.items("approval")))[0]
    assert desk.actor.user_id in item["excluded"]
    manager = await desk.exchange.tenant.actor("Care Manager")
    await actions.take(manager, item["id"])
    await actions.complete(manager, item["id"], "approve")

    async def decided() -> bool:
        rows = (await time_entries.time_of(desk.actor, desk.id)).items
        return not rows[0].waiting and not rows[0].refused

    assert await eventually(decided)


async def test_enrolling_asks_for_a_practitioner_of_the_practice(desk: CareDesk, there: Exchange) -> None:
    elsewhere = await CareDesk(there).open()
    facts = CareFacts(desk.exchange.patient_id, "ccm", elsewhere.provider_id)
    with pytest.raises(Invalid):
        await enrolments.enrol(desk.actor, facts)
    with pytest.raises(Invalid):
        await enrolments.enrol(desk.actor, CareFacts(desk.exchange.patient_id, "xyz", desk.provider_id))
    await desk.enrol("apcm")
    with pytest.raises(Invalid):
        await enrolments.tell_care(desk.actor, desk.id, CareNews("planned"))
