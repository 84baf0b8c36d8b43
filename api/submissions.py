"""Submissions: each claim's chain of answers, what is awaited, how soon partners answer, and the proof of timely filing."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.tenancy import Actor
from services.documents import DocumentLine
from services.edi import batch_chains, filing_proofs, submissions
from services.edi.submission_views import AwaitedLine, BatchLinkView, SubmissionView
from services.tenancy import expected_answers
from services.tenancy.expected_answers import PartnerAnswer, PartnerLimit


@dataclass
class ProofOf:
    """The version of the claim to be proven."""

    version: int


class Submissions(Controller):
    """What was sent, and what partners said of it."""

    path = "/submissions"
    tags = ("Submissions",)

    @get("/")
    async def awaited(
        self,
        actor: Actor,
        answer: str = "",
        payer_id: UUID | None = None,
        connection_id: UUID | None = None,
        late: bool = False,
        near_limit: bool = False,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AwaitedLine]:
        """Claims that wait for an answer, what is due first first."""
        wanted = submissions.Wanted(answer, payer_id, connection_id, late, near_limit)
        return await submissions.awaited(actor, wanted, cursor=cursor, limit=limit)

    @get("/of-claim/{claim_id:uuid}")
    async def submissions_of(self, actor: Actor, claim_id: UUID) -> list[SubmissionView]:
        """Every version of a claim that travelled, with TA1, 999, 277CAs, control number and 835."""
        return await submissions.submissions_of(actor, claim_id)

    @get("/of-batch/{batch_id:uuid}")
    async def chain_of_batch(self, actor: Actor, batch_id: UUID) -> list[BatchLinkView]:
        """What each partner has answered to a batch so far."""
        return await batch_chains.chain_of_batch(actor, batch_id)

    @post("/of-claim/{claim_id:uuid}/proof")
    async def prove_filing(self, actor: Actor, claim_id: UUID, data: ProofOf) -> DocumentLine:
        """Make the proof of timely filing of a version; 409 with the reason while nothing proves it."""
        return await filing_proofs.prove_filing(actor, claim_id, data.version)

    @get("/expected-answers")
    async def answers_of_partners(self, actor: Actor) -> list[PartnerAnswer]:
        """How soon each payer and connection answers, and how long is waited."""
        return await expected_answers.answers_of_partners(actor)

    @put("/expected-answers")
    async def expect_of_partner(self, actor: Actor, data: PartnerLimit) -> list[PartnerAnswer]:
        """Say how long one payer or connection may take for one answer; null goes back to what is learned."""
        return await expected_answers.expect_of_partner(actor, data)

    @post("/expected-answers/learning", status_code=202)
    async def learn_now(self, actor: Actor) -> None:
        """Learn from the history now instead of tonight."""
        await expected_answers.learn_now(actor)
