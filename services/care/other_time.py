"""Working time that is no patient's: meetings, training, travel. Rows only; one is taken back by another with the reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.care_sheets import OTHER_NOTE, mark_changed
from database.crypto import TenantKey
from database.identity import time_ordered_id
from database.session import Session
from domain.care.sheets import OTHER
from domain.refusals import Conflict, NotFound
from policies.permissions import Permission
from services import door
from services.care.sheet_guard import changeable
from services.care.time_rows import now, times
from services.clientele import checks
from services.clientele.checks import Faults

_SELECT = """
SELECT o.*, EXISTS (SELECT 1 FROM care_other_time s WHERE s.tenant_id = o.tenant_id AND s.supersedes = o.id) AS superseded
FROM care_other_time o WHERE o.tenant_id = current_tenant()
"""
_INSERT = """
INSERT INTO care_other_time (tenant_id, id, user_id, kind, starts_at, ends_at, note, supersedes, void, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


@dataclass(frozen=True, slots=True)
class OtherTimeFacts:
    """Working time from and to the second (aware), of a kind in `domain.care.sheets.OTHER`."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class OtherTimeView:
    """One entry; of a void the note is the reason."""

    id: UUID
    user_id: UUID
    kind: str
    kind_label: str
    starts_at: datetime
    ends_at: datetime
    seconds: int
    note: str
    void: bool
    superseded: bool


async def _shown(session: Session, entry_id: UUID) -> OtherTimeView:
    return view(await session.key(), await session.row(f"{_SELECT} AND o.id = $1", entry_id))


@door.answering(Permission.CARE_RECORD, _shown)
async def add_other_time(session: Session, facts: OtherTimeFacts) -> UUID:
    """Enter one's own working time that is no patient's."""
    faults, note = Faults("care_other_time"), checks.clean(facts.note)
    faults.one_of("kind", facts.kind, OTHER, f"Choose one of: {', '.join(OTHER)}.")
    faults.text("note", note, checks.REASON_LONGEST)
    times(faults, facts.starts_at, facts.ends_at, now())
    faults.refuse()
    me = session.actor.user_id
    assert me is not None  # time is recorded by people
    return await _written(session, me, facts, note)


@door.answering(Permission.CARE_RECORD, _shown, of="care_other_time")
async def void_other_time(session: Session, entry_id: UUID, reason: str) -> UUID:
    """Take back an entry of one's own, or for managers of anybody."""
    row = await session.row(f"{_SELECT} AND o.id = $1", entry_id)
    if row["user_id"] != session.actor.user_id and Permission.CARE_MANAGE not in session.actor.permissions:
        raise NotFound(
            "not_found", "There is no time of yours under this id.", "Ask a care manager to take it back."
        )
    why = checks.reason_of(reason)
    if row["superseded"] or row["void"]:
        raise Conflict("care_other_time.superseded", "This was taken back already.", "Reload the sheet.")
    facts = OtherTimeFacts(row["kind"], row["starts_at"], row["ends_at"])
    return await _written(session, row["user_id"], facts, why, supersedes=entry_id)


async def _written(
    session: Session, user_id: UUID, facts: OtherTimeFacts, note: str, supersedes: UUID | None = None
) -> UUID:
    sheets = await changeable(session, user_id, [(facts.starts_at, facts.ends_at)])
    identifier = time_ordered_id()
    await session.execute(
        _INSERT,
        session.tenant_id,
        identifier,
        user_id,
        facts.kind,
        facts.starts_at,
        facts.ends_at,
        (await session.key()).seal(OTHER_NOTE, note.encode()) if note else None,
        supersedes,
        supersedes is not None,
        session.actor.user_id,
    )
    if sheets:
        await mark_changed(session, sheets, identifier, note)
    return identifier


def view(key: TenantKey, row: Any) -> OtherTimeView:
    """A row of care_other_time."""
    same = ("id", "user_id", "kind", "starts_at", "ends_at", "void", "superseded")
    return OtherTimeView(
        **{name: row[name] for name in same},
        kind_label=OTHER[row["kind"]],
        seconds=int((row["ends_at"] - row["starts_at"]).total_seconds()),
        note=key.open(OTHER_NOTE, row["note"]).decode() if row["note"] else "",
    )
