"""Remittances with their proofs, payments without a claim, and the ledger of a claim."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post

from domain.paging import Page
from domain.tenancy import Actor
from services.remittances import posted, unmatched
from services.remittances.views import (
    Candidate,
    LedgerEntry,
    RemittanceClaim,
    RemittanceLine,
    RemittanceView,
    UnmatchedClaim,
)


@dataclass(frozen=True, slots=True)
class Match:
    """The claim that a payment is for."""

    claim_id: UUID


class Remittances(Controller):
    """Payments as payers explained them (835)."""

    path = "/remittances"
    tags = ("Remittances",)

    @get("/")
    async def list_remittances(
        self,
        actor: Actor,
        status: str = "",
        text: str = "",
        file_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[RemittanceLine]:
        """Remittances, newest first; `text` finds part of a trace number or of a payer's name."""
        return await posted.list_remittances(
            actor, status=status, text=text, file_id=file_id, cursor=cursor, limit=limit
        )

    @get("/{remittance_id:uuid}")
    async def get_remittance(
        self, actor: Actor, remittance_id: UUID, cursor: str | None = None, limit: int = 50
    ) -> RemittanceView:
        """A remittance with its balance proof and a page of its claims. Reading it is audited."""
        return await posted.get_remittance(actor, remittance_id, cursor=cursor, limit=limit)

    @get("/unmatched")
    async def list_unmatched(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[UnmatchedClaim]:
        """Payments that belong to no claim yet, newest first."""
        return await unmatched.unmatched(actor, cursor=cursor, limit=limit)

    @get("/claims/{remittance_claim_id:uuid}/candidates")
    async def candidates_for(self, actor: Actor, remittance_claim_id: UUID) -> list[Candidate]:
        """Claims that a payment may be about, likeliest first."""
        return await unmatched.candidates_for(actor, remittance_claim_id)

    @post("/claims/{remittance_claim_id:uuid}/match", status_code=200)
    async def match_claim(self, actor: Actor, remittance_claim_id: UUID, data: Match) -> RemittanceClaim:
        """Say which claim a payment is for: its money moves there once."""
        return await unmatched.match_claim(actor, remittance_claim_id, data.claim_id)


class Ledger(Controller):
    """How a claim's figures were derived."""

    path = "/claims/{claim_id:uuid}/ledger"
    tags = ("Remittances",)

    @get("/")
    async def ledger_of_claim(self, actor: Actor, claim_id: UUID) -> list[LedgerEntry]:
        """Every entry behind the claim's figures, oldest first."""
        return await posted.ledger_of_claim(actor, claim_id)
