"""Giving up a denied claim: above the tenant's limit the work item waits for somebody else's word."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from activities.approvals.opening import fresh_key, overtake, request_approval
from database.approval_limits import limit_of
from database.session import Session
from domain.approvals.limits import LimitKind, levels_for
from domain.remittances.ledger import RECEIVABLE
from domain.work import Kind

WRITE_OFF = "write_off"
# Longer than any chain of managers: the decision wakes the item.
ASLEEP = timedelta(days=60)
_OPEN_CENTS = """
SELECT coalesce(sum(amount_cents), 0)::bigint FROM ledger_entries
WHERE tenant_id = current_tenant() AND claim_id = $1 AND account = $2
"""
_WAITING = """
SELECT id FROM approvals WHERE tenant_id = current_tenant() AND work_item_id = $1 AND state IN ('asked', 'waiting')
"""


@dataclass(frozen=True, slots=True)
class WriteOff:
    """What is to be given up, and how many people have to approve it."""

    item_id: UUID
    claim_id: UUID
    cents: int
    levels: int


async def above_the_limit(
    session: Session, item_id: UUID, kind: str, claim_id: UUID | None, decision: str
) -> WriteOff | None:
    """What would be written off by this decision, when it needs an approval; None when nobody needs to be asked."""
    if (kind, decision) != (Kind.DENIAL, WRITE_OFF) or claim_id is None:
        return None
    cents: int = await session.value(_OPEN_CENTS, claim_id, RECEIVABLE)
    levels = levels_for(await limit_of(session, LimitKind.DENIAL_WRITE_OFF), cents)
    return WriteOff(item_id, claim_id, cents, levels) if levels else None


async def ask(session: Session, one: WriteOff, comment: str) -> str:
    """Ask for the write-off in the name of the session's person; the approval's reference. The item is locked."""
    asker = session.actor.user_id
    assert asker is not None  # only people finish work
    owner = await session.value("SELECT owner_id FROM work_items WHERE id = $1", one.item_id)
    claim = await session.value("SELECT reference FROM claims WHERE id = $1", one.claim_id)
    approval_id = await request_approval(
        session,
        key=await fresh_key(session, f"write_off:{one.item_id}"),
        kind="write_off",
        subject_type="claim",
        subject_id=one.claim_id,
        summary=f"{claim}, write off {one.cents / 100:,.2f}",
        requester_id=asker,
        excluded=[owner] if owner else [],
        levels=one.levels,
        amount_cents=one.cents,
        reason=comment,
        effect="complete_item",
        work_item_id=one.item_id,
    )
    reference: str = await session.value("SELECT reference FROM approvals WHERE id = $1", approval_id)
    return reference


async def decided_otherwise(session: Session, item_id: UUID) -> None:
    """The item ended in another way: what was asked about it is not needed any more."""
    if approval_id := await session.value(_WAITING, item_id):
        await overtake(session, approval_id, "decided_otherwise")
