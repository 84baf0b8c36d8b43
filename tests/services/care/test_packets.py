"""Evidence packets from the time on a patient to a file that anybody can have verified."""

import io
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pikepdf
import pytest
import pytest_asyncio

from activities.care.packets import gather, keep, rendered, standing
from activities.care.reckoning import month_at, reckoned
from database.care_reads import practice_of
from database.documents import opened, store
from database.session import tenant_session
from domain.care.packet import CONTENT, PacketFacts
from domain.refusals import Conflict, Invalid, NotAllowed
from domain.tenancy import workflow_actor
from services.care import packets
from services.tenancy.audit_trail import seal_all
from tests.fixtures.care import CareDesk
from tests.fixtures.exchange import Exchange


@pytest_asyncio.fixture
async def desk(here: Exchange) -> CareDesk:
    """A patient in care, with seven minutes of today."""
    desk = await CareDesk(here).open()
    await desk.in_care()
    await desk.spent(420)
    return desk


@pytest_asyncio.fixture
async def neighbour(there: Exchange) -> CareDesk:
    """The same in the other tenant."""
    desk = await CareDesk(there).open()
    await desk.in_care()
    await desk.spent(420)
    return desk


def _session(desk: CareDesk) -> Any:
    return tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "MonthClose"))


async def _gathered(desk: CareDesk) -> PacketFacts:
    patient = desk.exchange.patient_id
    async with _session(desk) as session:
        key = month_at(await practice_of(session, desk.exchange.client_id), desk.today())
        result = (await reckoned(session, [patient], key))[patient]
        return await gather(session, patient, key, result, asked_by=desk.admin.user_id)


async def _kept(desk: CareDesk) -> tuple[UUID, bytes]:
    facts = await _gathered(desk)
    body = await rendered(facts)
    async with _session(desk) as session:
        return await keep(session, facts, body), body


async def test_it_tells_the_month_without_the_words_of_consents_or_notes(desk: CareDesk) -> None:
    facts = await _gathered(desk)
    assert facts.tenant and facts.practice.npi == "1234567893" and facts.practice.zone == "America/Chicago"
    (programme,) = facts.programmes
    assert (programme.practitioner, programme.practitioner_npi) == ("Ann Hill", "1987654328")
    assert programme.consent and programme.consent.how == "verbal" and len(programme.consent.told) == 4
    (entry,) = facts.entries
    assert (entry.credential, entry.source, entry.counted) == ("clinical", "manual", 420)
    assert facts.counted["ccm"] == 420 and facts.generated_by != "MonthClose"
    assert b"Telephone away" not in facts.content and b"Yes, please" not in facts.content


async def test_keeping_the_same_twice_is_once_and_something_new_takes_its_place(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    first, _ = await _kept(desk)
    await _kept(neighbour)
    assert (await _kept(desk))[0] == first
    same = await _gathered(desk)
    async with _session(desk) as session:
        assert await standing(session, same) == first
    await desk.spent(60, ago=1000)
    second, body = await _kept(desk)
    rows = await desk.exchange.rows("SELECT document_id, supersedes FROM care_packets ORDER BY kept_at")
    assert [(row["document_id"], row["supersedes"]) for row in rows] == [(first, None), (second, first)]
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert str(first) in pdf.attachments[CONTENT].get_file().read_bytes().decode()
    shown = await packets.packet_check(desk.actor, first)
    assert shown.genuine and shown.superseded_by == second
    assert (await packets.packet_check(desk.actor, second)).supersedes == first


async def test_a_packet_gathered_before_another_was_kept_is_refused(desk: CareDesk) -> None:
    early = await _gathered(desk)
    await desk.spent(60, ago=1000)
    await _kept(desk)
    body = await rendered(early)
    async with _session(desk) as session:
        with pytest.raises(Conflict, match="Another packet"):
            await keep(session, early, body)


async def test_it_lies_sealed_and_cannot_be_changed_or_removed(desk: CareDesk) -> None:
    made, body = await _kept(desk)
    stored = await desk.exchange.one("SELECT body, sha256 FROM documents WHERE id = $1", made)
    assert b"%PDF" not in stored["body"]
    async with _session(desk) as session:
        assert await opened(session, made) == body
    for table in ("documents", "care_packets"):
        for order in (f"UPDATE {table} SET tenant_id = tenant_id", f"DELETE FROM {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await desk.exchange.tenant.owner.execute(order)


async def test_a_file_is_verified_against_the_sealed_audit_chain(desk: CareDesk, neighbour: CareDesk) -> None:
    made, body = await _kept(desk)
    fresh = await packets.verify_packet(desk.actor, body)
    assert fresh.genuine and fresh.document_id == made and fresh.seal is None
    await seal_all()
    checked = await packets.verify_packet(desk.actor, body)
    assert checked.genuine and checked.seal and checked.month == date.today().replace(day=1)
    assert [step.label for step in checked.steps] == [
        "The file",
        "The content",
        "The audit entry",
        "The seal",
    ]
    elsewhere = await packets.verify_packet(neighbour.actor, body)
    assert not elsewhere.genuine and elsewhere.document_id is None
    told = await packets.verify_file(desk.exchange.tenant.subdomain, body)
    assert told and told.genuine and await packets.verify_file("nobody-here", body) is None


async def test_a_changed_file_is_told_from_one_that_was_only_saved_again(desk: CareDesk) -> None:
    _, body = await _kept(desk)
    again = io.BytesIO()
    with pikepdf.open(io.BytesIO(body)) as pdf:
        pdf.save(again)
    saved = await packets.verify_packet(desk.actor, again.getvalue())
    assert not saved.genuine and [step.holds for step in saved.steps] == [False, True, True, True]
    forged = await packets.verify_packet(desk.actor, body[:-20] + b" " * 20)
    assert not forged.genuine
    assert not (await packets.verify_packet(desk.actor, b"no PDF at all")).genuine
    with pytest.raises(Invalid):
        await packets.verify_packet(desk.actor, b"")


async def test_an_altered_audit_entry_is_found(desk: CareDesk) -> None:
    _, body = await _kept(desk)
    await seal_all()
    owner = desk.exchange.tenant.owner
    await owner.execute("ALTER TABLE audit_log DISABLE TRIGGER append_only")
    try:
        await owner.execute(
            "UPDATE audit_log SET actor_kind = 'person' WHERE action = 'care.packets.keep' AND tenant_id = $1",
            desk.exchange.tenant.tenant_id,
        )
    finally:
        await owner.execute("ALTER TABLE audit_log ENABLE TRIGGER append_only")
    checked = await packets.verify_packet(desk.actor, body)
    assert not checked.genuine and "altered" in checked.steps[-1].told


async def test_only_a_packet_is_checked_as_one(desk: CareDesk) -> None:
    async with _session(desk) as session:
        letter = await store(
            session,
            kind="letter",
            subject_type="patient",
            subject_id=desk.exchange.patient_id,
            name="letter.txt",
            body=b"Dear patient",
            facts={},
        )
    with pytest.raises(NotAllowed):
        await packets.packet_check(desk.actor, letter)
    with pytest.raises(Invalid, match="no evidence packet"):
        await packets.packet_check(desk.admin, letter)
