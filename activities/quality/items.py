"""The work items of an audit: one for each person at their step."""

from datetime import datetime
from uuid import UUID

from activities.work import close_items, open_item
from database.notifications import notify
from database.quality_states import AuditState
from database.session import Session
from domain import work
from domain.notifications import Notice
from domain.work import Kind


def workflow_id(tenant_id: UUID, audit_id: UUID) -> str:
    """The id of an audit's process."""
    return f"{tenant_id}/audit/{audit_id}"


async def open_work(
    session: Session,
    state: AuditState,
    kind: Kind,
    owner_id: UUID | None,
    due_at: datetime | None,
    part: str = "",
    again: bool = False,
) -> None:
    """Open the item and put it into the hands of whose step it is; without an owner anybody who may can take it."""
    item_id = await open_item(
        session,
        f"audit:{state.id}:{kind.value}{part}",
        kind,
        work.title(kind, state.reference),
        subject_type="audit",
        subject_id=state.id,
        workflow_id=workflow_id(session.tenant_id, state.id),
        due_at=due_at,
        owner_id=owner_id,
        again=again,
    )
    if owner_id is not None:
        notice = Notice.AUDIT_COMPLETE if kind is Kind.AUDIT_ACKNOWLEDGEMENT else Notice.ASSIGNED
        await tell(session, state, owner_id, notice, work.title(kind, state.reference), f"item/{item_id}")


async def tell(
    session: Session, state: AuditState, user_id: UUID, notice: Notice, title: str, key: str
) -> None:
    """Tell a person of an audit where it stands; the page says the rest to whoever may see it."""
    await notify(session, [user_id], kind=notice, title=title, href=f"/quality/{state.id}", key=key)


async def remind(session: Session, state: AuditState, kind: Kind) -> None:
    """Make what is late the first thing in its owner's queue."""
    await session.execute(
        "UPDATE work_items SET priority = 1, follow_up_at = NULL, version = version + 1"
        " WHERE subject_type = 'audit' AND subject_id = $1 AND kind = $2 AND status = 'open'",
        state.id,
        kind.value,
    )


async def close_work(session: Session, state: AuditState, by: UUID | None, decision: str) -> None:
    """Close what is still open; with a person it was done, without one it became needless."""
    await close_items(session, "audit", state.id, decision=decision if by else "", by=by)
