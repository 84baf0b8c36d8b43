"""Remittances with their proofs, payments without a claim, balances at provider level, and the ledger of a claim."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post

from domain.paging import Page
from domain.tenancy import Actor
from services.remittances import line_matches, posted, provider_level, quarantine, unmatched
from services.remittances.doubt_views import (
    BrokenEquation,
    Candidate,
    LinesView,
    ProviderBalance,
    ProviderBalanceView,
)
from services.remittances.views import (
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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in a few words that the next person understands."""

    reason: str


@dataclass(frozen=True, slots=True)
class Picked:
    """The line that a service answers; 0: none of ours."""

    ordinal: int
    claim_line: int


@dataclass(frozen=True, slots=True)
class Picks:
    """The lines of a payment's services."""

    lines: list[Picked]


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

    @post("/claims/{remittance_claim_id:uuid}/not-ours", status_code=200)
    async def not_ours(self, actor: Actor, remittance_claim_id: UUID, data: Reason) -> ProviderBalanceView:
        """Say that a payment is for nobody here: its money is owed to the payer as a balance at provider level."""
        balance_id = await unmatched.not_ours(actor, remittance_claim_id, data.reason)
        return await provider_level.get_provider_balance(actor, balance_id)

    @get("/claims/{remittance_claim_id:uuid}/lines")
    async def line_matches(self, actor: Actor, remittance_claim_id: UUID) -> LinesView:
        """The services of a matched payment with their lines, each with its confidence and the lines it may be."""
        return await line_matches.line_matches(actor, remittance_claim_id)

    @post("/claims/{remittance_claim_id:uuid}/lines", status_code=200)
    async def pick_lines(self, actor: Actor, remittance_claim_id: UUID, data: Picks) -> LinesView:
        """Say which line each service answers."""
        picked = {one.ordinal: one.claim_line for one in data.lines}
        return await line_matches.pick_lines(actor, remittance_claim_id, picked)

    @get("/{remittance_id:uuid}/broken")
    async def broken_equations(self, actor: Actor, remittance_id: UUID) -> list[BrokenEquation]:
        """The equations that do not hold, each with the segment it stands on. Reading it is audited."""
        return await quarantine.broken_equations(actor, remittance_id)

    @post("/{remittance_id:uuid}/release", status_code=200)
    async def release(self, actor: Actor, remittance_id: UUID, data: Reason) -> RemittanceView:
        """Post a quarantined payment exactly as its file says."""
        await quarantine.release(actor, remittance_id, data.reason)
        return await posted.get_remittance(actor, remittance_id)


class ProviderBalances(Controller):
    """What payers carry forward or take back at provider level (PLB), by reference."""

    path = "/provider-balances"
    tags = ("Remittances",)

    @get("/")
    async def list_provider_balances(
        self,
        actor: Actor,
        standing: str = "open",
        text: str = "",
        claim_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ProviderBalance]:
        """Balances, newest first; `standing` is open, unexplained, settled, final or all."""
        return await provider_level.list_provider_balances(
            actor, standing=standing, text=text, claim_id=claim_id, cursor=cursor, limit=limit
        )

    @get("/{balance_id:uuid}")
    async def get_provider_balance(self, actor: Actor, balance_id: UUID) -> ProviderBalanceView:
        """A balance with its movements and, while nothing explains it, the claims that may."""
        return await provider_level.get_provider_balance(actor, balance_id)

    @post("/{balance_id:uuid}/tie", status_code=200)
    async def tie_provider_balance(self, actor: Actor, balance_id: UUID, data: Match) -> ProviderBalanceView:
        """Say which claim a balance is about."""
        await provider_level.tie_provider_balance(actor, balance_id, data.claim_id)
        return await provider_level.get_provider_balance(actor, balance_id)

    @post("/{balance_id:uuid}/no-claim", status_code=200)
    async def leave_provider_balance(
        self, actor: Actor, balance_id: UUID, data: Reason
    ) -> ProviderBalanceView:
        """Say that a balance belongs to no claim."""
        await provider_level.leave_provider_balance(actor, balance_id, data.reason)
        return await provider_level.get_provider_balance(actor, balance_id)


class Ledger(Controller):
    """How a claim's figures were derived."""

    path = "/claims/{claim_id:uuid}/ledger"
    tags = ("Remittances",)

    @get("/")
    async def ledger_of_claim(self, actor: Actor, claim_id: UUID) -> list[LedgerEntry]:
        """Every entry behind the claim's figures, oldest first."""
        return await posted.ledger_of_claim(actor, claim_id)
