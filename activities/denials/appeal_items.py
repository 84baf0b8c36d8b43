"""The work items of an appeal: one at a time, for whatever it waits for a person to do."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from activities.denials.opening import workflow_id
from activities.work import close_items, open_item
from database.appeal_states import AppealState
from database.session import Session
from domain import work
from domain.denials.appeal import Event
from domain.work import Kind

# What is to be done, how soon (days) at the latest, and how urgent that is.
_REASONS: dict[str, tuple[str, int, int]] = {
    "to_send": ("letter to send by {day}", 3, 2),
    "to_approve": ("letter to approve, to send by {day}", 1, 2),
    "next_level": ("level lost, the next one is open until {day}", 5, 2),
    "window": ("window closes on {day}", 1, 1),
    "silent": ("no answer from the payer", 1, 2),
}


async def open_work(session: Session, state: AppealState, reason: str) -> None:
    """Open the item; the one before it becomes needless."""
    words, days, priority = _REASONS[reason]
    await close_items(session, "appeal", state.id, [Kind.APPEAL])
    now = datetime.now(UTC)
    soon = now + timedelta(days=days)
    await open_item(
        session,
        f"appeal:{state.id}:{state.level}:{reason}",
        Kind.APPEAL,
        work.title(Kind.APPEAL, state.reference, words.format(day=state.window_day)),
        subject_type="appeal",
        subject_id=state.id,
        workflow_id=workflow_id(session.tenant_id, state.id),
        detail={
            "level": state.level_label,
            "in_dispute_cents": state.amount_cents,
            "claim_id": state.claim_id,
        },
        priority=priority,
        due_at=soon if reason == "silent" else max(min(soon, state.window_ends), now),
        again=True,
    )


async def close_all(session: Session, state: AppealState, by: UUID | None, event: Event) -> None:
    """Close what waited for what has now happened."""
    await close_items(session, "appeal", state.id, [Kind.APPEAL], decision=event.value if by else "", by=by)
