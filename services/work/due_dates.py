"""A due date that a person changes: one row, with the reason beside it and in the item's history."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from activities.work import moments
from activities.work_acts import holding_of, remember
from database.clocks import Timed, clocks
from database.session import Session
from domain.refusals import FieldError, Invalid
from domain.work import checked_comment, why_not
from domain.work_kinds import Kind
from policies.permissions import Permission
from services import door
from services.work.items import item_view
from services.work.notes import BODY
from services.work.views import WorkView

LATEST = timedelta(days=1_096)

_CHANGE = """
UPDATE work_items SET start_by = $2, due_at = $3, start_warn_at = $4, due_warn_at = $5, escalate_at = $6, alarm_at = $7,
    clock_source = $8, version = version + 1
WHERE id = $1 AND status = 'open' AND version = $9
"""


@door.command(Permission.WORK_ASSIGN, of="work_items")
async def change_due(session: Session, item_id: UUID, due_at: datetime, reason: str) -> WorkView:
    """Set when an item is due, with its zone and a reason; warning, breach and escalation follow the new date.

    The reason is kept encrypted, as a note on the item.
    """
    now = datetime.now(UTC)
    words = checked_comment(reason, required=True, field="reason")
    _check(due_at, now)
    row = await session.row(
        "SELECT kind, client_id, priority, created_at, due_at, version FROM work_items WHERE id = $1", item_id
    )
    timed = Timed(Kind(row["kind"]), row["client_id"], row["priority"], row["created_at"], due_at)
    found = (await clocks(session, [timed]))[0]
    changed = await session.execute(_CHANGE, item_id, *moments(found, now), row["version"])
    if not changed:
        raise why_not(await holding_of(session, item_id), session.actor.user_id)
    before, after = (f"{one.astimezone(UTC):%Y-%m-%d %H:%M}" for one in (row["due_at"], due_at))
    await remember(session, item_id, "redated", f"from {before} to {after} UTC")
    await session.execute(
        "INSERT INTO notes (tenant_id, subject_type, subject_id, body, author_id, author_name)"
        " VALUES ($1, 'work_item', $2, $3, $4, $5)",
        session.tenant_id,
        item_id,
        (await session.key()).seal(BODY, f"Due {after} UTC instead of {before}: {words}".encode()),
        session.actor.user_id,
        session.actor.name,
    )
    return await item_view(session, item_id)


def _check(due_at: datetime, now: datetime) -> None:
    if due_at.tzinfo is not None and now < due_at <= now + LATEST:
        return
    fault = FieldError(
        "due_at", "due_at.out_of_range", "Choose a time from now to three years ahead, with its time zone."
    )
    raise Invalid("work.due_refused", "The item cannot be due then.", fault.message, fields=(fault,))
