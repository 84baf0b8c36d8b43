"""What asks for somebody else's word in a demo company: a payment in quarantine, and the work of two billers."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cli.demonstration.masters import House
from domain.refusals import Refusal
from domain.tenancy import Actor
from domain.work import Kind
from services.approvals import deciding, reading
from services.reassignment import asking
from services.reassignment.views import MoveFacts
from services.remittances import posted

LAID_WITHIN_SECONDS = 15


async def ask_others(house: House) -> bool:
    """Have a lead ask, and the administrator decide once; False when that was done before, or when nobody leads here."""
    admin, leads = await house.admin(), house.company.holding("Team Lead")
    billers = house.company.holding("Biller")
    if not leads or len(billers) < 2 or (await reading.list_approvals(admin, scope="open", limit=1)).items:
        return False
    lead = await house.actor(leads[0])
    moved = await _move(lead, await house.actor(billers[1]), [Kind.HOLD.value])
    if moved is not None:
        await _approved(admin, moved)
    await _move(lead, await house.actor(billers[0]), [])
    quarantined = await posted.list_remittances(lead, status="quarantined", limit=1)
    for one in quarantined.items:
        await posted.release(lead, one.id, "The payer confirmed the amounts by telephone.")
    return True


async def _move(lead: Actor, biller: Actor, kinds: list[str]) -> UUID | None:
    """A biller's work for two weeks; the approval, or None when they hold nothing of these kinds."""
    assert biller.user_id
    until = (datetime.now(UTC) + timedelta(days=14)).date()
    reason = f"{biller.name} is at a training for two weeks."
    try:
        made = await asking.ask_move(
            lead, MoveFacts("temporary", biller.user_id, until, kinds, reason=reason)
        )
    except Refusal:
        return None
    return made.line.approval_id


async def _approved(admin: Actor, approval_id: UUID) -> None:
    """Approve it once it is laid before somebody."""
    for _ in range(LAID_WITHIN_SECONDS * 10):
        if "approve" in (await reading.get_approval(admin, approval_id)).may:
            await deciding.decide_approval(admin, approval_id, "approve", "Fine, enjoy the training.")
            return
        await asyncio.sleep(0.1)
    raise Refusal(
        "approval.not_laid",
        "The request was not laid before anybody in time.",
        "Look whether the worker runs.",
    )
