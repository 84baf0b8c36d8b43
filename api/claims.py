"""Claims: capture, correction, release, and everything that is known of one."""

from dataclasses import dataclass, field
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.claims import capture, catalogue, corrections, revenue_codes
from services.claims.revenue_codes import RevenueCode
from services.claims.versions import Comparison, compare_versions
from services.claims.views import ClaimDraft, ClaimLine, ClaimView, Diagnosis, RowOutcome
from services.rules.custom_values import filter_of


@dataclass(frozen=True, slots=True)
class ClaimIds:
    """The claims to act on, each on its own."""

    claim_ids: list[UUID]


@dataclass(frozen=True, slots=True)
class ClaimSearch:
    """`text` finds references, claim numbers, beginnings of patients' names, and member ids; `custom` are values of the
    tenant's own fields as `code:value`."""

    text: str
    statuses: list[str] = field(default_factory=list)
    client_id: UUID | None = None
    payer_id: UUID | None = None
    patient_id: UUID | None = None
    cursor: str | None = None
    limit: int = 50
    form: str = ""
    custom: list[str] = field(default_factory=list)


class Claims(Controller):
    """Claims from capture to payment."""

    path = "/claims"
    tags = ("Claims",)

    @get("/")
    async def list_claims(
        self,
        actor: Actor,
        statuses: list[str] | None = None,
        client_id: UUID | None = None,
        payer_id: UUID | None = None,
        patient_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
        form: str = "",
        custom: list[str] | None = None,
    ) -> Page[ClaimLine]:
        """Claims, newest first, narrowed by status, client, payer, patient, form (professional, institutional), or by
        values of the tenant's own fields as `code:value`."""
        wanted = ClaimSearch(
            "", statuses or [], client_id, payer_id, patient_id, cursor, limit, form, custom or []
        )
        return await _found(actor, wanted)

    @post("/search", status_code=200)
    async def search_claims(self, actor: Actor, data: ClaimSearch) -> Page[ClaimLine]:
        """The list narrowed by words. A POST, so that names stay out of addresses and logs."""
        return await _found(actor, data)

    @post("/")
    async def create_claim(self, actor: Actor, data: ClaimDraft, release: bool = False) -> ClaimView:
        """Capture a claim, with `facts` an institutional one; with `release` it goes on at once when it is clean. Wrong
        codes come back as findings."""
        return await capture.create(actor, data, release=release)

    @get("/{claim_id:uuid}")
    async def get_claim(self, actor: Actor, claim_id: UUID) -> ClaimView:
        """A claim with its facts, findings, versions, acknowledgements, remittances, ledger and diagram."""
        return await catalogue.get_claim(actor, claim_id)

    @put("/{claim_id:uuid}")
    async def correct_claim(
        self,
        actor: Actor,
        claim_id: UUID,
        data: ClaimDraft,
        expected_version: int | None,
        void: bool = False,
    ) -> ClaimView:
        """Replace the claim's facts: a new version, with frequency 1, 7 or 8 as its history requires."""
        return await capture.correct(actor, claim_id, data, expected_version=expected_version, void=void)

    @post("/{claim_id:uuid}/release", status_code=200)
    async def release_claim(self, actor: Actor, claim_id: UUID) -> ClaimView:
        """Hand the claim to scrubbing and the next batch."""
        return await capture.release(actor, claim_id)

    @post("/release", status_code=200)
    async def release_claims(self, actor: Actor, data: ClaimIds) -> list[RowOutcome]:
        """Release many claims; the outcome of each."""
        return await capture.release_many(actor, data.claim_ids)

    @post("/{claim_id:uuid}/hold", status_code=200)
    async def hold_claim(self, actor: Actor, claim_id: UUID, data: Reason) -> ClaimView:
        """Stop the claim before it is sent."""
        return await capture.hold(actor, claim_id, data.reason)

    @post("/{claim_id:uuid}/withdraw", status_code=200)
    async def withdraw_claim(self, actor: Actor, claim_id: UUID, data: Reason) -> ClaimView:
        """Give the claim up; nothing is sent."""
        return await capture.withdraw(actor, claim_id, data.reason)

    @post("/{claim_id:uuid}/close", status_code=200)
    async def close_claim(self, actor: Actor, claim_id: UUID, data: Reason) -> ClaimView:
        """Close a claim that needs nothing more."""
        return await capture.close(actor, claim_id, data.reason)

    @post("/{claim_id:uuid}/void", status_code=200)
    async def void_claim(self, actor: Actor, claim_id: UUID, data: Reason) -> ClaimView:
        """Ask the payer to take back a claim that it decided (frequency 8)."""
        return await corrections.void(actor, claim_id, data.reason)

    @post("/{claim_id:uuid}/reopen", status_code=200)
    async def reopen_claim(self, actor: Actor, claim_id: UUID, data: Reason) -> ClaimView:
        """Open a closed claim again, so that it can be replaced or voided. Its process follows at once."""
        return await corrections.reopen(actor, claim_id, data.reason)

    @post("/{claim_id:uuid}/next-payer", status_code=200)
    async def bill_next_payer(self, actor: Actor, claim_id: UUID) -> ClaimView:
        """Bill the next payer for what this one has left; refused with the reason where none may be billed."""
        return await corrections.bill_next_payer(actor, claim_id)

    @post("/{claim_id:uuid}/next-payer/decline", status_code=200)
    async def do_not_bill_next_payer(self, actor: Actor, claim_id: UUID, data: Reason) -> ClaimView:
        """Leave the balance where it is: the next payer is not billed."""
        return await corrections.do_not_bill_next_payer(actor, claim_id, data.reason)

    @get("/{claim_id:uuid}/versions")
    async def compare_claim_versions(self, actor: Actor, claim_id: UUID, left: int, right: int) -> Comparison:
        """Two versions of the claim side by side: what changed, the money, the findings and the answers of each."""
        return await compare_versions(actor, claim_id, left, right)


class Codes(Controller):
    """Code sets to choose from."""

    path = "/codes"
    tags = ("Claims",)

    @get("/diagnoses")
    async def search_diagnoses(self, actor: Actor, text: str) -> list[Diagnosis]:
        """ICD-10-CM codes by code or words."""
        return await catalogue.search_diagnoses(actor, text)

    @get("/revenue")
    async def search_revenue_codes(self, actor: Actor, number: str) -> list[RevenueCode]:
        """Revenue codes by the beginning of their number."""
        return await revenue_codes.search_revenue_codes(actor, number)


async def _found(actor: Actor, wanted: ClaimSearch) -> Page[ClaimLine]:
    return await catalogue.list_claims(
        actor,
        statuses=tuple(wanted.statuses),
        client_id=wanted.client_id,
        payer_id=wanted.payer_id,
        patient_id=wanted.patient_id,
        form=wanted.form,
        text=wanted.text,
        custom=filter_of(wanted.custom),
        cursor=wanted.cursor,
        limit=wanted.limit,
    )
