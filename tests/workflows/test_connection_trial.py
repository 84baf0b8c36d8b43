"""A new connection's test file to its accepted 277CA, and a claim that is paid over HTTP: real parts on both sides."""

import pytest

from domain.refusals import Conflict
from services.clientele import connection_setup as setup
from services.clientele import connections, routing, trials
from services.clientele.routing import RouteFacts
from services.edi import files
from tests.fixtures.clearinghouse import Partner
from tests.fixtures.clientele import begin_trial, set_up, trial_is
from tests.fixtures.lifecycle import Walk, eventually


async def test_the_test_file_is_followed_to_its_277ca_and_then_the_connection_goes_live(
    walk: Walk, other_walk: Walk, prompt_partner: Partner
) -> None:
    admin = walk.tenant.admin
    connection = await set_up(walk, prompt_partner)
    begun = await begin_trial(walk, connection)
    assert begun.status == "running"
    with pytest.raises(Conflict, match="on its way"):
        await begin_trial(walk, connection)
    accepted = await trial_is(walk, connection, "accepted")
    assert [one.state for one in accepted.steps] == ["done"] * 4
    assert {"999", "277CA"} <= {one.kind for one in accepted.answers}
    assert accepted.file_id is not None
    body = (await walk.body(accepted.file_id)).decode()
    assert "*T*:~" in body[:120] and accepted.claim_number in body
    live = await setup.finish_setup(admin, connection, "P")
    assert (live.active, live.setup_step, live.usage_indicator) == (True, "", "P")
    kinds = [line.kind for line in (await files.list_files(admin, connection_id=connection)).items]
    assert kinds.count("837P") == 1
    assert await walk.items("file") == await walk.items("unmatched") == []
    assert await trials.latest_trial(other_walk.tenant.admin, other_walk.connection_id) is None


async def test_a_rejected_test_file_waits_for_a_person_and_is_then_written_anew(
    walk: Walk, other_walk: Walk, prompt_partner: Partner
) -> None:
    admin = walk.tenant.admin
    connection = await set_up(walk, prompt_partner)
    await begin_trial(walk, connection, "TEST07")
    waiting = await trial_is(walk, connection, "waiting")
    assert (waiting.code, waiting.steps[2].state) == ("rejected", "failed")
    assert "277CA" in {one.kind for one in waiting.answers if one.verdict == "rejected"}
    await trials.try_trial_again(admin, connection, end=True)
    ended = await trial_is(walk, connection, "ended")
    assert ended.finished_at is not None
    await begin_trial(walk, connection)
    assert (await trial_is(walk, connection, "accepted")).claim_number != waiting.claim_number


async def test_a_claim_is_paid_over_http(walk: Walk, other_walk: Walk) -> None:
    admin = walk.tenant.admin
    rest = await connections.add_practice_rest_connection(admin, "Over HTTP")
    await routing.set_route(admin, RouteFacts(walk.payer_id, rest.id))
    walk.connection_id = rest.id
    claim = await walk.created()
    closed = await walk.at_step(claim.id, "closed")
    assert (closed.outcome, closed.paid_cents) == ("paid", 16_000)
    batch = await walk.one("SELECT connection_id FROM edi_batches")
    assert batch["connection_id"] == rest.id
    assert await other_walk.rows("SELECT 1 FROM edi_batches") == []


async def test_a_batch_that_waited_goes_on_by_itself_once_the_partner_lets_us_in_again(
    walk: Walk, other_walk: Walk
) -> None:
    ours = await walk.sign_in_as("somebody-else")
    claim = await walk.created()
    batch = (await eventually(lambda: walk.rows("SELECT id FROM edi_batches")))[0]["id"]
    await walk.item("incident", batch)
    assert [one["title"] for one in await walk.items("connection")] == [
        "Practice paused: the partner refuses our sign-in"
    ]
    await walk.sign_in_as(ours)
    assert (await connections.test_connection(walk.tenant.admin, walk.connection_id)).works
    await walk.becomes(claim.id, lambda one: one.sent_at is not None)
    assert await walk.items("incident") == await walk.items("connection") == []
    assert await other_walk.rows("SELECT 1 FROM connection_circuits") == []
