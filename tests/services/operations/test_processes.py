"""The list of processes: every kind from its own records, filtered, by key, and of one tenant only."""

import pytest

from database import incidents as stored
from database.incidents import Failing
from database.process_sources import ONE_OF_A_TENANT, source_of
from database.session import tenant_session
from domain.incidents import What
from domain.processes import PROCESSES
from domain.refusals import Invalid, NotAllowed, NotFound
from domain.tenancy import workflow_actor
from services.operations import processes, time_spent
from tests.fixtures.exchange import Exchange


def test_every_kind_of_process_has_records_or_is_one_of_a_tenant() -> None:
    kinds = {kind for kind in PROCESSES if source_of(kind) is None}
    assert kinds == ONE_OF_A_TENANT | {"look"}


async def test_each_kind_is_listed_in_every_state(here: Exchange) -> None:
    for kind in PROCESSES:
        for state in ("", "running", "ended", "stuck"):
            page = await processes.list_processes(
                here.tenant.admin, kind=kind, state=state, reference="no such thing"
            )
            assert page.items == [], (kind, state)


async def test_claims_are_found_by_state_reference_and_client_newest_first(
    here: Exchange, there: Exchange
) -> None:
    admin = here.tenant.admin
    first, second = await here.claim(), await here.claim()
    await there.claim()
    listed = await processes.list_processes(admin, kind="claim")
    assert [one.id for one in listed.items] == [second, first]
    page = await processes.list_processes(admin, kind="claim", limit=1)
    assert page.next
    rest = await processes.list_processes(admin, kind="claim", limit=1, cursor=page.next)
    assert [one.id for one in (*page.items, *rest.items)] == [second, first]
    mine = await processes.list_processes(admin, reference=listed.items[0].reference.lower())
    assert [one.id for one in mine.items] == [second]
    assert len((await processes.list_processes(admin, client_id=here.client_id)).items) == 2
    assert not (await processes.list_processes(admin, client_id=there.client_id)).items
    assert not (await processes.list_processes(admin, kind="claim", state="stuck")).items
    with pytest.raises(NotFound):
        await processes.get_process(there.tenant.admin, "claim", first)
    with pytest.raises(NotFound):
        await processes.get_process(admin, "nothing", first)
    with pytest.raises(Invalid):
        await processes.list_processes(admin, kind="nothing")


async def test_a_process_that_fails_is_stuck_and_says_so_in_its_timeline(
    here: Exchange, there: Exchange
) -> None:
    claim_id = await here.claim()
    failing = Failing(
        f"{here.tenant.tenant_id}/claim/{claim_id}",
        What.LOCAL,
        "database_unavailable",
        "scrub_claim",
        attempts=3,
    )
    async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
        await stored.record(session, failing)
    stuck = await processes.list_processes(here.tenant.admin, state="stuck")
    assert [(one.kind, one.id) for one in stuck.items] == [("claim", claim_id)]
    view = await processes.get_process(here.tenant.admin, "claim", claim_id)
    assert view.timeline[0].words == "An incident was opened: The database did not answer."
    assert (view.incidents[0].attempts, view.href) == (3, f"/claims/{claim_id}")
    assert not (await processes.list_processes(there.tenant.admin, state="stuck")).items


async def test_who_may_not_see_a_kind_is_refused_it_and_sees_the_others(
    here: Exchange, there: Exchange
) -> None:
    biller = await here.tenant.actor("Biller")
    assert "poll" in {one.kind for one in (await processes.list_processes(biller)).items}
    with pytest.raises(NotAllowed):
        await processes.list_processes(biller, kind="approval")
    with pytest.raises(NotAllowed):
        await time_spent.time_spent(biller)


async def test_where_time_goes_is_reckoned_for_work_and_said_in_a_sentence(
    here: Exchange, there: Exchange
) -> None:
    owner, tenant = here.tenant.owner, here.tenant
    claim_id = await here.claim()
    for idle, work in ((1, 1), (3, 1), (8, 2)):
        item = await owner.fetchval(
            "INSERT INTO work_items (tenant_id, key, kind, title, subject_type, subject_id, status, due_at, created_at,"
            " finished_at) VALUES ($1, gen_random_uuid(), 'hold', 'x', 'claim', $2, 'done', now(),"
            " now() - make_interval(hours => $3), now()) RETURNING id",
            tenant.tenant_id,
            claim_id,
            idle + work,
        )
        await owner.execute(
            "INSERT INTO work_item_events (tenant_id, work_item_id, kind, at)"
            " VALUES ($1, $2, 'taken', now() - make_interval(hours => $3))",
            tenant.tenant_id,
            item,
            work,
        )
    found = await time_spent.time_spent(tenant.admin, days=7, client_id=here.client_id)
    (step,) = found.steps
    assert (step.process, step.step, step.outside) == ("Claim", "Hold", None)
    assert step.idle and step.working
    assert (step.idle.count, round(step.idle.median / 3600), round(step.idle.total / 3600)) == (3, 3, 12)
    assert round(step.working.p90 / 360) == 18
    assert found.finding == "75 % of the time goes lying idle, most of it at Claim: Hold"
    assert not (await time_spent.time_spent(there.tenant.admin)).steps
    with pytest.raises(Invalid):
        await time_spent.time_spent(tenant.admin, days=91)
