"""A run over more items than fit one portion: every row acted on once, and its history kept for replay."""

from temporalio.client import WorkflowHistory
from temporalio.worker import Worker

from activities.work import Opening, open_items
from activities.work_runs import PORTION, RunTask, act_on_portion
from database.session import tenant_session
from domain.tenancy import Actor, workflow_actor
from domain.work import Kind
from domain.work_runs import MOST_AT_ONCE, Act, Order
from domain.work_views import WorkFilter
from services.work import bulk
from tests.fixtures.leaping import leaping_server
from tests.fixtures.tenancy import TenantFixture
from workflows.work import BulkWork

ITEMS = MOST_AT_ONCE + PORTION + 1


async def many(tenant: TenantFixture, count: int) -> None:
    openings = [Opening(str(n), Kind.HOLD, f"C-{n} held") for n in range(count)]
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await open_items(session, openings)


async def test_a_whole_filter_is_acted_on_row_by_row_until_none_is_left(
    north: TenantFixture, south: TenantFixture
) -> None:
    await many(north, ITEMS)
    await many(south, 1)
    biller, other = await north.actor("Biller"), await north.actor("Biller")
    taken = (
        await bulk.act_on(
            other,
            [
                (
                    await north.owner.fetchval(
                        "SELECT id FROM work_items WHERE tenant_id = $1 LIMIT 1", north.tenant_id
                    )
                )
            ],
            Order(Act.TAKE),
        )
    )[0]
    await worked(north, biller)
    (run,) = await bulk.list_runs(biller)
    assert (run.status, run.total, run.done, run.refused) == ("done", ITEMS - 1, ITEMS - 1, 0)
    assert taken.code == ""
    owned = "SELECT count(*) FROM work_items WHERE owner_id = $1"
    assert await north.owner.fetchval(owned, biller.user_id) == ITEMS - 1
    assert await north.owner.fetchval("SELECT count(*) FROM work_items WHERE owner_id IS NULL") == 1


async def worked(north: TenantFixture, actor: Actor) -> WorkflowHistory:
    """The history of a run that takes everything that is free."""
    answer = await bulk.act_on_filter(actor, WorkFilter(), Order(Act.TAKE))
    assert answer.run is not None
    task = RunTask(north.tenant_id, answer.run.id)
    environment = await leaping_server()
    async with (
        environment,
        Worker(environment.client, task_queue="core", workflows=[BulkWork], activities=[act_on_portion]),
    ):
        process = await environment.client.start_workflow(
            BulkWork.run, task, id=f"{task.tenant_id}/bulk/{task.run_id}", task_queue="core"
        )
        await process.result()
        return await process.fetch_history()
