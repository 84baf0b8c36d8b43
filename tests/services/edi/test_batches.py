"""Batches through the door, and asking partners before it is time."""

import json

import pytest

from domain.refusals import Conflict, NotAllowed, NotFound
from services.edi import batches
from tests.fixtures.exchange import Exchange
from tests.fixtures.x12_answers import SetAnswer, Status, ack_277ca, ack_999


async def test_a_batch_shows_its_claims_and_every_answer_to_them(here: Exchange, there: Exchange) -> None:
    await here.claim()
    await here.claim()
    first, second = await here.send()
    await there.sent_claim()
    await here.take(ack_999(first.group_number, SetAnswer("0001", "E", (("CLM", 30, "8"),))))
    await here.take(ack_277ca(Status(first.number), Status(second.number, "A7", "562")))
    assert first.batch_id
    view = await batches.get_batch(here.tenant.admin, first.batch_id)
    assert (view.line.claim_count, view.line.rejected_count, view.line.status_label) == (2, 1, "Accepted")
    assert view.line.charge_cents == 32_000 and view.line.connection_name == "Practice"
    shown = {claim.claim_id: claim for claim in view.claims}
    assert [claim.claim_id for claim in view.claims] == [first.id, second.id] and view.next is None
    answers = [(a.kind, a.sender_label, a.verdict_label) for a in shown[second.id].acknowledgements]
    assert answers == [("999", "Translator", "Accepted"), ("277CA", "Payer", "Rejected")]
    assert shown[second.id].status_label == "Payer rejected"
    listed = await batches.list_batches(here.tenant.admin)
    assert [one.id for one in listed.items] == [first.batch_id] and listed.items[0] == view.line


async def test_what_a_999_complains_of_is_told_at_the_claim(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    place = await here.one("SELECT first_segment FROM edi_batch_claims")
    errors = (("CLM", place["first_segment"], "8"),)
    await here.take(ack_999(sent.group_number, SetAnswer("0001", "R", errors)))
    assert sent.batch_id
    claim = (await batches.get_batch(here.tenant.admin, sent.batch_id)).claims[0]
    told = claim.acknowledgements[0].errors
    assert told == [f"CLM at segment {place['first_segment']}, loop 2300, code 8: CLM02 (7)"]


async def test_the_claims_of_a_large_batch_come_page_by_page(here: Exchange, there: Exchange) -> None:
    for _ in range(5):
        await here.claim(1_000)
    sent = await here.send()
    assert sent[0].batch_id
    pages, cursor = [], None
    while True:
        view = await batches.get_batch(here.tenant.admin, sent[0].batch_id, cursor=cursor, limit=2)
        pages.append([claim.claim_id for claim in view.claims])
        cursor = view.next
        if cursor is None:
            break
    assert pages == [[one.id for one in sent[at : at + 2]] for at in (0, 2, 4)]


async def test_batches_are_listed_newest_first_page_by_page(here: Exchange, there: Exchange) -> None:
    sent = [await here.sent_claim() for _ in range(4)]
    await there.sent_claim()
    listed, cursor = [], None
    while True:
        page = await batches.list_batches(here.tenant.admin, cursor, 3)
        listed += [one.id for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert listed == [one.batch_id for one in reversed(sent)]


async def test_another_tenants_batch_and_connection_are_not_there(here: Exchange, there: Exchange) -> None:
    theirs = await there.sent_claim()
    assert theirs.batch_id
    with pytest.raises(NotFound):
        await batches.get_batch(here.tenant.admin, theirs.batch_id)
    for ask in (batches.poll_now, batches.send_now):
        with pytest.raises(NotFound):
            await ask(here.tenant.admin, there.connection_id)
    assert (await batches.list_batches(here.tenant.admin)).items == []


async def test_looking_now_starts_a_poller_of_its_own(here: Exchange, there: Exchange) -> None:
    await batches.poll_now(here.tenant.admin, here.connection_id)
    message = await here.one("SELECT kind, workflow, task_queue, workflow_id, payload FROM outbox")
    assert (message["kind"], message["workflow"], message["task_queue"]) == (
        "start",
        "ConnectionPoller",
        "edi",
    )
    assert message["workflow_id"].startswith(f"{here.tenant.tenant_id}/look/")
    assert json.loads(message["payload"])["connection_id"] == str(here.connection_id)


async def test_sending_now_asks_the_batch_again_even_when_it_was_asked(
    here: Exchange, there: Exchange
) -> None:
    await batches.send_now(here.tenant.admin, here.connection_id)
    await batches.send_now(here.tenant.admin, here.connection_id)
    rows = await here.rows("SELECT kind, workflow, workflow_id FROM outbox")
    expected = ("signal_with_start", "SubmissionBatch", f"{here.tenant.tenant_id}/batch/{here.connection_id}")
    assert [tuple(row) for row in rows] == [expected, expected]
    assert await here.count("batch_requests") == 1


async def test_a_connection_out_of_use_is_neither_asked_nor_sent_to(here: Exchange, there: Exchange) -> None:
    await here.tenant.owner.execute("UPDATE connections SET active = false WHERE id = $1", here.connection_id)
    for ask in (batches.poll_now, batches.send_now):
        with pytest.raises(Conflict):
            await ask(here.tenant.admin, here.connection_id)
    assert await here.count("outbox") == 0


async def test_who_only_looks_neither_polls_nor_sends(here: Exchange, there: Exchange) -> None:
    viewer = await here.tenant.actor("View-Only")
    for ask in (batches.poll_now, batches.send_now):
        with pytest.raises(NotAllowed):
            await ask(viewer, here.connection_id)
