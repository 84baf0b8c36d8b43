"""Incidents on real parts: what keeps failing is told in plain words, mended in its record, retried at once, or cancelled."""

from dataclasses import replace
from typing import Any

import pytest

from cli.ports import any_free
from domain.refusals import Conflict, NotAllowed, NotFound
from services.clientele import connections
from services.clientele.connection_facts import ConnectionFacts
from services.operations import incidents, processes
from tests.fixtures.lifecycle import Walk, eventually


async def _nobody_there(walk: Walk) -> int:
    """Have the connection lead to a port where nobody answers; the right one."""
    right = (await walk.one("SELECT port FROM connections"))["port"]
    await _change_port(walk, any_free())
    return int(right)


async def _change_port(walk: Walk, port: int) -> None:
    """Edit the connection as its page does."""
    now = await connections.get_connection(walk.tenant.admin, walk.connection_id)
    names = ConnectionFacts.__dataclass_fields__
    facts = ConnectionFacts(**{name: getattr(now, name) for name in names if hasattr(now, name)})
    await connections.change_connection(
        walk.tenant.admin, walk.connection_id, replace(facts, port=port), expected_version=now.version
    )


async def _incident(walk: Walk) -> Any:
    async def found() -> Any:
        page = await incidents.list_incidents(walk.tenant.admin)
        return page.items[0] if page.items else None

    return await eventually(found)


async def _closed(walk: Walk, incident_id: Any, state: str = "resolved") -> Any:
    async def closed() -> Any:
        one = await incidents.get_incident(walk.tenant.admin, incident_id)
        return one if one.line.state == state else None

    return await eventually(closed)


async def test_a_step_that_fails_is_told_in_words_mended_in_place_and_done_at_once_when_retried(
    walk: Walk, other_walk: Walk
) -> None:
    right = await _nobody_there(walk)
    claim = await walk.created()
    line = await _incident(walk)
    assert line.words == "Nobody answers at the partner's address."
    assert (line.kind, line.step_label, line.attempts >= 3) == ("batch", "Written", True)
    assert line.mend_href == f"/connections/{walk.connection_id}"
    shown = await processes.get_process(walk.tenant.admin, "batch", walk.connection_id)
    assert shown.line.state == "stuck" and shown.incidents[0].id == line.id
    assert "encoded[" in shown.diagram and ":::current" in shown.diagram
    told = await walk.rows("SELECT href FROM notifications WHERE kind = 'incident'")
    assert {one["href"] for one in told} == {f"/operations/incidents/{line.id}"}

    await _change_port(walk, right)
    await incidents.retry(walk.tenant.admin, line.id)
    closed = await _closed(walk, line.id)
    assert closed.outcome_words == "The step succeeded."
    assert [one.kind for one in closed.history] == ["resolved", "retried", "opened"]
    assert (await walk.at_step(claim.id, "closed")).outcome == "paid"
    with pytest.raises(Conflict, match="closed"):
        await incidents.retry(walk.tenant.admin, line.id)

    assert not (await incidents.list_incidents(other_walk.tenant.admin, state="all")).items
    with pytest.raises(NotFound):
        await incidents.get_incident(other_walk.tenant.admin, line.id)
    with pytest.raises(NotAllowed):
        await incidents.list_incidents(await walk.tenant.actor("Biller"))
