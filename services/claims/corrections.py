"""What is done about a claim that a payer has decided or that is closed: voided, opened again, billed on or not."""

from uuid import UUID, uuid4

from database.claim_states import facts_of
from database.session import Session
from domain.claims.states import correction_for
from domain.refusals import Conflict
from policies.permissions import Permission
from services import door
from services.claims.capture import store_correction
from services.claims.detail import view
from services.claims.drafts import draft_of
from services.claims.next_payer import why_not_billed_on
from services.claims.telling import lock_claim, note_reason, tell_process, workflow_id

_NEVER_SENT = "withdrawn"


@door.answering(Permission.CLAIMS_CORRECT, view, of="claims")
async def void(session: Session, claim_id: UUID, reason: str, *, expected_version: int | None = None) -> UUID:
    """Ask the payer to take the whole claim back (8). Refused, with the reason, for what the payer never decided."""
    row = await lock_claim(session, claim_id, expected_version)
    correction_for(facts_of(row), void=True)
    await note_reason(session, claim_id, "void", reason)
    draft = await draft_of(session, claim_id, row["current_version"])
    return await store_correction(session, claim_id, draft, None, void=True)


@door.answering(Permission.CLAIMS_CORRECT, view, of="claims")
async def reopen(session: Session, claim_id: UUID, reason: str) -> UUID:
    """Open a closed claim again, so that it can be replaced, voided or billed on. Its process starts anew."""
    row = await lock_claim(session, claim_id, None)
    if row["closed_at"] is None:
        raise Conflict("claim.not_closed", "This claim is not closed.", "Nothing is needed to work on it.")
    if row["closed_reason"] == _NEVER_SENT:
        raise Conflict(
            "claim.withdrawn", "A withdrawn claim has nothing to correct at a payer.", "Make a new claim."
        )
    await note_reason(session, claim_id, "reopened", reason)
    tenant_id = session.tenant_id
    await session.tell(
        "signal_with_start",
        workflow_id(session, claim_id),
        "reopened",
        {"tenant_id": tenant_id, "claim_id": claim_id, "version": row["current_version"], "reopened": True},
        workflow="ClaimLifecycle",
        signal_payload={"tenant_id": tenant_id, "request_id": uuid4(), "by": session.actor.user_id},
    )
    return claim_id


@door.answering(Permission.CLAIMS_CORRECT, view, of="claims")
async def bill_next_payer(session: Session, claim_id: UUID) -> UUID:
    """Bill the next payer at a person's word. Refused, with the reason, where no claim may follow."""
    row = await lock_claim(session, claim_id, None)
    refusal = await why_not_billed_on(session, row)
    if refusal is not None:
        raise refusal
    await tell_process(session, claim_id, "decided", work_item_id=uuid4(), decision="bill_next_payer")
    return claim_id


@door.answering(Permission.CLAIMS_CORRECT, view, of="claims")
async def do_not_bill_next_payer(session: Session, claim_id: UUID, reason: str) -> UUID:
    """Leave the balance where it is, also after later remittances of this payer."""
    row = await lock_claim(session, claim_id, None)
    if row["closed_at"] is not None:
        raise Conflict("claim.closed", "This claim is closed.", "Nothing is billed on.")
    await note_reason(session, claim_id, "next_payer", reason)
    await tell_process(session, claim_id, "decided", work_item_id=uuid4(), decision="do_not_bill")
    return claim_id
