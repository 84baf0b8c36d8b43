"""Simulations of decision tables: what a draft would have decided on the last days."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post

from domain.tenancy import Actor
from services.rules import simulation
from services.rules.simulation import SimulationView


@dataclass(frozen=True, slots=True)
class SimulationOrder:
    """The table whose draft is asked, and over how many of the last days, at most 90."""

    table: str
    days: int = 30


class Simulations(Controller):
    """What a draft would have decided. Nothing is written to what was decided about."""

    path = "/simulations"
    tags = ("Rules",)

    @get("/")
    async def list_simulations(self, actor: Actor, table: str, limit: int = 5) -> list[SimulationView]:
        """The latest runs of a table, the newest first, without their examples."""
        return await simulation.list_simulations(actor, table, limit=limit)

    @post("/")
    async def simulate_table(self, actor: Actor, data: SimulationOrder) -> SimulationView:
        """Ask the draft again what was decided: at once up to 300 decisions, else as a run to be looked at later."""
        return await simulation.simulate(actor, data.table, data.days)

    @get("/{simulation_id:uuid}")
    async def get_simulation(self, actor: Actor, simulation_id: UUID) -> SimulationView:
        """One run with its counts by outcome and up to 50 examples."""
        return await simulation.get_simulation(actor, simulation_id)

    @post("/{simulation_id:uuid}/stop", status_code=200)
    async def stop_simulation(self, actor: Actor, simulation_id: UUID) -> SimulationView:
        """End a run; what was counted so far stays."""
        return await simulation.stop_simulation(actor, simulation_id)
