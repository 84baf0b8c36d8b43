"""What people do with work items. Each is one compare-and-set UPDATE, so that two who act at once cannot both succeed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from activities.remittances.waiting import NOT_OURS, owe_back
from database.session import Session
from domain import work
from domain.refusals import FieldError, Invalid, NotAllowed
from policies.permissions import Permission
from services import door
from services.tenancy.actors import holders
from services.work.items import holding_of, item_view
from services.work.views import COMMENT, RETURN_COMMENT, WorkView, sealed

# $1 the item, $2 the asker, $3 whether they lead, $4 their permissions.
_MINE = "(owner_id = $2 OR $3)"
_ABLE = "permission = ANY($4)"


@door.command(Permission.WORK_TAKE, of="work_items")
async def take(session: Session, item_id: UUID) -> WorkView:
    """Make a free item one's own. Taking one's own again changes nothing; somebody else's is refused with the name."""
    if (await holding_of(session, item_id)).owner_id != session.actor.user_id:
        await _change(
            session,
            item_id,
            "owner_id = $2, taken_at = now(), follow_up_at = NULL",
            f"owner_id IS NULL AND {_ABLE}",
        )
        await _remember(session, item_id, "taken")
    return await item_view(session, item_id)


@door.command(Permission.WORK_TAKE, of="work_items")
async def give_back(session: Session, item_id: UUID, comment: str) -> WorkView:
    """Return an item to the queue with a comment for the next person."""
    text = work.checked_comment(comment, required=True)
    await _change(
        session,
        item_id,
        "owner_id = NULL, taken_at = NULL, follow_up_at = NULL, return_comment = $5",
        f"owner_id IS NOT NULL AND {_MINE}",
        sealed(await session.key(), RETURN_COMMENT, text),
    )
    await _remember(session, item_id, "returned")
    return await item_view(session, item_id)


@door.command(Permission.WORK_ASSIGN, of="work_items")
async def assign(session: Session, item_id: UUID, user_id: UUID) -> WorkView:
    """Put an item into somebody's hands, whoever held it before. They must be able to work it."""
    permission = (await holding_of(session, item_id)).permission
    name = (await holders(session, {permission, Permission.WORK_TAKE})).get(user_id)
    if name is None:
        fault = FieldError(
            "user_id", "user_id.cannot_take", "Choose somebody whose roles allow this kind of work."
        )
        raise Invalid(
            "work.cannot_be_assigned", "This person cannot take it.", fault.message, fields=(fault,)
        )
    await _change(session, item_id, "owner_id = $5, taken_at = now(), follow_up_at = NULL", "true", user_id)
    await _remember(session, item_id, "assigned", f"to {name}")
    return await item_view(session, item_id)


@door.command(Permission.WORK_TAKE, of="work_items")
async def snooze(session: Session, item_id: UUID, until: datetime) -> WorkView:
    """Hide an item from the queue until a moment; it stays with who holds it."""
    moment = work.checked_follow_up(until, datetime.now(UTC))
    await _change(session, item_id, "follow_up_at = $5", _MINE, moment)
    await _remember(session, item_id, "snoozed", f"until {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    return await item_view(session, item_id)


@door.command(Permission.WORK_ASSIGN, of="work_items")
async def prioritise(session: Session, item_id: UUID, priority: int) -> WorkView:
    """Set how urgent an item is: 1 first, 5 last."""
    await _change(session, item_id, "priority = $5", "true", work.checked_priority(priority))
    await _remember(session, item_id, "prioritised", f"to {priority}")
    return await item_view(session, item_id)


@door.command(Permission.WORK_TAKE, of="work_items")
async def complete(session: Session, item_id: UUID, decision: str, comment: str = "") -> WorkView:
    """Finish an item with a decision and, in the same transaction, the message that tells its workflow."""
    row = await session.row("SELECT kind, workflow_id, subject_id FROM work_items WHERE id = $1", item_id)
    chosen = work.decision_of(work.Kind(row["kind"]), decision, comment)
    text = work.checked_comment(comment)
    await _change(
        session,
        item_id,
        "status = 'done', decision = $5, comment = $6, finished_at = now(), finished_by = $2, follow_up_at = NULL",
        f"{_MINE} AND {_ABLE}",
        chosen.code,
        sealed(await session.key(), COMMENT, text),
    )
    await _remember(session, item_id, "completed", chosen.code)
    if row["workflow_id"]:
        await _tell(session, item_id, row["workflow_id"], chosen.code)
    elif (row["kind"], chosen.code) == (work.Kind.UNMATCHED, NOT_OURS):
        await owe_back(session, row["subject_id"])
    return await item_view(session, item_id)


async def _tell(session: Session, item_id: UUID, workflow_id: str, decision: str) -> None:
    """The item's id is the update's, so that however often it is delivered the decision is applied once."""
    payload = {
        "tenant_id": session.tenant_id,
        "work_item_id": item_id,
        "decision": decision,
        "by": session.actor.user_id,
    }
    await session.tell("update", workflow_id, "decided", payload, message_id=item_id)


async def _change(session: Session, item_id: UUID, change: str, condition: str, *values: Any) -> None:
    """Compare and set: the open item, if the condition still holds; else the refusal that says who was faster."""
    actor = session.actor
    changed = await session.execute(
        "WITH asker AS (SELECT $2::uuid, $3::boolean, $4::text[])"
        f" UPDATE work_items SET {change}, version = version + 1 WHERE id = $1 AND status = 'open' AND {condition}",
        item_id,
        actor.user_id,
        work.ASSIGN in actor.permissions,
        sorted(actor.permissions),
        *values,
    )
    if not changed:
        await _refuse(session, item_id)


async def _refuse(session: Session, item_id: UUID) -> None:
    item = await holding_of(session, item_id)
    if item.status == "open" and item.permission not in session.actor.permissions:
        raise NotAllowed(
            "work.not_your_kind",
            "Your roles do not allow this kind of work.",
            f"Ask an administrator of your tenant for a role that holds {item.permission}.",
        )
    raise work.why_not(item, session.actor.user_id)


async def _remember(session: Session, item_id: UUID, kind: str, detail: str = "") -> None:
    await session.execute(
        "INSERT INTO work_item_events (tenant_id, work_item_id, actor_id, actor_name, kind, detail)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        session.tenant_id,
        item_id,
        session.actor.user_id,
        session.actor.name,
        kind,
        detail,
    )
