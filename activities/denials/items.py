"""What a denial's work item says: its class, what is at stake, by when, and what the playbook recommends."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from activities.denials.classifying import classify
from activities.denials.opening import first_moment_after
from activities.denials.recommending import due_days
from database.claim_states import ClaimState
from database.denial_reads import own_playbooks
from database.session import Session
from domain.denials import playbooks
from domain.denials.classes import ROUTE_WORDS, DenialClass, Route, label_of

_LATEST = """
SELECT d.*, t.time_zone FROM denials d JOIN tenants t ON t.id = d.tenant_id
WHERE d.tenant_id = current_tenant() AND d.claim_id = $1 ORDER BY d.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class DenialItem:
    """The parts of a denial's work item that its class decides. Empty for a claim without a classified denial."""

    detail: dict[str, Any] = field(default_factory=dict)
    priority: int | None = None
    due_at: datetime | None = None


async def denial_item(session: Session, state: ClaimState) -> DenialItem:
    """What the work item about a claim's latest denial says; one that was never classified is classified first."""
    await classify(session, [state])
    row = await session.row(_LATEST, state.id)
    if row is None:
        return DenialItem()
    playbook = playbooks.in_force(
        DenialClass(row["class_code"]), await own_playbooks(session), row["created_at"].date()
    )
    playbook = await due_days(session, row["id"], playbook)
    ends = first_moment_after(row["deadline"], row["time_zone"])
    detail = {
        "class": label_of(row["class_code"]),
        "at_stake_cents": row["amount_cents"],
        "deadline": row["deadline"],
        "recommended": ROUTE_WORDS[Route(row["route"])],
        "checklist": list(row["steps"]),
        "denial_id": row["id"],
    }
    return DenialItem(detail, row["priority"], playbooks.due(datetime.now(UTC), ends, playbook))
