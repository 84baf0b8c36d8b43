"""Care plans: versions that only grow, what they lack, comparison, and the patient's copy."""

import io
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from pypdf import PdfReader

from database.care_plans import plans_in_force
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotFound, Stale
from domain.tenancy import workflow_actor
from services import documents
from services.care import enrolments, plan_copies, plans, practices
from services.care.enrolments import CareFacts
from services.care.plan_copies import HandOver
from services.care.practices import PracticeFacts
from tests.fixtures.care import ZONE, CareDesk
from tests.fixtures.care_plans import whole_plan
from tests.fixtures.exchange import Exchange

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def desk(here: Exchange) -> CareDesk:
    """A patient who has consented."""
    desk = await CareDesk(here).open()
    await desk.in_care()
    return desk


@pytest_asyncio.fixture
async def neighbour(there: Exchange) -> CareDesk:
    """The same in the other tenant."""
    desk = await CareDesk(there).open()
    await desk.in_care()
    return desk


async def _stored(desk: CareDesk) -> None:
    """The first version, its fact applied as the process applies it."""
    await plans.store_plan(desk.actor, desk.id, whole_plan(desk.today()))
    await desk.apply()


async def test_the_first_complete_version_takes_the_patient_into_care_and_an_incomplete_one_does_not(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    assert (await plans.get_plan(desk.actor, desk.id)).version == 0
    half = await plans.store_plan(desk.actor, desk.id, replace(whole_plan(desk.today()), caregiver=" "))
    assert (half.version, half.complete, [one.field for one in half.gaps]) == (1, False, ["caregiver"])
    await desk.apply()
    assert (await enrolments.get_care(desk.actor, desk.id)).step == "planning"
    whole = await plans.store_plan(desk.actor, desk.id, whole_plan(desk.today()), "Asked the daughter", 1)
    assert (whole.version, whole.complete, whole.gaps) == (2, True, [])
    assert [one.course for one in whole.progress] == ["closer", "unmeasured"]
    await desk.apply()
    after = await enrolments.get_care(desk.actor, desk.id)
    assert (after.step, after.review_on) == ("active", desk.today() + 90 * DAY)
    assert after.history[0].said["version"] == 2
    assert (await plans.get_plan(neighbour.actor, neighbour.id)).version == 0


async def test_versions_are_kept_compared_and_brought_back(desk: CareDesk, neighbour: CareDesk) -> None:
    await _stored(desk)
    first = (await plans.get_plan(desk.actor, desk.id)).plan
    tighter = replace(whole_plan(desk.today(), target="6.5"), medication="Metformin stopped")
    with pytest.raises(Invalid) as unsaid:
        await plans.store_plan(desk.actor, desk.id, tighter, "")
    assert [one.field for one in unsaid.value.fields] == ["why"]
    with pytest.raises(Conflict, match="Nothing was changed"):
        await plans.store_plan(desk.actor, desk.id, first, "Why not")
    second = await plans.store_plan(desk.actor, desk.id, tighter, "Stomach pain", 1)
    with pytest.raises(Stale):
        await plans.store_plan(desk.actor, desk.id, first, "Mine was first", 1)
    await desk.apply()
    assert [(one.version, one.why) for one in second.versions] == [(2, "Stomach pain"), (1, "")]
    both = await plans.compare_plans(desk.actor, desk.id, 1, 2)
    changed = {one.element: (one.before, one.after) for one in both.differences if one.changed}
    assert set(changed) == {"goals", "medication"}
    assert changed["medication"][1] == ["Metformin stopped"]
    back = await plans.restore_plan(desk.actor, desk.id, 1, "It was the food", desk.today() + 30 * DAY)
    assert (back.version, back.versions[0].restores) == (3, 1)
    assert back.plan == replace(first, review_on=desk.today() + 30 * DAY)
    for version in (0, 9):
        with pytest.raises(NotFound):
            await plans.compare_plans(desk.actor, desk.id, 1, version)
    with pytest.raises(NotFound):
        await plans.get_plan(neighbour.actor, desk.id)
    for change in ("UPDATE care_plans SET complete = true", "DELETE FROM care_plans"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
                await session.execute(change)


async def test_a_revision_in_the_last_month_moves_no_end(desk: CareDesk, neighbour: CareDesk) -> None:
    await _stored(desk)
    await desk.tell("revoked", how="verbal", given_by="The patient")
    await desk.apply()
    sql = "SELECT step, ends_on, alarm_at, review_on FROM care_enrolments WHERE id = $1"
    before = dict(await desk.exchange.one(sql, desk.id))
    review = desk.today() + DAY
    await plans.restore_plan(desk.actor, desk.id, 1, "For the last weeks", review)
    await desk.apply()
    assert dict(await desk.exchange.one(sql, desk.id)) == before | {"review_on": review}
    assert before["step"] == "ending"
    assert (await enrolments.get_care(neighbour.actor, neighbour.id)).step == "planning"


async def test_the_plan_in_force_is_the_newest_complete_one_with_its_diagnoses(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    await _stored(desk)
    half = replace(whole_plan(desk.today()), problems=(), environment="")
    await plans.store_plan(desk.actor, desk.id, half, "Begun anew")
    tenant_id = desk.exchange.tenant.tenant_id
    async with tenant_session(workflow_actor(tenant_id, "tests")) as session:
        ids: list[UUID] = [desk.id, neighbour.id]
        assert await plans_in_force(session, ids, desk.today() - DAY) == {}
        found = await plans_in_force(session, ids, desk.today())
    assert list(found) == [desk.id]
    held = found[desk.id]
    assert (held.version, held.complete, held.diagnoses) == (1, True, ("E119", "I10"))
    assert held.review_on == desk.today() + 90 * DAY


async def test_a_plan_agreed_before_it_is_stored_holds_from_its_own_day_and_shows_both(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    today = desk.today()
    plan, agreed = whole_plan(today), today - 40 * DAY
    for day, why, field in (
        (today + DAY, "On paper", "in_force_on"),
        (today - 400 * DAY, "On paper", "in_force_on"),
        (agreed, " ", "why"),
    ):
        with pytest.raises(Invalid) as refused:
            await plans.store_plan(desk.actor, desk.id, plan, why, in_force_on=day)
        assert [one.field for one in refused.value.fields] == [field]
    stored = await plans.store_plan(desk.actor, desk.id, plan, "Agreed on paper", in_force_on=agreed)
    (version,) = stored.versions
    assert (version.in_force_on, version.stored_on, version.why) == (agreed, today, "Agreed on paper")
    same = await plans.store_plan(neighbour.actor, neighbour.id, plan, in_force_on=today)
    assert same.versions[0].in_force_on == today
    async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
        assert await plans_in_force(session, [desk.id], agreed - DAY) == {}
        held = (await plans_in_force(session, [desk.id], agreed))[desk.id]
    assert (held.version, held.in_force_on, held.stored_on) == (1, agreed, today)


async def test_a_plan_of_another_roster_and_what_no_plan_may_carry_are_refused(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    other = await desk.coordinator()
    for ask in (plans.get_plan(other, desk.id), plans.store_plan(other, desk.id, whole_plan(desk.today()))):
        with pytest.raises(NotFound):
            await ask
    wrong = replace(whole_plan(desk.today()), prognosis="bright", outcome="x" * 5000)
    wrong = replace(wrong, problems=(*wrong.problems, replace(wrong.problems[0], code="ZZZ99")))
    with pytest.raises(Invalid) as refused:
        await plans.store_plan(desk.actor, desk.id, wrong)
    assert {one.field for one in refused.value.fields} == {"prognosis", "outcome", "problems.3.code"}
    fresh = await desk.patient()
    begun = await enrolments.enrol(desk.actor, CareFacts(fresh, "ccm", desk.provider_id))
    with pytest.raises(Conflict, match="not consented"):
        await plans.store_plan(desk.actor, begun.id, whole_plan(desk.today()))


async def test_the_patients_copy_is_a_pdf_and_its_handing_over_is_history(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    with pytest.raises(Conflict, match="no complete plan"):
        await plan_copies.make_copy(desk.actor, desk.id)
    await _stored(desk)
    with pytest.raises(Invalid, match="any hour"):
        await plan_copies.make_copy(desk.actor, desk.id)
    wishes = PracticeFacts(ZONE, contact_line="312 555 0100, day and night")
    await practices.save_practice(desk.admin, desk.exchange.client_id, wishes)
    with pytest.raises(Conflict, match="no copy"):
        await plan_copies.hand_over(desk.actor, desk.id, HandOver(1, "mailed", desk.today()))
    made = await plan_copies.make_copy(desk.actor, desk.id)
    assert (await plan_copies.make_copy(desk.actor, desk.id)).id == made.id
    opened = await documents.content(desk.actor, made.id)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(opened.body)).pages)
    for words in ("312 555 0100", "E11.9", "130/80", "Stairs without a rail", "Ann Hill", "Day and night"):
        assert words in text, words
    facts = HandOver(1, "printed", desk.today(), "The daughter")
    given = (await plan_copies.hand_over(desk.actor, desk.id, facts)).given
    assert [(one.version, one.how, one.given_to) for one in given] == [(1, "printed", "The daughter")]
    assert (await enrolments.get_care(desk.actor, desk.id)).history[0].event == "copy_given"
    with pytest.raises(Invalid):
        await plan_copies.hand_over(desk.actor, desk.id, replace(facts, how="shouted"))
    other = await desk.coordinator()
    for reader in (other, neighbour.actor):
        with pytest.raises(NotFound):
            await documents.content(reader, made.id)
    with pytest.raises(NotFound):
        await documents.documents_of(other, "care_enrolment", desk.id)
