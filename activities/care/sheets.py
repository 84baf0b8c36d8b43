"""A time sheet that a manager has approved: accepted as it was submitted, or not at all."""

from uuid import UUID

from database.care_sheets import hold_time, note_sheet, spent_by
from database.session import Session
from domain.care.sheets import Period, digest
from domain.refusals import Conflict

ACCEPT = "accept_time_sheet"
_ACCEPT = """
UPDATE care_time_sheets s SET state = 'accepted', accepted_at = now(), version = s.version + 1,
    accepted_by = (SELECT d.decided_by FROM approval_decisions d WHERE d.tenant_id = s.tenant_id AND d.approval_id = $2
        ORDER BY d.level DESC LIMIT 1)
WHERE s.id = $1 RETURNING s.accepted_by
"""


async def accept_sheet(session: Session, sheet_id: UUID, approval_id: UUID) -> None:
    """Accept what was submitted, once. Entries that were changed since make it void: it must be submitted again."""
    whose = await session.value("SELECT user_id FROM care_time_sheets WHERE id = $1", sheet_id)
    await hold_time(session, whose, alone=True)
    row = await session.row("SELECT * FROM care_time_sheets WHERE id = $1 FOR UPDATE", sheet_id)
    if row["state"] == "accepted":
        return
    period = Period(row["starts_on"], row["ends_on"], row["zone"])
    spent = await spent_by(session, [row["user_id"]], period.window)
    if row["approval_id"] != approval_id or digest(spent[row["user_id"]]) != row["digest"]:
        raise Conflict(
            "time_sheet.changed",
            "Entries of this sheet were changed after it was submitted.",
            "It has to be submitted again.",
        )
    by = await session.value(_ACCEPT, sheet_id, approval_id)
    await note_sheet(session, sheet_id, "accepted", by)
