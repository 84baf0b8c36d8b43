"""Tasks of patients: by hand and from templates, in the one inbox, back every month with the end of the former."""

from datetime import date, timedelta

import pytest
import pytest_asyncio
import time_machine

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services.care import enrolments, roster, task_templates, tasks
from services.care.task_templates import TemplateFacts
from services.care.tasks import TaskFacts, TaskView
from services.work import actions, queue
from tests.fixtures.care import CareDesk
from tests.fixtures.exchange import Exchange

TODAY = date(2026, 11, 18)


@pytest_asyncio.fixture
async def desk(at: time_machine.Traveller, here: Exchange) -> CareDesk:
    """A desk whose company wants two things of everybody in chronic care management, and a patient in care."""
    desk = await CareDesk(here).open()
    await task_templates.add_template(desk.admin, TemplateFacts("ccm", "Monthly call", 12, True))
    await task_templates.add_template(desk.admin, TemplateFacts("ccm", "Welcome letter", 3))
    await task_templates.add_template(desk.admin, TemplateFacts("pcm", "Specialist's report", 3))
    await desk.in_care()
    return desk


async def _of(desk: CareDesk) -> list[TaskView]:
    return await tasks.tasks_of(desk.actor, desk.id)


async def _open_of(desk: CareDesk) -> tuple[int, int]:
    line = (await roster.roster(desk.actor)).patients[0]
    return line.open_tasks, line.overdue_tasks


async def test_consent_brings_the_programmes_tasks_into_the_coordinators_inbox(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    found = await _of(desk)
    assert [(one.what, one.due_on, one.monthly, one.owner_id) for one in found] == [
        ("Welcome letter", TODAY + timedelta(days=3), False, desk.actor.user_id),
        ("Monthly call", TODAY + timedelta(days=12), True, desk.actor.user_id),
    ]
    inbox = await queue.queue(desk.actor, scope="mine", kinds=("care_task",))
    account = (await enrolments.get_care(desk.actor, desk.id)).account_number
    assert all(one.title.startswith("CE-") and account not in one.title for one in inbox.items)
    assert await _open_of(desk) == (2, 0)
    assert await _of(neighbour) == []


async def test_a_monthly_task_comes_back_when_it_is_done_or_told_why_not_and_only_then(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    letter, call = await _of(desk)
    assert (await tasks.finish_task(desk.actor, letter.id, True)).state == "done"
    with pytest.raises(Invalid):
        await tasks.finish_task(desk.actor, call.id, False)
    missed = await tasks.finish_task(desk.actor, call.id, False, "In hospital")
    assert (missed.state, missed.comment, missed.finished_by) == ("not_done", "In hospital", desk.actor.name)
    with pytest.raises(Conflict):
        await tasks.finish_task(desk.actor, call.id, True)
    december = (await _of(desk))[0]
    assert (december.what, december.due_on, december.state) == ("Monthly call", date(2026, 12, 30), "open")
    await actions.complete(desk.actor, december.item_id, "done")
    assert [one.due_on for one in await _of(desk) if one.state == "open"] == [date(2027, 1, 30)]
    assert await _of(neighbour) == []


async def test_a_task_by_hand_keeps_what_is_said_of_the_patient_out_of_its_title(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    facts = TaskFacts(TODAY + timedelta(days=1), "results", details="Potassium of last week", priority=1)
    made = await tasks.add_task(desk.actor, desk.id, facts)
    assert (made.what, made.details, made.priority) == (
        "Fetch results and records",
        "Potassium of last week",
        1,
    )
    title = await desk.exchange.one("SELECT title FROM work_items WHERE id = $1", made.item_id)
    assert "Potassium" not in title["title"]
    for wrong, field in (
        (TaskFacts(TODAY - timedelta(days=1), "results"), "due_on"),
        (TaskFacts(TODAY, "dance"), "what"),
        (TaskFacts(TODAY, "other", priority=6), "priority"),
        (TaskFacts(TODAY, "other", details="x" * 1001), "details"),
    ):
        with pytest.raises(Invalid) as refused:
            await tasks.add_task(desk.actor, desk.id, wrong)
        assert [one.field for one in refused.value.fields] == [field]
    with pytest.raises(NotFound):
        await tasks.add_task(neighbour.actor, desk.id, facts)


async def test_what_was_done_by_mistake_waits_again_with_why(desk: CareDesk, neighbour: CareDesk) -> None:
    letter = (await _of(desk))[0]
    with pytest.raises(Conflict):
        await tasks.reopen_task(desk.actor, letter.id, "It is open")
    await tasks.finish_task(desk.actor, letter.id, True)
    again = await tasks.reopen_task(desk.actor, letter.id, "The letter came back")
    assert (again.state, again.owner_id, again.due_on) == ("open", desk.actor.user_id, letter.due_on)
    with pytest.raises(Conflict):
        await tasks.reopen_task(desk.actor, letter.id, "Twice")
    assert (await tasks.finish_task(desk.actor, letter.id, True)).state == "done"
    with pytest.raises(NotFound):
        await tasks.reopen_task(neighbour.actor, letter.id, "Not theirs")


async def test_tasks_go_along_with_the_patient_and_end_with_the_enrolment(
    desk: CareDesk, neighbour: CareDesk, at: time_machine.Traveller
) -> None:
    other = await desk.coordinator()
    letter = (await _of(desk))[0]
    await enrolments.assign_coordinator(desk.admin, [desk.id], other.user_id)
    with pytest.raises(NotFound):
        await tasks.finish_task(desk.actor, letter.id, True)
    assert {one.owner_id for one in await tasks.tasks_of(other, desk.id)} == {other.user_id}
    at.shift(timedelta(days=20))
    desk.actor = other
    assert await _open_of(desk) == (2, 2)
    await desk.tell("withdrawn", reason="Moved away")
    await desk.apply()
    assert {one.state for one in await tasks.tasks_of(desk.admin, desk.id)} == {"cancelled"}
    with pytest.raises(Conflict, match="ended"):
        await tasks.reopen_task(desk.admin, letter.id, "Too late")


async def test_a_new_template_can_be_given_to_everybody_in_care_once(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    made = await task_templates.add_template(desk.admin, TemplateFacts("ccm", "Falls check", 5))
    assert await task_templates.apply_template(desk.admin, made.id) == 1
    assert await task_templates.apply_template(desk.admin, made.id) == 0
    assert "Falls check" in {one.what for one in await _of(desk)}
    with pytest.raises(Conflict):
        await task_templates.add_template(desk.admin, TemplateFacts("ccm", "falls CHECK"))
    changed = await task_templates.change_template(
        desk.admin, made.id, TemplateFacts("ccm", "Falls check", 5, active=False), made.version
    )
    assert not changed.active
    assert await task_templates.list_templates(neighbour.admin) == []


async def test_the_inbox_gives_a_task_to_nobody_who_does_not_see_the_patient_and_tells_them_no_words(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    call = (await _of(desk))[1]
    colleague = await desk.coordinator()
    await actions.give_back(desk.actor, call.item_id, "She asked for her daughter")
    with pytest.raises(NotAllowed) as refused:
        await actions.take(colleague, call.item_id)
    assert refused.value.code == "work.another_roster"
    assert (await queue.get_item(colleague, call.item_id)).return_comment == ""
    assert (await queue.get_item(desk.actor, call.item_id)).return_comment == "She asked for her daughter"
    taken = await actions.take(await desk.exchange.tenant.actor("Care Manager"), call.item_id)
    assert taken.return_comment
    with pytest.raises(NotFound):
        await actions.take(neighbour.actor, call.item_id)
