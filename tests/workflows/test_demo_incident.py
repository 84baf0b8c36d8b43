"""The incident that the demo keeps for whoever tries it: it is there, leads to its connection, and is mended there."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from cli.demonstration.breaking import PARTNER, leave_something_broken
from cli.demonstration.cast import PRAIRIE
from cli.demonstration.masters import House
from services.clientele import connections
from services.clientele.connection_facts import ConnectionFacts
from services.operations import incidents
from services.operations.incident_views import IncidentLine
from tests.fixtures.lifecycle import Walk, eventually

pytestmark = pytest.mark.slow


async def test_a_folder_typed_wrongly_holds_a_claim_until_it_is_corrected(
    walk: Walk, other_walk: Walk
) -> None:
    admin, provider = walk.tenant.admin, await walk.provider()
    people = {one.email: admin for one in PRAIRIE.people}
    house = House(
        PRAIRIE, datetime.now(UTC).date(), [walk.client_id], [[provider]], [walk.payer_id], actors=people
    )
    assert await leave_something_broken(house) and not await leave_something_broken(house)
    line = await eventually(lambda: _one(walk))
    assert (line.what_label, line.code) == ("Waits until it is mended", "not_permitted")
    broken = next(one for one in (await connections.list_connections(admin)).items if one.name == PARTNER)
    assert line.mend_href == f"/connections/{broken.id}"
    same = {
        one.name: getattr(broken, one.name) for one in fields(ConnectionFacts) if one.name != "access_token"
    }
    await connections.change_connection(
        admin, broken.id, replace(ConnectionFacts(**same), inbound_folder="inbound")
    )
    await eventually(lambda: _over(walk))
    assert not (await incidents.list_incidents(other_walk.tenant.admin, state="all")).items


async def _one(walk: Walk) -> IncidentLine | None:
    return next(iter((await incidents.list_incidents(walk.tenant.admin)).items), None)


async def _over(walk: Walk) -> bool:
    resolved = await incidents.list_incidents(walk.tenant.admin, state="resolved")
    sent = await walk.rows("SELECT 1 FROM edi_batches WHERE sent_at IS NOT NULL")
    return bool(resolved.items and sent)
