"""Who is told of what happens to work: through the services that people use, in two tenants."""

from uuid import UUID, uuid4

from activities.work import open_item
from database.session import tenant_session
from domain.tenancy import Actor, workflow_actor
from domain.work_runs import Act, Order
from services.work import actions, bulk, notes, notifications
from tests.fixtures.tenancy import TenantFixture


async def opened(tenant: TenantFixture, title: str = "C-7 held") -> UUID:
    """A free item."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await open_item(session, str(uuid4()), "hold", title)


async def told(person: Actor, kind: str = "") -> list[str]:
    """What a person has been told, newest first."""
    return [one.title for one in (await notifications.list_notifications(person, kind=kind)).items]


async def test_work_that_somebody_else_gives_is_told_and_ones_own_doing_is_not(
    north: TenantFixture, south: TenantFixture
) -> None:
    lead, biller = await north.actor("Team Lead"), await north.actor("Biller")
    assert lead.user_id and biller.user_id
    item = await opened(north)
    await actions.assign(lead, item, biller.user_id)
    assert await told(biller) == [f"C-7 held: assigned to you by {lead.name}"]
    assert await told(lead) == []
    await actions.delegate(biller, item, lead.user_id)
    assert await told(lead) == [f"C-7 held: delegated to you by {biller.name}"]
    await actions.give_back(lead, item, "Please do it yourself")
    assert (await told(biller))[0] == f"C-7 held: returned to you by {lead.name}"
    (newest, *_) = (await notifications.list_notifications(biller)).items
    assert newest.href == f"/work?item={item}"
    assert await told(south.admin) == []


async def test_many_items_given_at_once_are_told_at_once(north: TenantFixture, south: TenantFixture) -> None:
    lead, biller = await north.actor("Team Lead"), await north.actor("Biller")
    items = [await opened(north, f"C-{n} held") for n in range(3)]
    await bulk.act_on(lead, items, Order(Act.ASSIGN, biller.user_id))
    assert await told(biller) == [f"3 items were assigned to you by {lead.name}"]


async def test_whoever_watches_hears_of_every_change_but_their_own(
    north: TenantFixture, south: TenantFixture
) -> None:
    lead, biller = await north.actor("Team Lead"), await north.actor("Biller")
    item = await opened(north)
    await actions.watch(lead, item)
    await actions.watch(biller, item)
    await actions.take(biller, item)
    await notes.add_note(biller, "work_item", item, "The referral is missing.")
    await actions.complete(biller, item, "recheck", "Referral came")
    by = f"by {biller.name}"
    assert await told(lead, "watched") == [
        f"C-7 held: finished {by}",
        f"C-7 held: commented on {by}",
        f"C-7 held: taken {by}",
    ]
    assert await told(biller) == []


async def test_whoever_watches_and_is_mentioned_is_told_once(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller, other, third = [await north.actor("Biller") for _ in range(3)]
    item = await opened(north)
    await actions.watch(other, item)
    await actions.watch(third, item)
    await notes.add_note(biller, "work_item", item, f"@{other.name} please look")
    assert await told(other) == [f"{biller.name} mentions you in a note on C-7 held"]
    assert await told(third) == [f"C-7 held: commented on by {biller.name}"]


async def test_a_mention_tells_where_it_stands_and_not_what_it_says(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller, other = await north.actor("Biller"), await north.actor("Biller")
    item = await opened(north)
    await notes.add_note(biller, "work_item", item, f"@{other.name} Jane Doe called, @{biller.name} knows")
    assert await told(other) == [f"{biller.name} mentions you in a note on C-7 held"]
    assert await told(biller) == []
