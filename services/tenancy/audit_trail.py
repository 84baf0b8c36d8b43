"""The audit trail as people read it: who did what, when, and what was refused."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Invalid
from policies.permissions import Permission
from services import door
from services.tenancy.sealing import Verification, configure, seal_all, seal_forever, verify

__all__ = ["AuditEntry", "Verification", "configure", "entries", "seal_all", "seal_forever", "verify"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One audit row. `sealed` tells whether it is in the chain already."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_kind: str
    actor_name: str
    action: str
    subject_type: str
    subject_id: str
    outcome: str
    phi: bool
    code: str
    sealed: bool


_ENTRIES = """
SELECT a.seq, a.at, a.actor_id, a.actor_kind, coalesce(u.name, '') AS actor_name, a.action, a.subject_type,
       a.subject_id, a.outcome, a.phi, a.detail,
       a.txid < coalesce((SELECT max(before_txid) FROM audit_seals), '0'::xid8) AS sealed
FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
WHERE a.tenant_id = current_tenant() AND ($1 = '' OR a.subject_type = $1) AND ($2 = '' OR a.subject_id = $2)
  AND ($3::bigint IS NULL OR a.seq < $3)
ORDER BY a.seq DESC LIMIT $4
"""


@door.query(Permission.AUDIT_VIEW)
async def entries(
    session: Session,
    subject_type: str = "",
    subject_id: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[AuditEntry]:
    """The trail, the latest first, of one subject or of everything."""
    size = page_size(limit)
    before = _number(decode_cursor(cursor, 1)[0]) if cursor else None
    rows = await session.fetch(_ENTRIES, subject_type, subject_id, before, size + 1)
    shown = [_entry(row) for row in rows[:size]]
    return Page(shown, encode_cursor(shown[-1].seq) if len(rows) > size else None)


def _number(key: Any) -> int:
    if not isinstance(key, int) or not 0 <= key < 2**63:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        )
    return key


def _entry(row: Any) -> AuditEntry:
    facts = dict(row)
    detail = json.loads(facts.pop("detail"))
    return AuditEntry(**facts, code=str(detail.get("code", "")))
