"""How payers behave: denials and their reasons, days to pay, underpayments, duplicates, likely denials."""

from uuid import UUID

from litestar import Controller, get

from domain.paging import Page
from domain.tenancy import Actor
from services.insight import duplicates, likelihood, payers, underpayments
from services.insight.duplicates import Duplicate
from services.insight.likelihood import Forecast
from services.insight.payers import PayerBehaviour, PayerDetail
from services.insight.underpayments import UnderpaidProcedure, Underpayment


class Insight(Controller):
    """What the tenant's own remittances say."""

    path = "/insight"
    tags = ("Insight",)

    @get("/payers")
    async def payers_behaviour(self, actor: Actor, days: int = 90) -> list[PayerBehaviour]:
        """Every payer that decided anything in the last `days` days: denial rate with its interval, refused money,
        days to pay, rejections."""
        return await payers.payers_behaviour(actor, days=days)

    @get("/payers/{payer_id:uuid}")
    async def payer_behaviour(self, actor: Actor, payer_id: UUID, days: int = 365) -> PayerDetail:
        """One payer by reason, month and procedure."""
        return await payers.payer_behaviour(actor, payer_id, days=days)

    @get("/underpayments")
    async def list_underpayments(
        self,
        actor: Actor,
        payer_id: UUID | None = None,
        in_time: bool = False,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Underpayment]:
        """Lines allowed below the contracted schedule, the largest difference first."""
        return await underpayments.underpayments(
            actor, payer_id=payer_id, in_time=in_time, cursor=cursor, limit=limit
        )

    @get("/underpayments/procedures")
    async def underpaid_procedures(
        self, actor: Actor, payer_id: UUID | None = None
    ) -> list[UnderpaidProcedure]:
        """The same, summed by payer and procedure."""
        return await underpayments.underpaid_procedures(actor, payer_id=payer_id)

    @get("/duplicates")
    async def list_duplicates(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[Duplicate]:
        """Services that stand on several claims of one patient, the latest first."""
        return await duplicates.duplicates(actor, cursor=cursor, limit=limit)

    @get("/likely-denials")
    async def likely_denials(self, actor: Actor) -> Forecast:
        """Unsent claims, likeliest to be denied first, with reasons and the measured accuracy."""
        return await likelihood.likely_denials(actor)

    @get("/likely-denials/{claim_id:uuid}")
    async def likelihood_of_claim(self, actor: Actor, claim_id: UUID) -> Forecast:
        """The same for one claim."""
        return await likelihood.likelihood_of(actor, claim_id)
