"""The queue of two tenants, and people who act on its items at the same moment."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from activities.work import Opening, close_items, open_item, open_items
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import Actor, workflow_actor
from domain.work import Kind
from policies.default_roles import DENIAL_SPECIALIST, VIEW_ONLY
from services.work import actions
from services.work.queue import counts, get_item, people_for, queue
from tests.fixtures.tenancy import TenantFixture


async def opened(tenant: TenantFixture, kind: str = "hold", key: str = "", **facts: object) -> UUID:
    """An item opened as an activity opens it."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "ClaimLifecycle")) as session:
        return await open_item(session, key or str(uuid4()), kind, f"C-1001 {kind}", **facts)  # type: ignore[arg-type]


async def a_denial_specialist(tenant: TenantFixture) -> Actor:
    """A person with a role of the tenant's own making."""
    permissions = [str(one) for one in (*VIEW_ONLY.permissions, *DENIAL_SPECIALIST.permissions)]
    await tenant.owner.execute(
        "INSERT INTO roles (tenant_id, name, permissions) VALUES ($1, 'Denials', $2) ON CONFLICT DO NOTHING",
        tenant.tenant_id,
        permissions,
    )
    await tenant.owner.execute(
        "UPDATE tenants SET policy_version = policy_version + 1 WHERE id = $1", tenant.tenant_id
    )
    return await tenant.actor("Denials")


async def ids(actor: Actor, **asked: object) -> list[UUID]:
    return [line.id for line in (await queue(actor, **asked)).items]  # type: ignore[arg-type]


async def test_an_item_opened_twice_under_one_key_is_there_once(
    north: TenantFixture, south: TenantFixture
) -> None:
    first = await opened(north, key="claim-1/1/hold")
    assert await opened(north, key="claim-1/1/hold") == first
    assert await ids(north.admin) == [first]
    assert await ids(south.admin) == []


async def test_what_is_still_so_after_a_decision_is_asked_anew_and_only_then(
    north: TenantFixture, south: TenantFixture
) -> None:
    facts = {"key": "hold:1", "subject_type": "claim", "subject_id": uuid4(), "again": True}
    first = await opened(north, **facts)
    assert await opened(north, **facts) == first
    await actions.take(north.admin, first)
    await actions.complete(north.admin, first, "recheck")
    second = await opened(north, **facts)
    assert second != first
    assert await opened(north, **facts) == second


async def test_the_same_key_in_two_tenants_is_two_items(north: TenantFixture, south: TenantFixture) -> None:
    assert await opened(north, key="same") != await opened(south, key="same")


