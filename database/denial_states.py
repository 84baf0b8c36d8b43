"""A claim's latest denial follows the claim: one statement for as many claims as changed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from database.session import Session
from domain.denials.status import FINAL, status_of

if TYPE_CHECKING:
    from database.claim_states import ClaimState

_FOLLOW = """
UPDATE denials d SET status = n.status, updated_at = now()
FROM unnest($1::uuid[], $2::text[]) AS n (claim_id, status)
WHERE d.tenant_id = current_tenant() AND d.claim_id = n.claim_id AND d.status <> n.status AND d.status <> ALL($3::text[])
"""


async def follow_claims(session: Session, states: Iterable["ClaimState"]) -> None:
    """Give the denials of these claims the status that follows. Claims that no payer has decided have none."""
    told = {
        state.id: status.value
        for state in states
        if state.facts.adjudications or state.facts.outcome or state.closed_at
        if (status := status_of(state.step, state.facts, state.closed_reason))
    }
    if told:
        await session.execute(_FOLLOW, list(told), list(told.values()), sorted(FINAL))
