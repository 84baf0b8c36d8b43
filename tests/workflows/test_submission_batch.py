"""Batches on real parts: one file for what is ready together, and what happens when it cannot go."""

from dataclasses import replace
from uuid import UUID

from activities import ports
from services.claims import capture
from services.clientele import connections
from tests.fixtures.lifecycle import Walk, eventually


async def _batches(walk: Walk) -> list[tuple[int, int]]:
    rows = await walk.rows(
        "SELECT interchange_number, claim_count FROM edi_batches ORDER BY interchange_number"
    )
    return [(row["interchange_number"], row["claim_count"]) for row in rows]


def _gather_for(seconds: float) -> None:
    """Wait for more claims as long as an installation does that is not a test."""
    ports.install(replace(ports.ports(), batch_seconds=seconds))


async def _ready(walk: Walk, number: int) -> list[UUID]:
    claims = [await walk.created(release=False) for _ in range(number)]
    for claim in claims:
        await walk.at_step(claim.id, "ready")
    return [claim.id for claim in claims]


async def test_claims_released_together_travel_in_one_file(walk: Walk, other_walk: Walk) -> None:
    _gather_for(1.0)
    ids = await _ready(walk, 2)
    await capture.release_many(walk.tenant.admin, ids)
    for claim_id in ids:
        await walk.at_step(claim_id, "closed")
    assert await _batches(walk) == [(1, 2)]
    assert await other_walk.count("edi_batches") == 0


async def test_two_tenants_batches_count_their_own_control_numbers(walk: Walk, other_walk: Walk) -> None:
    for one in (walk, other_walk):
        claim = await one.created()
        await one.at_step(claim.id, "closed")
        assert await _batches(one) == [(1, 1)]


async def test_a_refused_sign_in_waits_for_a_person_and_the_batch_goes_when_it_is_mended(
    walk: Walk, other_walk: Walk
) -> None:
    ours = await walk.sign_in_as("somebody-else")
    claim = await walk.created()
    batch_id = (await eventually(lambda: walk.rows("SELECT id FROM edi_batches")))[0]["id"]
    item = await walk.item("incident", batch_id)
    assert "credentials_refused" in item["title"]
    assert (await walk.one("SELECT last_error FROM connections"))["last_error"] == "credentials_refused"
    assert (await walk.view(claim.id)).step == "batched"
    await walk.sign_in_as(ours)
    await walk.decide("incident", batch_id, "retry")
    assert (await walk.at_step(claim.id, "closed")).outcome == "paid"
    assert await _batches(walk) == [(1, 1)]


async def test_a_batch_that_is_still_refused_after_mending_asks_again(walk: Walk, other_walk: Walk) -> None:
    await walk.sign_in_as("somebody-else")
    await walk.created()
    batch_id = (await eventually(lambda: walk.rows("SELECT id FROM edi_batches")))[0]["id"]
    first = await walk.item("incident", batch_id)
    await walk.decide("incident", batch_id, "retry")
    assert (await walk.item("incident", batch_id))["id"] != first["id"]


async def test_a_claim_that_cannot_be_written_is_held_while_the_others_go(
    walk: Walk, other_walk: Walk
) -> None:
    _gather_for(1.0)
    ids = await _ready(walk, 3)
    # No command can spoil a claim that was scrubbed; the owner of the database can.
    await walk.tenant.owner.execute("UPDATE claim_versions SET diagnoses = '{}' WHERE claim_id = $1", ids[1])
    await capture.release_many(walk.tenant.admin, ids)
    for claim_id in (ids[0], ids[2]):
        await walk.at_step(claim_id, "closed")
    held = await walk.at_step(ids[1], "held")
    assert held.held_reason
    assert await walk.item("hold", ids[1])
    assert await _batches(walk) == [(1, 2)]


async def test_a_claim_without_a_connection_is_held_and_goes_when_there_is_one(
    walk: Walk, other_walk: Walk
) -> None:
    await connections.deactivate_connection(walk.tenant.admin, walk.connection_id, "Contract ended")
    claim = await walk.created()
    held = await walk.at_step(claim.id, "held")
    assert held.held_reason == "no_connection"
    await connections.reactivate_connection(walk.tenant.admin, walk.connection_id)
    await walk.decide("hold", claim.id, "recheck")
    assert (await walk.at_step(claim.id, "closed")).outcome == "paid"
