"""How practices reckon and what people are, said by a manager of care; and who of a roster goes by minutes."""

from datetime import date

import pytest
import time_machine

from domain.refusals import NotAllowed
from services.care import practices, roster
from services.care.practices import CredentialFacts
from tests.fixtures.care import ZONE, CareDesk
from tests.fixtures.exchange import Exchange


async def test_a_care_manager_sees_how_practices_reckon_and_says_what_their_own_people_are(
    here: Exchange, there: Exchange
) -> None:
    desk, neighbour = await CareDesk(here).open(), await CareDesk(there).open()
    manager = await here.tenant.actor("Care Manager")
    listed = {one.client_id: one.wishes for one in (await practices.list_practices(manager)).items}
    assert listed[here.client_id].zone == ZONE and there.client_id not in listed
    assert listed[here.client_id] == await practices.get_practice(manager, here.client_id)
    people = {one.user_id for one in await practices.people_who_record(manager)}
    assert {desk.actor.user_id, manager.user_id} <= people
    assert neighbour.actor.user_id not in people
    assert manager.user_id
    made = await practices.set_credential(
        manager, CredentialFacts(manager.user_id, date(2026, 1, 1), "clinical")
    )
    assert made in await practices.list_credentials(manager)
    with pytest.raises(NotAllowed):
        await practices.people_who_record(desk.actor)


async def test_nobody_has_reached_a_code_by_minutes_whose_programme_needs_none(
    at: time_machine.Traveller, here: Exchange, there: Exchange
) -> None:
    desk, neighbour = await CareDesk(here).open(), await CareDesk(there).open()
    await desk.in_care("apcm")
    await neighbour.in_care()
    await neighbour.spent(1500)
    found = [await roster.roster(one.actor) for one in (desk, neighbour)]
    assert [(len(one.patients), one.by_minutes, one.reached) for one in found] == [(1, 0, 0), (1, 1, 1)]
