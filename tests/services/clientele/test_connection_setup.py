"""Setting up a connection step by step, its test file, replacing its key, and a partner that is left alone."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from activities import ports
from activities.edi.fetching import take_in_files
from activities.edi.messages import ConnectionInput
from activities.ports import Ports
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotFound
from domain.tenancy import workflow_actor
from integrations.clearinghouse import HttpPracticeDesk
from integrations.ssh_keys import fingerprint, make_key_pair
from services.clientele import clients, connections, payers, routing
from services.clientele import connection_keys as keys
from services.clientele import connection_setup as setup
from services.clientele.connection_setup import FolderFacts, PartnerFacts
from services.clientele.routing import RouteFacts


@pytest.fixture
def outside(partner):
    ports.install(Ports(payments=None, desk=HttpPracticeDesk(partner.control_url)))
    yield
    ports.install(None)


@pytest.fixture
def facts_of_partner(partner) -> PartnerFacts:
    mark = make_key_pair().public_key[-20:-10].replace("+", "x").replace("/", "y")
    return PartnerFacts(
        "Dayton Clearing", "127.0.0.1", f"setup-{mark}", "NORTH1", "SANDBOXCH", partner.sftp_port
    )


async def in_session(tenant, connection_id: UUID, ask: Any) -> Any:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await ask(session, connection_id)


async def test_a_connection_is_set_up_step_by_step_and_goes_on_where_it_stopped(
    north, south, outside, partner, facts_of_partner
) -> None:
    made = await setup.begin_setup(north.admin, facts_of_partner)
    assert (made.active, made.setup_step, made.host_key) == (False, "key", "")
    assert made.public_key.startswith("ssh-ed25519 ")
    with pytest.raises(NotFound):
        await setup.look_at_host_key(south.admin, made.id)
    with pytest.raises(Conflict, match="still being set up"):
        await connections.reactivate_connection(north.admin, made.id)
    assert (await setup.give_key_to_practice(north.admin, made.id)).setup_step == "host_key"
    with pytest.raises(Conflict, match="not confirmed"):
        await setup.list_folders(north.admin, made.id)
    seen = await setup.look_at_host_key(north.admin, made.id)
    assert seen.fingerprint == fingerprint(partner.host_key)
    with pytest.raises(Conflict) as refused:
        await setup.pin_host_key(north.admin, made.id, fingerprint(make_key_pair().public_key))
    assert seen.fingerprint in refused.value.title
    pinned = await setup.pin_host_key(north.admin, made.id, seen.fingerprint)
    assert (pinned.setup_step, pinned.host_key) == ("folders", partner.host_key)
    assert await setup.list_folders(north.admin, made.id) == ["archive", "inbound", "outbound"]
    with pytest.raises(Conflict, match="not there"):
        await setup.choose_folders(north.admin, made.id, FolderFacts("inbound", "outgoing"))
    folders = FolderFacts("inbound", "outbound", "archive")
    chosen = await setup.choose_folders(north.admin, made.id, folders)
    assert (chosen.setup_step, chosen.archive_folder) == ("trial", "archive")
    home = partner.homes / facts_of_partner.username
    (home / "outbound" / "hello.txt").write_bytes(b"hello")
    await north.owner.execute("UPDATE connections SET active = true WHERE id = $1", made.id)
    await take_in_files(ConnectionInput(north.tenant_id, made.id))
    assert not (home / "outbound" / "hello.txt").exists()
    assert (home / "archive" / "hello.txt").read_bytes() == b"hello"
    with pytest.raises(Conflict, match="No test file"):
        await setup.finish_setup(north.admin, made.id)
    moved = await setup.change_partner(north.admin, made.id, replace(facts_of_partner, port=9))
    assert (moved.setup_step, moved.host_key) == ("key", ""), "another server has another key"


async def test_a_changed_host_key_is_shown_beside_the_pinned_one_and_pinned_again_only_with_a_reason(
    north, south, outside, partner
) -> None:
    made = await connections.add_practice_connection(north.admin, "Practice")
    old = make_key_pair().public_key
    await north.owner.execute("UPDATE connections SET host_key = $2 WHERE id = $1", made.id, old)
    tested = await connections.test_connection(north.admin, made.id)
    assert tested.code == "host_key_changed"
    seen = await setup.look_at_host_key(north.admin, made.id)
    assert (seen.same, seen.pinned_fingerprint) == (False, fingerprint(old))
    with pytest.raises(Invalid):
        await setup.pin_host_key(north.admin, made.id, seen.fingerprint)
    again = await setup.pin_host_key(
        north.admin, made.id, seen.fingerprint, "Server replaced, told by telephone"
    )
    assert again.host_key_note == "Server replaced, told by telephone"
    assert (await connections.test_connection(north.admin, made.id)).works


async def test_a_key_is_replaced_without_a_moment_in_which_none_works(north, south, outside) -> None:
    made = await connections.add_practice_connection(north.admin, "Practice")
    begun = await keys.begin_key_rotation(north.admin, made.id)
    assert begun.next_public_key not in ("", begun.public_key)
    with pytest.raises(Conflict, match="neither this user name nor our key"):
        await keys.switch_key(north.admin, made.id)
    assert (await connections.test_connection(north.admin, made.id)).works
    assert (await keys.give_next_key_to_practice(north.admin, made.id)).works
    switched = await keys.switch_key(north.admin, made.id)
    assert (switched.public_key, switched.next_public_key) == (begun.next_public_key, "")
    assert (await connections.test_connection(north.admin, made.id)).works
    row = await north.owner.fetchrow(
        "SELECT private_key, next_private_key FROM connections WHERE id = $1", made.id
    )
    assert row["next_private_key"] is None and b"OPENSSH" not in row["private_key"]
    with pytest.raises(NotFound):
        await keys.begin_key_rotation(south.admin, made.id)


async def test_a_refused_sign_in_is_never_repeated_until_a_person_mends_it(north, south, outside) -> None:
    made = await connections.add_practice_connection(north.admin, "Practice")
    await north.owner.execute("UPDATE connections SET username = 'somebody-else' WHERE id = $1", made.id)
    poll = ConnectionInput(north.tenant_id, made.id)
    with pytest.raises(Exception, match="credentials_refused"):
        await take_in_files(poll)
    paused = await connections.get_connection(north.admin, made.id)
    assert (paused.circuit.state, paused.circuit.retry_at) == ("open", None)
    assert paused.circuit.what_to_do.startswith("Give the partner")
    items = await in_session(north, made.id, lambda s, i: s.fetch("SELECT title FROM work_items WHERE kind = 'connection' AND subject_id = $1", i))  # fmt: skip
    assert [one["title"] for one in items] == ["Practice paused: the partner refuses our sign-in"]
    await north.owner.execute("UPDATE connections SET username = $2 WHERE id = $1", made.id, made.username)
    assert (await take_in_files(poll)).file_ids == [], "nobody calls a partner that refused us"
    assert (await connections.get_connection(north.admin, made.id)).circuit.state == "open"
    assert (await connections.test_connection(north.admin, made.id)).works
    mended = await connections.get_connection(north.admin, made.id)
    assert mended.circuit.state == "closed"
    assert await in_session(north, made.id, lambda s, i: s.fetch("SELECT 1 FROM work_items WHERE status = 'open' AND subject_id = $1", i)) == []  # fmt: skip
    with pytest.raises(Conflict):
        await connections.close_circuit(north.admin, made.id, "Nothing is open")


async def test_a_partner_that_is_away_is_left_alone_and_closed_by_hand_with_a_reason(
    north, south, outside
) -> None:
    made = await connections.add_practice_connection(north.admin, "Practice")
    await north.owner.execute("UPDATE connections SET port = 9 WHERE id = $1", made.id)
    for _ in range(5):
        with pytest.raises(Exception, match="unreachable"):
            await take_in_files(ConnectionInput(north.tenant_id, made.id))
    away = await connections.get_connection(north.admin, made.id)
    assert (away.circuit.state, away.circuit.failures) == ("open", 5)
    assert away.circuit.retry_at is not None
    await take_in_files(ConnectionInput(north.tenant_id, made.id))
    closed = await connections.close_circuit(north.admin, made.id, "The partner says it is back")
    assert (closed.circuit.state, closed.circuit.closed_reason) == ("closed", "The partner says it is back")


async def test_claims_of_a_payer_go_where_the_most_specific_route_says(north, south, outside, facts) -> None:
    first = await connections.add_practice_connection(north.admin, "First")
    second = await connections.add_practice_rest_connection(north.admin, "Second")
    assert second.kind == "rest"
    assert (await connections.test_connection(north.admin, second.id)).works
    client = await clients.add_client(north.admin, facts.client)
    payer = await payers.add_payer(north.admin, facts.payer)
    ask = (north.admin, payer.id, client.id)
    assert (
        (await routing.where_would_it_go(*ask)).connection_name,
        (await routing.where_would_it_go(*ask)).why,
    ) == (
        "First",
        "default",
    )
    await routing.set_route(north.admin, RouteFacts(payer.id, second.id, transaction="837I"))
    own = await routing.set_route(north.admin, RouteFacts(payer.id, second.id, client.id))
    told = await routing.where_would_it_go(*ask)
    assert (told.connection_id, told.why_words, told.works) == (second.id, "a route of this client", True)
    assert await routing.payers_without_route(north.admin) == []
    await connections.deactivate_connection(north.admin, second.id, "Contract ended")
    waiting = [(one.client_name, one.transaction) for one in await routing.payers_without_route(north.admin)]
    assert waiting == [("", "837I"), (client.name, "837P"), (client.name, "837I")]
    await routing.drop_route(north.admin, own.id)
    assert (await routing.where_would_it_go(*ask)).connection_id == first.id
    with pytest.raises(Invalid):
        await routing.set_route(south.admin, RouteFacts(payer.id, first.id))
    assert await routing.list_routes(south.admin) == []


async def test_in_production_a_connection_inside_is_refused(north, south, facts_of_partner) -> None:
    ports.install(Ports(payments=None, private_hosts=False))
    try:
        for host in ("127.0.0.1", "localhost", "10.0.0.5", "::1"):
            with pytest.raises(Invalid, match="not a public one"):
                await setup.begin_setup(north.admin, replace(facts_of_partner, host=host))
    finally:
        ports.install(None)
