"""What is done with one work item. Each act is one compare-and-set UPDATE, so that two who act at once cannot both succeed.

The session's actor acts: a person at a page, or the person who started a bulk run. Names of those who may be given an
item are found by the services, which know everybody's roles.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from activities.approvals.write_offs import ASLEEP, WriteOff, above_the_limit, ask, decided_otherwise
from activities.candidates import must_be_candidate, must_be_on_roster
from activities.care.tasks import task_ended
from activities.remittances.waiting import NOT_OURS, owe_back
from activities.rules.answers import keep_answers
from activities.work import moments
from activities.work_clocks import at_priority
from activities.work_notices import tell_of_act
from activities.workforce.float_opening import decide_proposal
from database.float_scope import COVERING
from database.session import Session
from domain import work
from domain.refusals import FieldError, Invalid, NotAllowed

RETURN_COMMENT = "work_items.return_comment"
COMMENT = "work_items.comment"

# $1 the item, $2 the asker, $3 whether they lead, $4 their permissions.
_MINE = "(owner_id = $2 OR $3)"
_ABLE = "permission = ANY($4) AND NOT ($2 = ANY(excluded))"
_HOLDING = """
SELECT w.status, w.permission, w.owner_id, coalesce(u.name, '') AS name, w.return_to, w.excluded, w.skill, w.skill_level,
    coalesce(f.name, '') AS finisher
FROM work_items w LEFT JOIN users u ON u.id = w.owner_id LEFT JOIN users f ON f.id = w.finished_by WHERE w.id = $1
"""
# What comes to somebody who lends a hand where it belongs leaves them with the assignment; what was handed back has left it.
_FLOATING = f"float_id = {COVERING.format(user='{user}', item='work_items')}, float_from = NULL"
_CLOCK = (
    "start_by = $6, due_at = $7, start_warn_at = $8, due_warn_at = $9, escalate_at = $10, alarm_at = $11,"
    " clock_source = $12"
)
_IF_DELEGATED = "CASE WHEN return_to IS NULL THEN NULL ELSE {} END"
# People who are away today and whose substitute the asker is; each tenant's day begins in its own zone.
ABSENT = """
SELECT e.user_id FROM employees s
JOIN absences a ON a.tenant_id = s.tenant_id AND a.substitute_id = s.id AND a.cancelled_at IS NULL
JOIN employees e ON e.tenant_id = a.tenant_id AND e.id = a.employee_id
JOIN tenants t ON t.id = s.tenant_id
WHERE s.tenant_id = current_tenant() AND s.user_id = $1 AND s.active AND e.user_id IS NOT NULL
    AND (now() AT TIME ZONE t.time_zone)::date BETWEEN a.starts_on AND a.ends_on
"""


async def absent_of(session: Session, user_id: UUID | None) -> list[UUID]:
    """Those who are away today and for whom this person stands in."""
    return [row["user_id"] for row in await session.fetch(ABSENT, user_id)]


async def holding_of(session: Session, item_id: UUID) -> work.Holding:
    """Who holds the item at this moment, and whether the session's person stands in for them."""
    row = await session.row(_HOLDING, item_id)
    me, owner = session.actor.user_id, row["owner_id"]
    stands_in = bool(owner and owner != me and owner in await absent_of(session, me))
    excluded = frozenset(row["excluded"])
    return work.Holding(
        row["status"],
        row["permission"],
        owner,
        row["name"],
        row["return_to"],
        excluded,
        stands_in,
        row["finisher"],
    )


async def take(session: Session, item_id: UUID) -> None:
    """Make an item one's own that is free, or whose owner is away and left one to stand in. One's own stays as it is."""
    item = await holding_of(session, item_id)
    if item.owner_id == session.actor.user_id:
        return
    away = [item.owner_id] if item.stands_in and item.owner_id else []
    await must_be_candidate(session, item_id, session.actor.user_id)
    await must_be_on_roster(session, item_id, await absent_of(session, session.actor.user_id))
    await _change(
        session,
        item_id,
        f"owner_id = $2, taken_at = now(), follow_up_at = NULL, {_FLOATING.format(user='$2')}",
        f"(owner_id IS NULL OR owner_id = ANY($5::uuid[])) AND {_ABLE}",
        away,
    )
    await remember(session, item_id, "taken", f"standing in for {item.owner_name}" if away else "")


