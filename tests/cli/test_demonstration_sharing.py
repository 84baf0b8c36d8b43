"""The people of the demo company share views of the queue, files and a question once."""

from typing import Any, cast
from uuid import uuid4

from activities.work import open_item
from cli.demonstration.cast import DENIAL_MANAGEMENT, HARBOR, Person
from cli.demonstration.masters import House
from cli.demonstration.sharing import share
from database.session import tenant_session
from domain.tenancy import Actor, workflow_actor
from services.work import attachments, notes, saved_views
from tests.fixtures.tenancy import TenantFixture


class _House:
    """A company whose people are made when they are asked for."""

    company = HARBOR

    def __init__(self, tenant: TenantFixture) -> None:
        self.tenant = tenant
        self.people: dict[str, Actor] = {}

    async def actor(self, person: Person) -> Actor:
        if person.email not in self.people:
            self.people[person.email] = await self.tenant.actor(
                "Team Lead" if "Team Lead" in person.roles or DENIAL_MANAGEMENT in person.roles else "Biller",
                email=person.email,
            )
        return self.people[person.email]


async def test_views_files_and_a_question_stand_beside_work_once(
    north: TenantFixture, south: TenantFixture
) -> None:
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        item = await open_item(session, str(uuid4()), "denial", "C-1 denied")
    made: Any = _House(north)
    house = cast(House, made)
    assert await share(house)
    assert not await share(house)
    lead = await house.actor(HARBOR.holding("Team Lead")[0])
    assert [view.name for view in await saved_views.list_views(lead)] == ["Urgent, by kind"]
    (file,) = await attachments.attachments_of(lead, "work_item", item)
    assert file.kind_label == "Text"
    assert (await notes.notes_of(lead, "work_item", item))[0].mentions
    assert await saved_views.list_views(south.admin) == []
