"""Routes: through which connection claims travel, and why."""

from uuid import UUID

from litestar import Controller, delete, get, post

from domain.tenancy import Actor
from services.clientele import routing
from services.clientele.routing import PayerWithoutRoute, RouteAnswer, RouteFacts, RouteView


class Routes(Controller):
    """Exceptions to a payer's own connection, by transaction and by client; the most specific one wins."""

    path = "/routes"
    tags = ("Routing",)

    @get("/")
    async def list_routes(self, actor: Actor, payer_id: UUID | None = None) -> list[RouteView]:
        """The routes that were set, by payer."""
        return await routing.list_routes(actor, payer_id)

    @post("/")
    async def set_route(self, actor: Actor, data: RouteFacts) -> RouteView:
        """Set where these claims go; one for the same payer, client and transaction is replaced."""
        return await routing.set_route(actor, data)

    @get("/where")
    async def where_would_it_go(
        self, actor: Actor, payer_id: UUID, client_id: UUID, transaction: str = "837P"
    ) -> RouteAnswer:
        """Where a claim would go now, and why."""
        return await routing.where_would_it_go(actor, payer_id, client_id, transaction)

    @get("/missing")
    async def payers_without_route(self, actor: Actor) -> list[PayerWithoutRoute]:
        """Active payers whose claims would wait."""
        return await routing.payers_without_route(actor)

    @delete("/{route_id:uuid}")
    async def drop_route(self, actor: Actor, route_id: UUID) -> None:
        """Take a route away."""
        await routing.drop_route(actor, route_id)
