"""What people do with one work item; `activities/work_acts.py` holds the compare-and-set of each act."""

from datetime import datetime
from typing import Any
from uuid import UUID

from activities import work_acts
from database.session import Session
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.tenancy.actors import holders
from services.work.items import item_view
from services.work.views import WorkView


@door.command(Permission.WORK_TAKE, of="work_items")
async def take(session: Session, item_id: UUID) -> WorkView:
    """Make a free item one's own. Taking one's own again changes nothing; somebody else's is refused with the name,
    unless they are away and the asker stands in for them."""
    await work_acts.take(session, item_id)
    return await item_view(session, item_id)


@door.command(Permission.WORK_TAKE, of="work_items")
async def give_back(session: Session, item_id: UUID, comment: str) -> WorkView:
    """Return an item with a comment for the next person: to whoever delegated it, else to the queue."""
    await work_acts.give_back(session, item_id, comment)
    return await item_view(session, item_id)


@door.command(Permission.WORK_ASSIGN, of="work_items")
async def assign(session: Session, item_id: UUID, user_id: UUID) -> WorkView:
    """Put an item into somebody's hands, whoever held it before. They must be able to work it."""
    name = await name_of_candidate(session, item_id, user_id)
    await work_acts.hand_over(session, item_id, user_id, name, delegated=False)
    return await item_view(session, item_id)


@door.command(Permission.WORK_TAKE, of="work_items")
async def delegate(session: Session, item_id: UUID, user_id: UUID) -> WorkView:
    """Have a colleague do one's own item; returned by them, it is one's own again."""
    name = await name_of_candidate(session, item_id, user_id)
    await work_acts.hand_over(session, item_id, user_id, name, delegated=True)
    return await item_view(session, item_id)


@door.command(Permission.WORK_TAKE, of="work_items")
async def snooze(session: Session, item_id: UUID, until: datetime) -> WorkView:
    """Hide an item from the queue until a moment; it stays with who holds it."""
    await work_acts.snooze(session, item_id, until)
    return await item_view(session, item_id)


@door.command(Permission.WORK_ASSIGN, of="work_items")
async def prioritise(session: Session, item_id: UUID, priority: int) -> WorkView:
    """Set how urgent an item is: 1 first, 5 last."""
    await work_acts.prioritise(session, item_id, priority)
    return await item_view(session, item_id)


@door.command(Permission.WORK_ASSIGN, of="work_items")
async def leave_to_team(session: Session, item_id: UUID, team_id: UUID | None) -> WorkView:
    """Leave an item to the people of a team and of those below it, or with None to whoever is able."""
    await work_acts.leave_to_team(session, item_id, team_id)
    return await item_view(session, item_id)


@door.command(Permission.WORK_TAKE, of="work_items")
async def complete(
    session: Session,
    item_id: UUID,
    decision: str,
    comment: str = "",
    answers: dict[str, Any] | None = None,
) -> WorkView:
    """Finish an item with a decision and, in the same transaction, the message that tells its workflow. `answers` are
    those of its form, by the codes of the fields, where one is in force; they are kept sealed with the item."""
    await work_acts.complete(session, item_id, decision, comment, answers)
    return await item_view(session, item_id)


@door.command(Permission.WORK_VIEW, of="work_items")
async def watch(session: Session, item_id: UUID, on: bool = True) -> WorkView:
    """Follow an item without working it, or no longer."""
    await session.execute(
        "INSERT INTO work_watchers (tenant_id, work_item_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        if on
        else "DELETE FROM work_watchers WHERE tenant_id = $1 AND work_item_id = $2 AND user_id = $3",
        session.tenant_id,
        item_id,
        session.actor.user_id,
    )
    return await item_view(session, item_id)


async def name_of_candidate(session: Session, item_id: UUID, user_id: UUID) -> str:
    """The name of somebody whose roles, as they are now, let them work the item; else the refusal."""
    permission = await session.value("SELECT permission FROM work_items WHERE id = $1", item_id)
    name = (await holders(session, {permission, Permission.WORK_TAKE})).get(user_id)
    if name is None:
        fault = FieldError(
            "user_id", "user_id.cannot_take", "Choose somebody whose roles allow this kind of work."
        )
        raise Invalid(
            "work.cannot_be_assigned", "This person cannot take it.", fault.message, fields=(fault,)
        )
    return name
