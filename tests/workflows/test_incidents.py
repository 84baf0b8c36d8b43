"""Incidents on real parts: what keeps failing is told in plain words, mended in its record, retried at once, or cancelled."""

from dataclasses import replace
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError

from activities.edi.messages import ConnectionInput
from activities.incidents import scanning
from cli.ports import any_free
from database import incidents as stored
from database.incidents import Failing
from database.session import tenant_session
from domain.incidents import What
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import workflow_actor
from services.clientele import connections
from services.clientele.connection_facts import ConnectionFacts
from services.operations import incidents, processes, retrying
from services.operations.incident_views import RetriedLately
from tests.fixtures.lifecycle import Walk, eventually

pytestmark = pytest.mark.slow


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


async def test_a_refused_sign_in_is_an_incident_that_retrying_ends_once_it_is_mended(
    walk: Walk, other_walk: Walk
) -> None:
    ours = await walk.sign_in_as("somebody-else")
    claim = await walk.created()
    line = await _incident(walk)
    assert (line.code, line.what_label) == ("credentials_refused", "Waits until it is mended")
    await walk.sign_in_as(ours)
    outcomes = await retrying.retry_many(walk.tenant.admin, [line.id, claim.id])
    assert [one.code for one in outcomes] == ["", "not_found"]
    await _closed(walk, line.id)
    assert await retrying.retried_lately(walk.tenant.admin) == RetriedLately(1, 1)
    assert await retrying.retried_lately(other_walk.tenant.admin) == RetriedLately(0, 0)
    (late,) = await retrying.retry_many(walk.tenant.admin, [line.id])
    assert late.code == "incident.closed"
    (foreign,) = await retrying.retry_many(other_walk.tenant.admin, [line.id])
    assert foreign.code == "not_found"
    assert (await walk.at_step(claim.id, "closed")).outcome == "paid"
    assert not await walk.items("incident")


async def test_a_cancelled_batch_holds_its_claims_which_go_again_with_another(
    walk: Walk, other_walk: Walk
) -> None:
    ours = await walk.sign_in_as("somebody-else")
    claim = await walk.created()
    line = await _incident(walk)
    with pytest.raises(Invalid):
        await incidents.cancel(walk.tenant.admin, line.id, " ")
    seen = await incidents.cancel(walk.tenant.admin, line.id, "Wrong partner")
    assert (seen.line.state, seen.reason, seen.cancellable) == ("cancelled", "Wrong partner", False)
    held = await walk.at_step(claim.id, "held")
    assert held.held_reason == "batch_cancelled"
    assert not await walk.items("incident")
    await walk.sign_in_as(ours)
    await connections.close_circuit(walk.tenant.admin, walk.connection_id, "Mended")
    await walk.decide("hold", claim.id, "recheck")
    assert (await walk.at_step(claim.id, "closed")).outcome == "paid"
    batches = await walk.rows("SELECT status FROM edi_batches ORDER BY interchange_number")
    assert batches[0]["status"] == "failed"


async def test_looks_that_fail_are_found_by_the_scan_and_over_when_one_works(
    walk: Walk, other_walk: Walk
) -> None:
    right = await _nobody_there(walk)
    tenant_id = walk.tenant.tenant_id
    poll = ConnectionInput(tenant_id, walk.connection_id)
    run = f"{tenant_id}/poll/{walk.connection_id}-2026-11-22T12:00:00Z"
    look = await walk.temporal.start_workflow("ConnectionPoller", poll, id=run, task_queue="edi")
    with pytest.raises(WorkflowFailureError):
        await look.result()

    async def found() -> Any:
        await scanning.scan_once(walk.temporal)
        return (await incidents.list_incidents(walk.tenant.admin)).items

    (line,) = await eventually(found)
    assert (line.kind, line.code, line.what, line.mend_href) == (
        "poll", "unreachable", "failed", f"/connections/{walk.connection_id}",
    )  # fmt: skip
    await scanning.scan_once(walk.temporal)
    assert (await incidents.get_incident(walk.tenant.admin, line.id)).line.attempts == 1
    await _change_port(walk, right)
    await incidents.retry(walk.tenant.admin, line.id)

    async def over() -> bool:
        await scanning.close_what_is_over(walk.temporal)
        return not (await incidents.list_incidents(walk.tenant.admin)).items

    await eventually(over)
    platform = await incidents.all_open()
    assert not [one for one in platform if one.tenant_id == tenant_id]


async def test_a_cancelled_claim_keeps_its_facts_and_says_why_it_is_closed(
    walk: Walk, other_walk: Walk
) -> None:
    claim = await walk.created(release=False)
    await walk.at_step(claim.id, "ready")
    failing = Failing(f"{walk.tenant.tenant_id}/claim/{claim.id}", What.LOCAL, "fault.KeyError", "follow_up")
    async with tenant_session(workflow_actor(walk.tenant.tenant_id, "tests")) as session:
        found = await stored.record(session, failing)
    assert found is not None
    (shown,) = [one for one in await incidents.all_open() if one.tenant_id == walk.tenant.tenant_id]
    assert (shown.tenant, shown.words) == ("north", "The program has a fault in this step.")
    await incidents.cancel(walk.tenant.admin, found, "Entered twice")
    seen = await walk.view(claim.id)
    assert (seen.step, seen.closed_reason) == ("closed", "withdrawn")
    assert any("Its process was cancelled: nothing was sent" in one.summary for one in seen.activities)
    described = await walk.process(claim.id).describe()
    assert described.status is WorkflowExecutionStatus.TERMINATED
    technical = await processes.technical_history(walk.tenant.admin, "claim", claim.id)
    assert (technical.status, technical.pending) == ("Terminated", [])
    assert {one.name for one in technical.history} >= {"ClaimLifecycle"}
