"""Approvals as the actor of an open session may see them: all of them, or those that one asked for or decided on."""

from typing import Any
from uuid import UUID

from activities.approvals.opening import REASON
from database.approval_states import COMMENT
from database.crypto import TenantKey
from database.session import Session
from domain.approvals.process import OPEN, diagram
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import FieldError, Invalid, NotFound
from policies.permissions import Permission as P
from services import door
from services.approvals.views import ApprovalEventView, ApprovalLine, ApprovalView, ApprovalWord, line_of

WITHDRAWN = "approvals.withdrawn_reason"
SCOPES = ("waiting", "asked", "open", "decided")
# $1 the asker, $2 whether they see everybody's.
_LINE = """
SELECT a.*, u.name AS requester_name, d.name AS waits_with, w.id AS item_id, w.owner_id AS item_owner FROM approvals a
JOIN users u ON u.id = a.requester_id LEFT JOIN work_items w ON w.tenant_id = a.tenant_id
    AND w.subject_type = 'approval' AND w.subject_id = a.id AND w.status = 'open'
LEFT JOIN users d ON d.id = w.owner_id
WHERE a.tenant_id = current_tenant() AND ($2 OR a.requester_id = $1 OR EXISTS (SELECT 1 FROM approval_decisions x
    WHERE x.tenant_id = a.tenant_id AND x.approval_id = a.id AND x.decided_by = $1))
"""
# What the asker can decide now: on their own desk, or on everybody's, and not excluded. Decided ones on their way are not.
_WAITING = """ AND a.state = 'waiting' AND w.id IS NOT NULL AND (w.owner_id = $1 OR w.owner_id IS NULL)
    AND a.requester_id <> $1 AND NOT ($1 = ANY(a.excluded))"""
_SCOPED = {
    "waiting": _WAITING,
    "asked": " AND a.requester_id = $1",
    "open": " AND a.state IN ('asked', 'waiting', 'approved')",
    "decided": " AND a.state NOT IN ('asked', 'waiting', 'approved')",
}


@door.query(P.WORK_VIEW)
async def list_approvals(
    session: Session,
    *,
    scope: str = "waiting",
    kind: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[ApprovalLine]:
    """Approvals, the newest first: `waiting` for the asker, `asked` by them, `open` or `decided` of everybody that they
    may see. Who may not decide sees what they asked for."""
    size = page_size(limit)
    if scope not in SCOPES:
        fault = FieldError("scope", "scope.unknown", f"Choose one of: {', '.join(SCOPES)}.")
        raise Invalid("approval.scope_unknown", "There is no such list.", fault.message, fields=(fault,))
    rows = await session.fetch(
        f"{_LINE}{_SCOPED[scope]} AND ($3 = '' OR a.kind = $3) AND ($4::uuid IS NULL OR a.id < $4)"
        f" ORDER BY a.id DESC LIMIT {size + 1}",
        session.actor.user_id,
        _sees_all(session),
        kind,
        uuid_in(cursor) if cursor else None,
    )
    if scope == "waiting" and not session.actor.may(P.APPROVALS_DECIDE):
        rows = []
    lines = [line_of(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(P.WORK_VIEW, of="approvals", phi=True)
async def get_approval(session: Session, approval_id: UUID) -> ApprovalView:
    """An approval with what was asked, by whom, and everything that happened to it."""
    return await approval_view(session, approval_id)


async def approval_view(session: Session, approval_id: UUID) -> ApprovalView:
    """The approval as the asker may act on it."""
    row = await approval_row(session, approval_id)
    key = await session.key()
    events = await session.fetch(
        "SELECT at, kind, actor_name, summary FROM approval_events WHERE approval_id = $1 ORDER BY id", approval_id
    )  # fmt: skip
    names = await session.fetch(
        "SELECT name FROM users WHERE id = ANY($1::uuid[]) ORDER BY name", [row["requester_id"], *row["excluded"]]
    )  # fmt: skip
    return ApprovalView(
        id=row["id"],
        version=row["version"],
        line=line_of(row),
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        work_item_id=row["work_item_id"],
        reason=_opened(key, REASON, row["reason"]),
        excluded=[one["name"] for one in names],
        words=await _words(session, approval_id, key),
        end_reason=row["end_reason"],
        withdrawn_reason=_opened(key, WITHDRAWN, row["withdrawn_reason"]),
        on_its_way=row["state"] == "waiting" and row["item_id"] is None,
        events=[ApprovalEventView(*one) for one in events],
        diagram=diagram(row["state"], row["visited"]),
        may=_may(session, row),
    )


async def approval_row(session: Session, approval_id: UUID) -> Any:
    """The approval, or the refusal for one that is not the asker's to see."""
    row = await session.row(f"{_LINE} AND a.id = $3", session.actor.user_id, _sees_all(session), approval_id)
    if row is None:
        raise NotFound("not_found", "There is nothing here under this id, or it is not yours.", "Check the address.")  # fmt: skip
    return row


def _sees_all(session: Session) -> bool:
    return session.actor.may(P.APPROVALS_DECIDE)


def _may(session: Session, row: Any) -> list[str]:
    me = session.actor.user_id
    if row["state"] not in OPEN or row["item_id"] is None:
        return []
    if row["requester_id"] == me:
        return ["withdraw"]
    able = session.actor.may(P.APPROVALS_DECIDE) and me not in row["excluded"]
    mine = row["item_owner"] in (None, me) or session.actor.may(P.WORK_ASSIGN)
    return ["approve", "refuse"] if able and mine else []


async def _words(session: Session, approval_id: UUID, key: TenantKey) -> list[ApprovalWord]:
    rows = await session.fetch(
        "SELECT d.level, d.approved, u.name, d.comment, d.at FROM approval_decisions d JOIN users u"
        " ON u.id = d.decided_by WHERE d.tenant_id = current_tenant() AND d.approval_id = $1 ORDER BY d.level",
        approval_id,
    )
    return [
        ApprovalWord(one["level"], one["approved"], one["name"], _opened(key, COMMENT, one["comment"]), one["at"])
        for one in rows
    ]  # fmt: skip


def _opened(key: TenantKey, column: str, sealed: bytes | None) -> str:
    return key.open(column, sealed).decode() if sealed else ""