async def give_back(session: Session, item_id: UUID, comment: str) -> None:
    """Return an item with a comment: to whoever delegated it or had it before a float assignment, else to the queue."""
    text = work.checked_comment(comment, required=True)
    owner = await session.value(
        "SELECT u.name FROM work_items w JOIN users u ON u.id = coalesce(w.return_to, w.float_from) WHERE w.id = $1",
        item_id,
    )
    await _change(
        session,
        item_id,
        "owner_id = coalesce(return_to, float_from), return_to = NULL, follow_up_at = NULL, return_comment = $5,"
        " taken_at = CASE WHEN coalesce(return_to, float_from) IS NULL THEN NULL ELSE now() END,"
        f" float_id = {_IF_DELEGATED.format('float_id')}, float_from = {_IF_DELEGATED.format('float_from')}",
        f"owner_id IS NOT NULL AND {_MINE}",
        await _sealed(session, RETURN_COMMENT, text),
    )
    await remember(session, item_id, "returned", f"to {owner}" if owner else "")


async def hand_over(
    session: Session, item_id: UUID, user_id: UUID, name: str, *, delegated: bool, quietly: bool = False
) -> None:
    """Put an item into somebody's hands; `delegated` by its owner, to whom it returns. `quietly` when they are told of
    many at once."""
    if user_id in (await holding_of(session, item_id)).excluded:
        raise _cannot_take(f"{name} must not work this: it asks for somebody else's eyes.")
    await must_be_candidate(session, item_id, user_id)
    if delegated:
        if user_id == session.actor.user_id:
            raise _cannot_take("It is yours already.")
        change, condition = "return_to = owner_id, ", "owner_id = $2 AND return_to IS NULL"
    else:
        change, condition = f"return_to = NULL, {_FLOATING.format(user='$5::uuid')}, ", "true"
    await _change(
        session, item_id, f"{change}owner_id = $5, taken_at = now(), follow_up_at = NULL", condition, user_id
    )
    kind = "delegated" if delegated else "assigned"
    await remember(session, item_id, kind, f"to {name}", but=[user_id] if quietly else ())


