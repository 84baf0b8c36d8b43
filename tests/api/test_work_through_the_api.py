"""A day at the queue through the API: two people after one item, a decision, a note, a draft."""

import asyncio
from uuid import UUID, uuid4

from activities.work import open_item
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.api.conftest import Visit
from tests.fixtures.tenancy import TenantFixture


async def opened(tenant: TenantFixture, kind: str = "hold") -> UUID:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        workflow_id = f"{tenant.tenant_id}/claim/{uuid4()}"
        return await open_item(session, str(uuid4()), kind, f"C-1 {kind}", workflow_id=workflow_id)


async def test_two_people_take_the_same_item_at_the_same_moment_and_one_is_told_who_has_it(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    item = await opened(north)
    people = [await visit(north, await north.actor("Biller")) for _ in range(2)]
    for _ in range(3):
        answers = await asyncio.gather(*(person.post(f"/work/{item}/take") for person in people))
        won = [answer for answer in answers if answer.status_code == 200]
        lost = [answer for answer in answers if answer.status_code == 409]
        assert (len(won), len(lost)) == (1, 1)
        owner = won[0].json()["line"]["owner_name"]
        assert lost[0].json()["code"] == "work.taken"
        assert lost[0].json()["title"] == f"{owner} took this meanwhile."
        winner = people[answers.index(won[0])]
        assert (await winner.post(f"/work/{item}/return", json={"comment": "again"})).status_code == 200


async def test_an_item_is_taken_noted_and_completed(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    item = await opened(north)
    biller = await visit(north, await north.actor("Biller"))
    assert [line["id"] for line in (await biller.get("/work")).json()["items"]] == [str(item)]
    taken = (await biller.post(f"/work/{item}/take")).json()
    assert taken["actions"] == ["complete", "give_back", "snooze", "delegate"]
    assert (await biller.get("/work/counts")).json()["mine"] == 1
    note = await biller.post(f"/notes/work_item/{item}", json={"text": "Called the clinic."})
    assert note.status_code == 201
    unexplained = await biller.post(f"/work/{item}/complete", json={"decision": "withdraw"})
    assert (unexplained.status_code, unexplained.json()["errors"][0]["field"]) == (422, "comment")
    done = await biller.post(f"/work/{item}/complete", json={"decision": "recheck"})
    assert (done.json()["line"]["status"], done.json()["decision"]) == ("done", "recheck")
    assert (await biller.get("/work/counts")).json()["mine"] == 0


async def test_a_draft_is_kept_found_and_dropped(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    biller = await visit(north, await north.actor("Biller"))
    form = {"form": "claim/new"}
    assert (await biller.get("/drafts", params=form)).status_code == 404
    assert (await biller.put("/drafts", params=form, json={"procedure": "99213"})).status_code == 200
    assert (await biller.get("/drafts", params=form)).json()["fields"] == {"procedure": "99213"}
    assert (await biller.delete("/drafts", params=form)).status_code == 204
    assert (await biller.get("/drafts", params=form)).status_code == 404
