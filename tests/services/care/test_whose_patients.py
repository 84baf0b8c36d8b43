"""Beside the pages of care: what work, processes and documents tell of a patient is for whoever looks after them."""

from uuid import UUID

import pytest

from activities.care.packets import KIND as PACKET
from database.documents import store
from database.session import tenant_session
from domain.refusals import Invalid, NotAllowed, NotFound
from domain.tenancy import Actor, workflow_actor
from services import documents
from services.care import enrolments, finding, tasks
from services.care.enrolments import CareFacts
from services.care.tasks import TaskFacts
from services.operations import processes
from services.tenancy import roles
from services.work import attachments, notes, queue
from tests.fixtures.care import CareDesk


async def _biller(desk: CareDesk) -> Actor:
    await roles.add_suggested_role(desk.admin, "Billing Staff")
    return await desk.exchange.tenant.actor("Billing Staff")


async def _refusals(desk: CareDesk) -> int:
    return len(await desk.exchange.rows("SELECT 1 FROM audit_log WHERE outcome = 'refused'"))


async def test_a_process_of_somebody_elses_patient_is_not_there(desk: CareDesk, neighbour: CareDesk) -> None:
    colleague, manager = await desk.coordinator(), await desk.exchange.tenant.actor("Care Manager")
    before = await _refusals(desk)
    for asker, seen in ((desk.actor, [desk.id]), (manager, [desk.id]), (colleague, [])):
        listed = await processes.list_processes(asker, kind="care_enrolment")
        assert [one.id for one in listed.items] == seen
    assert (await processes.get_process(desk.actor, "care_enrolment", desk.id)).line.id == desk.id
    for stranger in (colleague, neighbour.actor):
        with pytest.raises(NotFound):
            await processes.get_process(stranger, "care_enrolment", desk.id)
    assert await _refusals(desk) == before + 1


async def test_words_and_files_on_the_work_of_a_patient_are_for_who_looks_after_them(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    task = await tasks.add_task(desk.actor, desk.id, TaskFacts(desk.today(), "monthly_call"))
    item = task.item_id
    await notes.add_note(desk.actor, "work_item", item, "Her daughter answers")
    await attachments.attach(desk.actor, "work_item", item, "call.txt", b"What she said")
    await tasks.finish_task(desk.actor, task.id, False, "Moved to her sister's")
    colleague, manager = await desk.coordinator(), await desk.exchange.tenant.actor("Care Manager")
    for reader in (desk.actor, manager):
        assert [one.text for one in await notes.notes_of(reader, "work_item", item)] == [
            "Her daughter answers"
        ]
    for stranger in (colleague, await _biller(desk)):
        for read in (notes.notes_of, attachments.attachments_of):
            with pytest.raises(NotAllowed, match="somebody else's roster"):
                await read(stranger, "work_item", item)
        with pytest.raises(NotAllowed):
            await notes.add_note(stranger, "work_item", item, "Who is it?")
        assert (await queue.get_item(stranger, item)).comment == ""
    assert (await queue.get_item(desk.actor, item)).comment == "Moved to her sister's"
    with pytest.raises(NotFound):
        await notes.notes_of(neighbour.actor, "work_item", item)


async def test_a_note_names_only_who_may_read_it(desk: CareDesk, neighbour: CareDesk) -> None:
    item = (await tasks.add_task(desk.actor, desk.id, TaskFacts(desk.today(), "monthly_call"))).item_id
    colleague, manager = await desk.coordinator(), await desk.exchange.tenant.actor("Care Manager")
    offered = await notes.people_to_mention(desk.actor, "", "work_item", item)
    assert {desk.actor.name, manager.name} <= set(offered)
    assert colleague.name not in offered
    with pytest.raises(Invalid, match=f"{colleague.name} may not read") as refused:
        await notes.add_note(desk.actor, "work_item", item, f"@{manager.name} and @{colleague.name}: look")
    assert refused.value.code == "note.not_a_reader"
    assert await notes.notes_of(desk.actor, "work_item", item) == []
    for said in (f"@{manager.name}: look", f"ask@{colleague.name}", f"@{neighbour.actor.name}x"):
        await notes.add_note(desk.actor, "work_item", item, said)
    named = [one.mentions for one in await notes.notes_of(desk.actor, "work_item", item)]
    assert named == [[], [], [manager.name]]
    for stranger, refusal in ((colleague, NotAllowed), (neighbour.actor, NotFound)):
        with pytest.raises(refusal):
            await notes.people_to_mention(stranger, "", "work_item", item)


async def test_a_patient_on_another_roster_cannot_be_put_onto_ones_own_by_enrolling_once_more(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    colleague = await desk.coordinator()
    facts = CareFacts(desk.exchange.patient_id, "pcm", desk.provider_id)
    before = await _refusals(desk)
    with pytest.raises(NotFound):
        await enrolments.enrol(colleague, facts)
    assert await _refusals(desk) == before + 1
    assert (await enrolments.enrol(desk.actor, facts)).programme == "pcm"
    fresh = CareFacts(await desk.patient(), "ccm", desk.provider_id)
    assert (await enrolments.enrol(colleague, fresh)).coordinator_id == colleague.user_id
    assert [one.id for one in (await enrolments.list_care(neighbour.actor)).items] == [neighbour.id]


async def test_patients_to_enrol_are_ones_own_and_those_not_in_care_yet(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    colleague, new = await desk.coordinator(), await desk.patient()
    known, patient = await finding.get_to_enrol(desk.actor, new), desk.exchange.patient_id
    assert [one.id for one in known.practitioners] == [desk.provider_id]
    family = known.name.partition(",")[0]
    for asker, seen in ((desk.actor, {patient, new}), (colleague, {new}), (neighbour.actor, set())):
        found = {one.id for one in await finding.find_to_enrol(asker, family)}
        assert found & {patient, new} == seen
    assert await finding.find_to_enrol(colleague, " ") == []
    before = await _refusals(desk)
    for stranger, asked in ((colleague, patient), (neighbour.actor, new)):
        with pytest.raises(NotFound):
            await finding.get_to_enrol(stranger, asked)
    assert await _refusals(desk) == before + 1
    with pytest.raises(NotAllowed):
        await finding.find_to_enrol(await _biller(desk), family)
    await enrolments.enrol(colleague, CareFacts(new, "pcm", desk.provider_id))
    assert {one.id for one in await finding.find_to_enrol(desk.actor, family)} == {patient}


async def test_a_document_is_for_who_sees_what_it_is_about(desk: CareDesk, neighbour: CareDesk) -> None:
    patient = desk.exchange.patient_id
    statement, packet = [await _stored(desk, kind, patient) for kind in ("patient_statement", PACKET)]
    colleague, manager = await desk.coordinator(), await desk.exchange.tenant.actor("Care Manager")
    for reader, found in ((desk.actor, [packet]), (manager, [packet, statement])):
        assert [one.id for one in await documents.documents_of(reader, "patient", patient)] == found
    with pytest.raises(NotAllowed):
        await documents.content(desk.actor, statement)
    for stranger in (colleague, neighbour.actor):
        with pytest.raises(NotFound):
            await documents.documents_of(stranger, "patient", patient)
        with pytest.raises(NotFound):
            await documents.content(stranger, packet)
    biller = await _biller(desk)
    assert (await documents.content(biller, packet)).body == PACKET.encode()


async def _stored(desk: CareDesk, kind: str, patient_id: UUID) -> UUID:
    async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
        return await store(
            session,
            kind=kind,
            subject_type="patient",
            subject_id=patient_id,
            name=f"{kind}.pdf",
            body=kind.encode(),
            facts={},
        )
