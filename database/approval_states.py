"""Where approvals stand: read under lock, changed in memory by the domain's table, written back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.process_rows import ProcessRows, facts_of
from database.session import Session
from domain.approvals.process import STAGES, Event, State

COMMENT = "approval_decisions.comment"
_APPROVALS = ProcessRows(
    "approvals",
    (
        "excluded",
        "level",
        "approver_id",
        "escalations",
        "due_at",
        "at_the_top",
        "end_code",
        "end_reason",
        "decided_at",
    ),
    events="approval_events",
    of="approval_id",
)
# A built-in role is the administrator's: it holds the whole catalogue. Others hold their own and their parents'.
_HOLDERS = """
WITH RECURSIVE holding AS (
    SELECT id FROM roles WHERE tenant_id = current_tenant() AND (built_in OR $1 = ANY(permissions))
    UNION SELECT p.role_id FROM role_parents p JOIN holding h ON p.tenant_id = current_tenant() AND p.parent_id = h.id)
SELECT DISTINCT m.user_id FROM memberships m
JOIN membership_roles r ON r.tenant_id = m.tenant_id AND r.membership_id = m.id JOIN holding h ON h.id = r.role_id
WHERE m.tenant_id = current_tenant() AND m.status = 'active'
"""


@dataclass(slots=True)
class ApprovalState:
    """An approval's process and facts, to be changed by the activities of its workflow only."""

    id: UUID
    reference: str
    kind: str
    subject_type: str
    subject_id: UUID
    summary: str
    amount_cents: int | None
    requester_id: UUID
    excluded: list[UUID]
    levels: int
    level: int
    reason: bytes | None
    work_item_id: UUID | None
    effect: str
    tell_workflow: str
    tell_update: str
    tell_payload: str
    approver_id: UUID | None
    escalations: int
    due_at: datetime | None
    at_the_top: bool
    end_code: str
    end_reason: str
    decided_at: datetime | None
    state: State
    visited: list[State]

    def happened(self, event: Event) -> bool:
        """Advance by the table. False when the event is out of place here, as one that came late may be."""
        following = STAGES[self.state].events.get(event)
        if following is None:
            return False
        if following is not self.state:
            self.visited.append(self.state)
            self.state = following
        return True

    @property
    def barred(self) -> list[UUID]:
        """Who must not decide: the requester, whose work it is, and who decided on a level before."""
        return list(dict.fromkeys([self.requester_id, *self.excluded]))


async def lock_approval(session: Session, approval_id: UUID) -> ApprovalState:
    """The approval, locked until the transaction ends; it must be there."""
    row = await session.row("SELECT * FROM approvals WHERE id = $1 FOR UPDATE", approval_id)
    return ApprovalState(**facts_of(row, ApprovalState, State))


store_approval = _APPROVALS.store
add_event = _APPROVALS.note


async def holders_of(session: Session, permission: str) -> set[UUID]:
    """The active members whose roles hold a permission, their own or an inherited one."""
    return {row["user_id"] for row in await session.fetch(_HOLDERS, permission)}


async def words_of(session: Session, approval_id: UUID) -> str:
    """The comment of whoever decided last; empty when there is none."""
    row = await session.row(
        "SELECT comment FROM approval_decisions WHERE approval_id = $1 ORDER BY level DESC LIMIT 1",
        approval_id,
    )
    return _opened(await session.key(), row["comment"] if row else None)


def _opened(key: Any, sealed: bytes | None) -> str:
    return key.open(COMMENT, sealed).decode() if sealed else ""
