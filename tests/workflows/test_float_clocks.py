"""A float assignment from its offer to the end that comes by itself, on a server that lets days pass at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services.work import actions, drafts, notes
from services.work.notifications import list_notifications
from services.work.queue import counts, get_item, queue
from services.workforce import float_answers, float_planning
from tests.fixtures.floating import Pool, leaping, pool, the_worker, until
from tests.fixtures.lifecycle import eventually
from tests.fixtures.tenancy import TenantFixture


@pytest_asyncio.fixture
async def desk(north: TenantFixture) -> Pool:
    """The pool of a tenant."""
    return await pool(north)


@pytest_asyncio.fixture
async def skipping(desk: Pool) -> AsyncIterator[WorkflowEnvironment]:
    """The server with its worker."""
    async with leaping() as environment, the_worker(environment):
        yield environment


async def _ids(actor, scope: str) -> list[UUID]:  # type: ignore[no-untyped-def]
    return [line.id for line in (await queue(actor, scope=scope)).items]


async def _told(actor) -> list[str]:  # type: ignore[no-untyped-def]
    return [line.title for line in (await list_notifications(actor)).items]


async def test_the_work_comes_when_it_begins_and_leaves_at_the_end_by_itself(
    desk: Pool, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    free, drafted, elsewhere = await desk.item(), await desk.item(), await desk.item(of_client=False)
    own = await desk.item()
    await actions.take(desk.floater, own)
    offered = await desk.offered()
    assert (offered.may, offered.line.where) == (["withdrawn"], "All work for Hill Family Practice")
    mine = (await queue(desk.floater, scope="mine")).items
    assert [one.kind for one in mine] == ["float_offer", "hold"]
    await actions.complete(desk.floater, mine[0].id, "accepted")
    assert await _ids(desk.floater, "float") == []
    await until(skipping, offered.line.starts_at)
    begun = await desk.at(offered.id, "active")
    assert begun.free == 2
    assert set(await _ids(desk.floater, "float")) == {free, drafted}
    assert await _ids(desk.other, "float") == []
    assert (await counts(desk.floater)).floating == 2
    for one in (free, drafted, elsewhere):
        await actions.take(desk.floater, one)
    await drafts.save_draft(
        desk.floater, f"work/{drafted}", {"comment": "The payer asks for the visit note."}
    )
    await actions.watch(desk.floater, free)
    await until(skipping, offered.line.ends_at)
    ended = await desk.at(offered.id, "ended")
    assert (ended.handed_back, ended.drafts_kept, ended.held) == (2, 1, 0)
    assert set(await _ids(desk.floater, "mine")) == {own, elsewhere}
    assert await _ids(desk.floater, "float") == []
    assert await _ids(desk.floater, "watched") == [free]
    await _the_draft_is_a_note(desk, drafted, offered.line.reference)
    reference = offered.line.reference
    assert f"{reference} was accepted" in await _told(desk.lead)
    assert f"{reference} has ended" in await _told(desk.floater)
    with pytest.raises(NotFound):
        await float_planning.get_float(south.admin, offered.id)


async def _the_draft_is_a_note(desk: Pool, drafted: UUID, reference: str) -> None:
    back = await get_item(desk.other, drafted)
    assert (
        back.line.owner_id is None
        and back.return_comment == f"{reference} has ended. What was not finished is in the notes."
    )
    noted = await notes.notes_of(desk.other, "work_item", drafted)
    assert [one.author_name for one in noted] == [desk.floater.name]
    assert noted[0].text.endswith("comment: The payer asks for the visit note.")
    assert await drafts.draft(desk.floater, f"work/{drafted}") is None


async def test_an_extension_moves_the_end_and_an_early_end_needs_a_reason(
    desk: Pool, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    item = await desk.item()
    begun = await desk.begun(skipping, kinds=("hold",))
    await actions.take(desk.floater, item)
    later = begun.line.ends_at + timedelta(days=1)
    extended = await float_answers.extend_float(desk.lead, begun.id, later)
    assert (extended.line.state, extended.line.ends_at, extended.first_ends_at) == (
        "extended",
        later,
        begun.line.ends_at,
    )
    await until(skipping, begun.line.ends_at)
    assert (await desk.seen(begun.id)).line.state == "extended"
    with pytest.raises(NotAllowed):
        await float_answers.end_float(desk.floater, begun.id, "Enough.")
    with pytest.raises(Invalid):
        await float_answers.end_float(desk.lead, begun.id, " ")
    over = await float_answers.end_float(desk.lead, begun.id, "The queue is empty.")
    assert (over.line.state, over.reason, over.handed_back) == ("ended_early", "The queue is empty.", 1)
    assert await _ids(desk.floater, "mine") == []


async def test_what_is_declined_or_never_answered_changes_nobodys_inbox(
    desk: Pool, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    await desk.item()
    first = await desk.offered()
    with pytest.raises(Conflict) as refused:
        await float_answers.accept_float(desk.lead, first.id)
    assert refused.value.code == "float.not_yours"
    with pytest.raises(Conflict) as busy:
        await desk.offered()
    assert busy.value.code == "float.busy"
    offer = (await queue(desk.floater, scope="mine")).items[0]
    await actions.complete(desk.floater, offer.id, "declined", "I am at a training.")
    declined = await desk.seen(first.id)
    assert (declined.line.state, declined.reason, declined.may) == ("declined", "I am at a training.", [])
    second = await desk.offered()
    await until(skipping, second.line.starts_at)

    async def reminded() -> bool:
        return [one.priority for one in (await queue(desk.floater, scope="mine")).items] == [1]

    await eventually(reminded)
    await until(skipping, second.line.ends_at)
    assert (await desk.at(second.id, "lapsed")).line.tone == "bad"
    assert await _ids(desk.floater, "mine") == []
    titles = await _told(desk.lead)
    assert f"{first.line.reference} was declined" in titles
    assert f"{second.line.reference} was never answered" in titles


async def test_single_items_come_into_the_persons_hands_and_go_back_to_whose_they_were(
    desk: Pool, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    held, free, sealed = (
        await desk.item(),
        await desk.item(),
        await desk.item(excluded=[desk.floater.user_id]),
    )
    await actions.take(desk.other, held)
    with pytest.raises(Invalid):
        await desk.offered(item_ids=(held, sealed))
    begun = await desk.begun(skipping, item_ids=(held, free))
    assert set(await _ids(desk.floater, "mine")) == {held, free}
    await actions.complete(desk.floater, free, "recheck")
    await until(skipping, begun.line.ends_at)
    ended = await desk.at(begun.id, "ended")
    assert (ended.done, ended.handed_back) == (1, 1)
    back = await get_item(desk.other, held)
    assert (back.line.owner_id, back.return_comment) == (
        desk.other.user_id,
        f"{begun.line.reference} has ended.",
    )


async def test_an_end_that_no_worker_sees_takes_the_work_back_once_there_is_one(
    desk: Pool, south: TenantFixture
) -> None:
    item, waiting = await desk.item(), await desk.item()
    async with leaping() as environment:
        async with the_worker(environment):
            begun = await desk.begun(environment)
            await actions.take(desk.floater, item)
        # The server's clock waits for the worker as soon as the end has come.
        passing = asyncio.ensure_future(until(environment, begun.line.ends_at))
        # Its moment has come: the inbox does not wait for the process.
        await desk.tenant.owner.execute(
            "UPDATE float_assignments SET starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'"
        )
        assert await _ids(desk.floater, "float") == []
        await actions.take(desk.floater, waiting)
        assert (await desk.seen(begun.id)).line.state == "active"
        async with the_worker(environment):
            await passing
            ended = await desk.at(begun.id, "ended")
    assert ended.handed_back == 1
    assert await _ids(desk.floater, "mine") == [waiting]
