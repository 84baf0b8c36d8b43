"""Connections: enrolling at the practice clearinghouse, adding by hand, and tests that say what is wrong."""

from dataclasses import replace

import pytest

from activities import ports
from activities.ports import Ports
from database.clientele_reads import sftp_settings
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale, Unavailable
from domain.tenancy import workflow_actor
from integrations.clearinghouse import HttpPracticeDesk
from integrations.sftp import SftpMailbox, SftpSettings
from integrations.ssh_keys import make_key_pair
from services.clientele import connections, payers
from services.clientele.connections import ConnectionFacts


@pytest.fixture
def outside(partner):
    """The adapters of this process, with the running practice clearinghouse's desk."""
    ports.install(Ports(payments=None, desk=HttpPracticeDesk(partner.control_url)))
    yield
    ports.install(None)


@pytest.fixture
def by_hand(partner) -> ConnectionFacts:
    """What the partner would hand over, for a user it does not know yet."""
    return ConnectionFacts(
        name="Dayton Clearing",
        host="127.0.0.1",
        port=partner.sftp_port,
        username="nobody-yet",
        host_key=f"[127.0.0.1]:{partner.sftp_port} {partner.host_key} comment",
        sender_id="NORTH1",
        receiver_id="PARTNER",
    )


async def test_a_practice_connection_works_at_once(north, south, outside) -> None:
    made = await connections.add_practice_connection(north.admin, "Practice")
    assert made.public_key.startswith("ssh-ed25519 ")
    assert made.host_fingerprint.startswith("SHA256:")
    assert (made.usage_indicator, made.receiver_id) == ("T", "SANDBOXCH")
    tested = await connections.test_connection(north.admin, made.id)
    assert (tested.works, tested.code, tested.waiting_files) == (True, "", 0)
    after = await connections.get_connection(north.admin, made.id)
    assert after.last_tested_at is not None
    assert after.version == 1


async def test_the_private_key_is_sealed_and_opens_for_the_program_only(north, south, outside) -> None:
    made = await connections.add_practice_connection(north.admin, "Practice")
    stored = await north.owner.fetchval("SELECT private_key FROM connections WHERE id = $1", made.id)
    assert b"OPENSSH" not in stored
    assert "PRIVATE" not in repr(made)
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        access = await sftp_settings(session, made.id)
    settings = SftpSettings(
        access.host, access.port, access.username, access.host_key, access.private_key, access.inbound
    )
    assert (await SftpMailbox(settings).upload("hello.txt", b"hello")).size == 5
    async with tenant_session(workflow_actor(south.tenant_id, "tests")) as session:
        with pytest.raises(LookupError):
            await sftp_settings(session, made.id)


async def test_a_connection_added_by_hand_shows_the_key_for_the_partner_and_says_what_is_missing(
    north, south, outside, partner, by_hand
) -> None:
    made = await connections.add_connection(north.admin, by_hand)
    assert made.host_key == partner.host_key
    tested = await connections.test_connection(north.admin, made.id)
    assert (tested.works, tested.code) == (False, "credentials_refused")
    assert "public key" in tested.what_to_do
    await HttpPracticeDesk(partner.control_url).enrol(f"{by_hand.username}2", made.public_key, "NORTH1")
    mended = replace(by_hand, username=f"{by_hand.username}2")
    await connections.change_connection(north.admin, made.id, mended, expected_version=1)
    assert (await connections.test_connection(north.admin, made.id)).works
    with pytest.raises(Stale):
        await connections.change_connection(north.admin, made.id, mended, expected_version=1)


async def test_a_test_names_each_thing_that_is_wrong(north, south, outside, by_hand) -> None:
    for spoilt, code in (
        (replace(by_hand, host_key=make_key_pair().public_key), "host_key_changed"),
        (replace(by_hand, port=9), "unreachable"),
    ):
        made = await connections.add_connection(north.admin, replace(spoilt, name=code))
        tested = await connections.test_connection(north.admin, made.id)
        assert (tested.works, tested.code) == (False, code)
        assert tested.sentence
        assert tested.what_to_do
        seen = await connections.get_connection(north.admin, made.id)
        assert (seen.last_error, seen.last_error_words) == (code, tested.sentence)


async def test_every_wrong_field_of_a_connection_is_named(north, south, outside, by_hand) -> None:
    wrong = ConnectionFacts("", "sftp://x", 0, "", "no key", "*", "A" * 16, "../x", "", "X")
    with pytest.raises(Invalid) as refused:
        await connections.add_connection(north.admin, wrong)
    assert len(refused.value.fields) == 10


async def test_another_tenants_connection_is_not_there(north, south, outside) -> None:
    made = await connections.add_practice_connection(north.admin, "Practice")
    for ask in (connections.get_connection, connections.test_connection):
        with pytest.raises(NotFound):
            await ask(south.admin, made.id)
    assert (await connections.list_connections(south.admin)).items == []
    await connections.add_practice_connection(south.admin, "Practice")


async def test_only_who_manages_connections_may_add_or_test_them(north, south, outside) -> None:
    biller = await north.actor("Biller")
    made = await connections.add_practice_connection(north.admin, "Practice")
    with pytest.raises(NotAllowed):
        await connections.add_practice_connection(biller, "Mine")
    with pytest.raises(NotAllowed):
        await connections.test_connection(biller, made.id)
    with pytest.raises(NotAllowed):
        await connections.list_connections(biller)


async def test_a_plan_has_room_for_so_many_connections(north, south, outside, by_hand) -> None:
    for number in range(5):
        last = await connections.add_connection(north.admin, replace(by_hand, name=f"C{number}"))
    with pytest.raises(Conflict, match="room for 5"):
        await connections.add_practice_connection(north.admin, "Practice")
    ended = await connections.deactivate_connection(north.admin, last.id, "Not used")
    assert not ended.active
    await connections.add_practice_connection(north.admin, "Practice")
    with pytest.raises(Conflict):
        await connections.reactivate_connection(north.admin, last.id)


async def test_a_name_is_taken_once_and_a_missing_or_silent_desk_is_said(
    north, south, outside, by_hand
) -> None:
    await connections.add_connection(north.admin, by_hand)
    with pytest.raises(Conflict, match="name already"):
        await connections.add_practice_connection(north.admin, by_hand.name)
    ports.install(Ports(payments=None, desk=HttpPracticeDesk("http://127.0.0.1:9")))
    with pytest.raises(Unavailable, match="does not answer"):
        await connections.add_practice_connection(north.admin, "Practice")
    ports.install(Ports(payments=None))
    with pytest.raises(Unavailable, match="no practice clearinghouse"):
        await connections.add_practice_connection(north.admin, "Practice")
    assert len((await connections.list_connections(north.admin)).items) == 1


async def test_a_payer_is_sent_through_a_connection_in_use(north, south, outside, facts) -> None:
    made = await connections.add_practice_connection(north.admin, "Practice")
    payer = await payers.add_payer(north.admin, replace(facts.payer, connection_id=made.id))
    assert payer.connection_name == "Practice"
    await connections.deactivate_connection(north.admin, made.id, "Moved")
    with pytest.raises(Invalid):
        await payers.add_payer(north.admin, replace(facts.payer, name="Another", connection_id=made.id))
