"""What administrators look after: tokens of programs, the checklist, and the audit trail."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.tenancy import Actor
from services.insight import overview as insight
from services.insight.overview import NavigationCounts, Overview
from services.tenancy import audit_trail, tokens
from services.tenancy import expected_answers as expected
from services.tenancy.audit_trail import AuditEntry
from services.tenancy.checklist import ChecklistStep
from services.tenancy.checklist import checklist as steps
from services.tenancy.tokens import MadeToken, TokenView


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token for a program: what it may do and for how many days."""

    name: str
    permissions: list[str]
    days: int = 90


@dataclass(frozen=True, slots=True)
class ExpectedAnswers:
    """Seconds from sending after which each answer is missed; one left out goes back to its usual limit."""

    seconds: dict[str, int]


class Tokens(Controller):
    """Tokens for programs. A token never holds more than its maker does now."""

    path = "/tokens"
    tags = ("Tokens",)

    @get("/")
    async def list_tokens(self, actor: Actor) -> list[TokenView]:
        """Every token, without its secret."""
        return await tokens.list_tokens(actor)

    @post("/")
    async def make_token(self, actor: Actor, data: TokenFacts) -> MadeToken:
        """Make a token. The secret comes back this once."""
        return await tokens.make_token(actor, data.name, data.permissions, data.days)

    @post("/{token_id:uuid}/revoke", status_code=200)
    async def revoke_token(self, actor: Actor, token_id: UUID) -> TokenView:
        """End a token at once."""
        return await tokens.revoke_token(actor, token_id)


class House(Controller):
    """How the tenant stands, and what was done in it."""

    tags = ("Tenant",)

    @get("/checklist")
    async def checklist(self, actor: Actor) -> list[ChecklistStep]:
        """What is left to do until the first claim is accepted."""
        return await steps(actor)

    @get("/overview")
    async def overview(self, actor: Actor) -> Overview:
        """The figures of the first page."""
        return await insight.overview(actor)

    @get("/navigation")
    async def navigation(self, actor: Actor) -> NavigationCounts:
        """What waits, as the menu shows it; counts stop at a bound."""
        return await insight.navigation(actor)

    @get("/expected-answers")
    async def expected_answers(self, actor: Actor) -> ExpectedAnswers:
        """How soon each answer of a partner is expected before an alarm is raised."""
        return ExpectedAnswers(await expected.expected_answers(actor))

    @put("/expected-answers")
    async def expect_answers_within(self, actor: Actor, data: ExpectedAnswers) -> ExpectedAnswers:
        """Replace the tenant's own limits."""
        return ExpectedAnswers(await expected.expect_answers_within(actor, data.seconds))

    @get("/audit")
    async def list_audit_entries(
        self,
        actor: Actor,
        subject_type: str = "",
        subject_id: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AuditEntry]:
        """The audit trail, the latest first, of one subject or of everything."""
        return await audit_trail.entries(actor, subject_type, subject_id, cursor, limit)