async def snooze(session: Session, item_id: UUID, until: datetime) -> None:
    """Hide an item from the queue until a moment; it stays with who holds it."""
    moment = work.checked_follow_up(until, datetime.now(UTC))
    await _change(session, item_id, "follow_up_at = $5", _MINE, moment)
    await remember(session, item_id, "snoozed", f"until {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


async def prioritise(session: Session, item_id: UUID, priority: int) -> None:
    """Set how urgent an item is: 1 first, 5 last. Its clocks follow by the rules for that priority, but no due date that
    somebody set."""
    chosen = work.checked_priority(priority)
    clock = await at_priority(session, item_id, chosen)
    if clock is None:
        await _change(session, item_id, "priority = $5", "$3", chosen)
    else:
        set_anew = moments(clock, datetime.now(UTC))
        await _change(session, item_id, f"priority = $5, {_CLOCK}", "$3", chosen, *set_anew)
    due = f", due {clock.due_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if clock else ""
    await remember(session, item_id, "prioritised", f"to {chosen}{due}")


async def leave_to_team(session: Session, item_id: UUID, team_id: UUID | None) -> None:
    """Make the people of a team the candidates, or with None whoever is able. Who holds the item keeps it."""
    name = await session.value("SELECT name FROM teams WHERE id = $1 AND active", team_id) if team_id else ""
    if name is None:
        fault = FieldError("team_id", "team_id.unknown", "Choose a team that is active.")
        raise Invalid("work.team_unknown", "There is no such team.", fault.message, fields=(fault,))
    await _change(session, item_id, "team_id = $5", "$3", team_id)
    await remember(session, item_id, "left_to", f"the team {name}" if name else "anybody able")


async def complete(
    session: Session,
    item_id: UUID,
    decision: str,
    comment: str = "",
    answers: Mapping[str, Any] | None = None,
) -> None:
    """Finish an item with a decision, the answers of its form if it has one, and, in the same transaction, the message
    that tells its workflow. Without `answers` nobody was asked: refused where a form must be filled in."""
    row = await session.row("SELECT kind, workflow_id, subject_id FROM work_items WHERE id = $1", item_id)
    chosen = work.decision_of(work.Kind(row["kind"]), decision, comment)
    text = work.checked_comment(comment)
    if above := await above_the_limit(session, item_id, row["kind"], row["subject_id"], chosen.code):
        await _ask_first(session, above, row["kind"], chosen.code, text, answers)
        return
    await _change(
        session,
        item_id,
        "status = 'done', decision = $5, comment = $6, finished_at = now(), finished_by = $2, follow_up_at = NULL",
        f"(owner_id = $2 AND return_to IS NULL OR $3) AND {_ABLE}",
        chosen.code,
        await _sealed(session, COMMENT, text),
    )
    await keep_answers(session, item_id, row["kind"], chosen.code, answers)
    await remember(session, item_id, "completed", chosen.code)
    await decided_otherwise(session, item_id)
    if row["workflow_id"]:
        await _tell(session, item_id, row["workflow_id"], chosen.code)
    elif (row["kind"], chosen.code) == (work.Kind.UNMATCHED, NOT_OURS):
        await owe_back(session, row["subject_id"])
    elif row["kind"] == work.Kind.FLOAT_PROPOSAL:
        await decide_proposal(session, row["subject_id"], chosen.code)
    elif row["kind"] == work.Kind.CARE_TASK:
        await task_ended(session, item_id)


async def complete_as_approved(session: Session, item_id: UUID, decision: str, comment: str) -> None:
    """Finish an item as its owner wished, once somebody else has approved it. The session's person is the one who asked."""
    done = await session.execute(
        "UPDATE work_items SET status = 'done', decision = $2, comment = $3, finished_at = now(), finished_by = $4,"
        " follow_up_at = NULL, version = version + 1 WHERE id = $1 AND status = 'open'",
        item_id,
        decision,
        await _sealed(session, COMMENT, comment),
        session.actor.user_id,
    )
    if not done:
        raise work.why_not(await holding_of(session, item_id), session.actor.user_id)
    await remember(session, item_id, "completed", decision)
    workflow_id = await session.value("SELECT workflow_id FROM work_items WHERE id = $1", item_id)
    await _tell(session, item_id, workflow_id, decision)


async def _ask_first(
    session: Session, one: WriteOff, kind: str, decision: str, comment: str, answers: Mapping[str, Any] | None
) -> None:
    """The item rests until somebody else has decided; then it is finished so, or comes back."""
    until = datetime.now(UTC) + ASLEEP
    await _change(
        session,
        one.item_id,
        "follow_up_at = $5",
        f"(owner_id = $2 AND return_to IS NULL OR $3) AND {_ABLE}",
        until,
    )
    await keep_answers(session, one.item_id, kind, decision, answers)
    await remember(session, one.item_id, "asked", await ask(session, one, comment))


async def remember(
    session: Session, item_id: UUID, kind: str, detail: str = "", *, but: Collection[UUID] = ()
) -> None:
    """Add to the item's history, and tell whom it concerns but those who are told of it otherwise."""
    event_id = await session.value(
        "INSERT INTO work_item_events (tenant_id, work_item_id, actor_id, actor_name, kind, detail)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        session.tenant_id,
        item_id,
        session.actor.user_id,
        session.actor.name,
        kind,
        detail,
    )
    await tell_of_act(session, item_id, event_id, kind, but=but)


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
    if item.status == "open" and session.actor.user_id in item.excluded:
        raise NotAllowed(
            "work.excluded",
            "You must not work this: it asks for somebody else's eyes.",
            "Somebody who was not part of it takes it.",
        )
    raise work.why_not(item, session.actor.user_id)


def _cannot_take(message: str) -> Invalid:
    fault = FieldError("user_id", "user_id.cannot_take", message)
    return Invalid("work.cannot_be_assigned", "This person cannot take it.", message, fields=(fault,))


async def _sealed(session: Session, column: str, text: str) -> bytes | None:
    """Free text as it is stored: sealed, and nothing at all when empty."""
    return (await session.key()).seal(column, text.encode()) if text else None
