"""Rendering providers of clients."""

from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.clientele import providers
from services.clientele.providers import ProviderFacts, ProviderView


class Providers(Controller):
    """Rendering providers of clients."""

    path = "/providers"
    tags = ("Providers",)

    @get("/")
    async def list_providers(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        client_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ProviderView]:
        """Providers by name, of one client or of all."""
        return await providers.list_providers(actor, text, cursor, limit, active, client_id)

    @post("/")
    async def add_provider(self, actor: Actor, data: ProviderFacts) -> ProviderView:
        """Add a provider."""
        return await providers.add_provider(actor, data)

    @get("/{provider_id:uuid}")
    async def get_provider(self, actor: Actor, provider_id: UUID) -> ProviderView:
        """One of them; its ETag is its version."""
        return await providers.get_provider(actor, provider_id)

    @put("/{provider_id:uuid}")
    async def change_provider(
        self, actor: Actor, provider_id: UUID, data: ProviderFacts, expected_version: int | None
    ) -> ProviderView:
        """Replace a provider's facts."""
        return await providers.change_provider(actor, provider_id, data, expected_version)

    @post("/{provider_id:uuid}/deactivate", status_code=200)
    async def deactivate_provider(
        self, actor: Actor, provider_id: UUID, data: Reason, expected_version: int | None
    ) -> ProviderView:
        """Take a provider out of use."""
        return await providers.deactivate_provider(actor, provider_id, data.reason, expected_version)

    @post("/{provider_id:uuid}/reactivate", status_code=200)
    async def reactivate_provider(
        self, actor: Actor, provider_id: UUID, expected_version: int | None
    ) -> ProviderView:
        """Take it back into use."""
        return await providers.reactivate_provider(actor, provider_id, expected_version)