async def test_the_queue_shows_the_most_urgent_first_and_only_what_the_asker_may_take(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await north.actor("Biller")
    hold, denial, rejection = [await opened(north, kind) for kind in ("hold", "denial", "rejection")]
    await opened(south, "rejection")
    assert await ids(biller) == [rejection, hold]
    assert await ids(await a_denial_specialist(north)) == [rejection, denial, hold]
    assert set(await ids(biller, scope="all")) == {hold, denial, rejection}


async def test_pages_follow_each_other_by_key_without_gap_or_repeat(
    north: TenantFixture, south: TenantFixture
) -> None:
    due = datetime.now(UTC) + timedelta(days=1)
    openings = [Opening(str(n), Kind.HOLD, f"C-{n} held", priority=1 + n % 3, due_at=due) for n in range(7)]
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        assert await open_items(session, openings) == 7
        assert await open_items(session, openings) == 0
    seen: list[UUID] = []
    cursor = None
    while True:
        page = await queue(north.admin, cursor=cursor, limit=3)
        seen += [line.id for line in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert seen == await ids(north.admin)


async def test_filters_by_kind_and_words_narrow_the_queue(north: TenantFixture, south: TenantFixture) -> None:
    hold = await opened(north, "hold")
    await opened(north, "denial")
    assert await ids(north.admin, kinds=["hold"]) == [hold]
    assert await ids(north.admin, text="C-1001 HOLD") == [hold]
    assert await ids(north.admin, text="50%_") == []
    with pytest.raises(Invalid):
        await queue(north.admin, kinds=["nonsense"])
    with pytest.raises(Invalid):
        await queue(north.admin, cursor="garbage")


async def test_two_people_take_one_item_at_once_and_one_is_told_who_has_it(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await opened(north)
    people = [await north.actor("Biller") for _ in range(6)]
    outcomes = await asyncio.gather(
        *(actions.take(person, item) for person in people), return_exceptions=True
    )
    winners = [view for view in outcomes if not isinstance(view, BaseException)]
    losers = [refusal for refusal in outcomes if isinstance(refusal, Conflict)]
    assert (len(winners), len(losers)) == (1, 5)
    assert all(loser.code == "work.taken" and winners[0].line.owner_name in loser.title for loser in losers)
    view = await get_item(people[0], item)
    assert [event.kind for event in view.history] == ["opened", "taken"]


async def test_taking_ones_own_item_again_changes_nothing(north: TenantFixture, south: TenantFixture) -> None:
    item = await opened(north)
    biller = await north.actor("Biller")
    first = await actions.take(biller, item)
    assert (await actions.take(biller, item)).line.version == first.line.version
    assert await ids(biller) == []
    assert await ids(biller, scope="mine") == [item]


async def test_an_item_given_back_carries_the_comment_sealed(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await opened(north)
    biller = await north.actor("Biller")
    await actions.take(biller, item)
    with pytest.raises(Invalid):
        await actions.give_back(biller, item, " ")
    view = await actions.give_back(biller, item, "Waiting for Jane Roe's card")
    assert (view.line.owner_id, view.line.returned, view.return_comment) == (
        None,
        True,
        "Waiting for Jane Roe's card",
    )
    stored = await north.owner.fetchval("SELECT return_comment FROM work_items WHERE id = $1", item)
    assert b"Jane" not in stored
    assert await ids(biller) == [item]


async def test_nobody_gives_back_snoozes_or_completes_what_another_holds(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await opened(north)
    await actions.take(await north.actor("Biller"), item)
    other = await north.actor("Biller")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for refused in (
        actions.give_back(other, item, "not mine"),
        actions.snooze(other, item, tomorrow),
        actions.complete(other, item, "recheck"),
    ):
        with pytest.raises(Conflict, match="took this"):
            await refused


async def test_a_snoozed_item_hides_until_its_moment(north: TenantFixture, south: TenantFixture) -> None:
    item = await opened(north)
    biller = await north.actor("Biller")
    await actions.take(biller, item)
    await actions.snooze(biller, item, datetime.now(UTC) + timedelta(days=2))
    assert await ids(biller, scope="mine") == []
    assert await ids(biller, scope="snoozed") == [item]
    assert (await counts(biller)).asleep == 1
    await north.owner.execute("UPDATE work_items SET follow_up_at = now() - interval '1 second'")
    assert await ids(biller, scope="mine") == [item]
    assert await ids(biller, scope="snoozed") == []


async def test_a_lead_assigns_only_to_people_who_can_work_it(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await opened(north, "denial")
    biller, specialist = await north.actor("Biller"), await a_denial_specialist(north)
    foreigner = await a_denial_specialist(south)
    lead = await north.actor("Team Lead")
    able = {person.user_id for person in await people_for(lead, item)}
    assert specialist.user_id in able
    assert biller.user_id not in able
    for wrong in (biller.user_id, foreigner.user_id, uuid4()):
        assert wrong is not None
        with pytest.raises(Invalid):
            await actions.assign(lead, item, wrong)
    assert specialist.user_id is not None
    assert (await actions.assign(lead, item, specialist.user_id)).line.owner_id == specialist.user_id
    with pytest.raises(NotAllowed):
        await actions.assign(biller, item, specialist.user_id)


async def test_priority_moves_an_item_to_the_front(north: TenantFixture, south: TenantFixture) -> None:
    first, second = await opened(north), await opened(north)
    assert await ids(north.admin) == [first, second]
    await actions.prioritise(north.admin, second, 1)
    assert await ids(north.admin) == [second, first]


async def test_a_kind_of_work_beyond_ones_roles_cannot_be_taken(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await opened(north, "quarantine")
    with pytest.raises(NotAllowed, match="kind of work"):
        await actions.take(await north.actor("Biller"), item)
    with pytest.raises(NotAllowed):
        await actions.take(await north.actor("View-Only"), item)


async def test_completing_writes_the_decision_and_the_message_to_its_workflow_together(
    north: TenantFixture, south: TenantFixture
) -> None:
    workflow_id = f"{north.tenant_id}/claim/{uuid4()}"
    item = await opened(north, workflow_id=workflow_id)
    biller = await north.actor("Biller")
    await actions.take(biller, item)
    view = await actions.complete(biller, item, "withdraw", "Billed by mistake for John Doe")
    assert (view.line.status, view.decision, view.comment) == (
        "done",
        "withdraw",
        "Billed by mistake for John Doe",
    )
    assert view.actions == []
    row = await north.owner.fetchrow("SELECT id, kind, name, workflow_id, payload::text FROM outbox")
    assert (row["id"], row["kind"], row["name"], row["workflow_id"]) == (
        item,
        "update",
        "decided",
        workflow_id,
    )
    assert "withdraw" in row["payload"]
    assert "Doe" not in row["payload"]
    with pytest.raises(Conflict) as refused:
        await actions.complete(biller, item, "recheck")
    assert refused.value.code == "work.finished"
    assert await north.owner.fetchval("SELECT count(*) FROM outbox") == 1


async def test_completing_needs_the_item_in_hand_and_a_decision_of_its_kind(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await opened(north)
    biller = await north.actor("Biller")
    with pytest.raises(Conflict) as refused:
        await actions.complete(biller, item, "recheck")
    assert refused.value.code == "work.not_taken"
    await actions.take(biller, item)
    with pytest.raises(Invalid):
        await actions.complete(biller, item, "write_off", "no")
    assert (await get_item(biller, item)).line.status == "open"


async def test_closing_by_the_process_leaves_finished_items_alone(
    north: TenantFixture, south: TenantFixture
) -> None:
    claim = uuid4()
    hold = await opened(north, subject_type="claim", subject_id=claim)
    denial = await opened(north, "denial", subject_type="claim", subject_id=claim)
    async with tenant_session(workflow_actor(north.tenant_id, "ClaimLifecycle")) as session:
        assert await close_items(session, "claim", claim, [Kind.HOLD], decision="corrected") == 1
        assert await close_items(session, "claim", claim) == 1
        assert await close_items(session, "claim", claim) == 0
    assert (
        (await get_item(north.admin, hold)).line.status,
        (await get_item(north.admin, denial)).line.status,
    ) == (
        "done",
        "cancelled",
    )


async def test_another_tenants_item_is_not_there_and_the_asking_is_audited(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await opened(south)
    for asked in (
        get_item(north.admin, item),
        people_for(north.admin, item),
        actions.take(north.admin, item),
        actions.complete(north.admin, item, "recheck"),
        actions.prioritise(north.admin, item, 1),
    ):
        with pytest.raises(NotFound):
            await asked
    rows = await north.owner.fetch("SELECT outcome FROM audit_log WHERE tenant_id = $1", north.tenant_id)
    assert [row["outcome"] for row in rows][-5:] == ["refused"] * 5


async def test_counts_stop_at_ninety_nine(north: TenantFixture, south: TenantFixture) -> None:
    openings = [Opening(str(n), Kind.HOLD, f"C-{n} held") for n in range(150)]
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        await open_items(session, openings)
    figures = await counts(north.admin)
    assert (figures.available, figures.mine, figures.overdue) == (99, 0, 0)
    assert (await counts(south.admin)).available == 0
