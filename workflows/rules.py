"""A simulation of a decision table that is too long to wait for."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.rules.simulating import SimulationTask, simulate_portion
    from workflows.portions import in_portions


@workflow.defn
class RuleSimulation:
    """Asks portion by portion until no decision is left or somebody stopped the run."""

    @workflow.run
    async def run(self, task: SimulationTask) -> None:
        await in_portions(simulate_portion, task)
