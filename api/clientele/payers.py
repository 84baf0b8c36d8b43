"""Payers: who is billed, how, and until when."""

from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.clientele import payers
from services.clientele.payers import PayerFacts, PayerView


class Payers(Controller):
    """Payers: who is billed, how, and until when."""

    path = "/payers"
    tags = ("Payers",)

    @get("/")
    async def list_payers(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[PayerView]:
        """Payers by name."""
        return await payers.list_payers(actor, text, cursor, limit, active)

    @post("/")
    async def add_payer(self, actor: Actor, data: PayerFacts) -> PayerView:
        """Add a payer."""
        return await payers.add_payer(actor, data)

    @get("/{payer_id:uuid}")
    async def get_payer(self, actor: Actor, payer_id: UUID) -> PayerView:
        """One of them; its ETag is its version."""
        return await payers.get_payer(actor, payer_id)

    @put("/{payer_id:uuid}")
    async def change_payer(
        self, actor: Actor, payer_id: UUID, data: PayerFacts, expected_version: int | None
    ) -> PayerView:
        """Replace a payer's facts."""
        return await payers.change_payer(actor, payer_id, data, expected_version)

    @post("/{payer_id:uuid}/deactivate", status_code=200)
    async def deactivate_payer(
        self, actor: Actor, payer_id: UUID, data: Reason, expected_version: int | None
    ) -> PayerView:
        """Take a payer out of use."""
        return await payers.deactivate_payer(actor, payer_id, data.reason, expected_version)

    @post("/{payer_id:uuid}/reactivate", status_code=200)
    async def reactivate_payer(self, actor: Actor, payer_id: UUID, expected_version: int | None) -> PayerView:
        """Take it back into use."""
        return await payers.reactivate_payer(actor, payer_id, expected_version)
