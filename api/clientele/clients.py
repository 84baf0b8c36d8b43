"""Clients: the providers that a billing company bills for."""

from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.clientele import clients
from services.clientele.clients import ClientFacts, ClientView


class Clients(Controller):
    """Clients: the providers that a billing company bills for."""

    path = "/clients"
    tags = ("Clients",)

    @get("/")
    async def list_clients(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ClientView]:
        """Clients by name; `text` finds part of the name, an NPI or a tax id."""
        return await clients.list_clients(actor, text, cursor, limit, active)

    @post("/")
    async def add_client(self, actor: Actor, data: ClientFacts) -> ClientView:
        """Add a client."""
        return await clients.add_client(actor, data)

    @get("/{client_id:uuid}")
    async def get_client(self, actor: Actor, client_id: UUID) -> ClientView:
        """One of them; its ETag is its version."""
        return await clients.get_client(actor, client_id)

    @put("/{client_id:uuid}")
    async def change_client(
        self, actor: Actor, client_id: UUID, data: ClientFacts, expected_version: int | None
    ) -> ClientView:
        """Replace a client's facts; 412 when it changed since `If-Match`."""
        return await clients.change_client(actor, client_id, data, expected_version)

    @post("/{client_id:uuid}/deactivate", status_code=200)
    async def deactivate_client(
        self, actor: Actor, client_id: UUID, data: Reason, expected_version: int | None
    ) -> ClientView:
        """Take a client out of use; what is under way goes on."""
        return await clients.deactivate_client(actor, client_id, data.reason, expected_version)

    @post("/{client_id:uuid}/reactivate", status_code=200)
    async def reactivate_client(
        self, actor: Actor, client_id: UUID, expected_version: int | None
    ) -> ClientView:
        """Take it back into use."""
        return await clients.reactivate_client(actor, client_id, expected_version)
