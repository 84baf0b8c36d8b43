"""Clearinghouse connections over SFTP and REST. Private keys and tokens never leave."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.clientele import connections
from services.clientele.connection_facts import ConnectionFacts, ConnectionView
from services.clientele.connection_words import ConnectionTest


@dataclass(frozen=True, slots=True)
class PracticeName:
    """What the practice connection is to be called."""

    name: str


class Connections(Controller):
    """Clearinghouse connections over SFTP. Private keys never leave."""

    path = "/connections"
    tags = ("Connections",)

    @get("/")
    async def list_connections(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ConnectionView]:
        """Connections by name."""
        return await connections.list_connections(actor, text, cursor, limit, active)

    @post("/")
    async def add_connection(self, actor: Actor, data: ConnectionFacts) -> ConnectionView:
        """Add a connection; its key pair is made here and the public key comes back."""
        return await connections.add_connection(actor, data)

    @get("/{connection_id:uuid}")
    async def get_connection(self, actor: Actor, connection_id: UUID) -> ConnectionView:
        """One of them; its ETag is its version."""
        return await connections.get_connection(actor, connection_id)

    @put("/{connection_id:uuid}")
    async def change_connection(
        self, actor: Actor, connection_id: UUID, data: ConnectionFacts, expected_version: int | None
    ) -> ConnectionView:
        """Replace a connection's facts."""
        return await connections.change_connection(actor, connection_id, data, expected_version)

    @post("/{connection_id:uuid}/deactivate", status_code=200)
    async def deactivate_connection(
        self, actor: Actor, connection_id: UUID, data: Reason, expected_version: int | None
    ) -> ConnectionView:
        """Take a connection out of use."""
        return await connections.deactivate_connection(actor, connection_id, data.reason, expected_version)

    @post("/{connection_id:uuid}/reactivate", status_code=200)
    async def reactivate_connection(
        self, actor: Actor, connection_id: UUID, expected_version: int | None
    ) -> ConnectionView:
        """Take it back into use."""
        return await connections.reactivate_connection(actor, connection_id, expected_version)

    @post("/practice")
    async def add_practice_connection(self, actor: Actor, data: PracticeName) -> ConnectionView:
        """Connect to the practice clearinghouse: enrolled, keyed and pinned in one step."""
        return await connections.add_practice_connection(actor, data.name)

    @post("/practice-rest")
    async def add_practice_rest_connection(self, actor: Actor, data: PracticeName) -> ConnectionView:
        """Connect to the practice clearinghouse over HTTP: enrolled, and its token kept, in one step."""
        return await connections.add_practice_rest_connection(actor, data.name)

    @post("/{connection_id:uuid}/circuit/close", status_code=200)
    async def close_circuit(self, actor: Actor, connection_id: UUID, data: Reason) -> ConnectionView:
        """Let a partner that was left alone be called again at once."""
        return await connections.close_circuit(actor, connection_id, data.reason)

    @post("/{connection_id:uuid}/test", status_code=200)
    async def test_connection(self, actor: Actor, connection_id: UUID) -> ConnectionTest:
        """Sign in to the server and look into both folders; the result names the first thing that is wrong."""
        return await connections.test_connection(actor, connection_id)
