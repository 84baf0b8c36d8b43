"""A simulation over more decisions than fit one portion: each asked once, and its history kept for replay."""

from temporalio.client import WorkflowHistory
from temporalio.worker import Worker

from activities.rules.simulating import PORTION, SimulationTask, simulate_portion
from domain.rules.simulation import AT_ONCE
from services.rules import simulation
from services.rules.drafts import save_draft
from tests.fixtures.leaping import leaping_server
from tests.fixtures.tenancy import TenantFixture
from tests.services.rules.test_decision_tables import CODE, grid
from tests.services.rules.test_simulation import decided
from workflows.rules import RuleSimulation

DECISIONS = max(AT_ONCE, PORTION) + 1


async def test_every_decision_is_asked_again_until_none_is_left(
    north: TenantFixture, south: TenantFixture
) -> None:
    await simulated(north)
    (run,) = await simulation.list_simulations(north.admin, CODE)
    assert (run.status, run.done, run.changed) == ("done", DECISIONS, DECISIONS)


async def simulated(north: TenantFixture) -> WorkflowHistory:
    """The history of a run over the decisions of a week."""
    await decided(north, [60_000] * DECISIONS)
    await save_draft(north.admin, CODE, grid(("coding", "", "2")), [])
    run = await simulation.simulate(north.admin, CODE, 7)
    task = SimulationTask(north.tenant_id, run.id)
    environment = await leaping_server()
    async with (
        environment,
        Worker(
            environment.client, task_queue="core", workflows=[RuleSimulation], activities=[simulate_portion]
        ),
    ):
        process = await environment.client.start_workflow(
            RuleSimulation.run,
            task,
            id=f"{task.tenant_id}/simulation/{task.simulation_id}",
            task_queue="core",
        )
        await process.result()
        return await process.fetch_history()
