"""Float assignments as the actor of an open session may see them: everybody's, or those that concern the person."""

import json
from typing import Any
from uuid import UUID

from activities.workforce.float_opening import NOTE
from activities.workforce.float_work import REASON
from database.float_scope import FloatScope
from database.session import Session
from domain.refusals import NotFound
from domain.work import KINDS, PERMISSIONS, Kind
from domain.workforce.float_process import RUNNING, STAGES, Event, State, diagram
from policies.permissions import Permission as P
from services.tenancy.actors import holders, person
from services.workforce.float_views import FloatEventView, FloatLine, FloatView, ReasonView

# $1 the asker, $2 whether they may see everybody's.
LINE = """
SELECT f.*, u.name, coalesce(c.name, '') AS client_name, coalesce(m.name, '') AS created_by_name
FROM float_assignments f JOIN users u ON u.id = f.user_id LEFT JOIN users m ON m.id = f.created_by
LEFT JOIN clients c ON c.tenant_id = f.tenant_id AND c.id = f.client_id
WHERE f.tenant_id = current_tenant() AND ($2 OR f.user_id = $1 OR f.created_by = $1)
"""
_HELD = """
SELECT count(*) FILTER (WHERE status = 'open') AS held, count(*) FILTER (WHERE status = 'done') AS done
FROM work_items WHERE tenant_id = current_tenant() AND float_id = $1
"""
MOST = 999


def sees_all(session: Session) -> bool:
    """Whether the asker may see assignments that do not concern them."""
    return session.actor.may(P.FLOAT_MANAGE) or session.actor.may(P.WORKFORCE_VIEW)


async def float_row(session: Session, assignment_id: UUID) -> Any:
    """The assignment, or the refusal for one that is not the asker's to see."""
    row = await session.row(f"{LINE} AND f.id = $3", session.actor.user_id, sees_all(session), assignment_id)
    if row is None:
        raise NotFound(
            "not_found",
            "There is nothing here under this id, or it is not yours.",
            "Check the address, and that you are in the right tenant.",
        )
    return row


async def float_view(session: Session, assignment_id: UUID) -> FloatView:
    """The whole assignment."""
    row = await float_row(session, assignment_id)
    key = await session.key()
    events = await session.fetch(
        "SELECT at, kind, actor_name, summary FROM float_events WHERE assignment_id = $1 ORDER BY id DESC",
        assignment_id,
    )
    counted = await session.row(_HELD, assignment_id)
    chosen = json.loads(row["chosen"])
    return FloatView(
        id=assignment_id,
        version=row["version"],
        line=float_line(row),
        waits_for=STAGES[State(row["state"])].waits_for,
        answer_by=row["answer_by"],
        first_ends_at=row["first_ends_at"],
        note=key.open(NOTE, row["note"]).decode() if row["note"] else "",
        reason=key.open(REASON, row["reason"]).decode() if row["reason"] else "",
        score=chosen.get("score"),
        reasons=reasons_of(chosen),
        proposal_id=row["proposal_id"],
        created_by_name=row["created_by_name"],
        free=await _free(session, row),
        held=counted["held"],
        done=counted["done"],
        handed_back=row["handed_back"],
        drafts_kept=row["drafts_kept"],
        events=[FloatEventView(*one) for one in events],
        diagram=diagram(row["state"], row["visited"]),
        may=possible(session, row),
    )


def float_line(row: Any) -> FloatLine:
    """A row of the list."""
    stage = STAGES[State(row["state"])]
    return FloatLine(
        row["id"], row["reference"], row["user_id"], row["name"],
        where_words(row["client_name"], row["kinds"], len(row["item_ids"])), row["client_id"], row["client_name"],
        list(row["kinds"]), len(row["item_ids"]), row["starts_at"], row["ends_at"], row["state"], stage.label, stage.tone,
    )  # fmt: skip


def where_words(client_name: str, kinds: list[str], items: int) -> str:
    """`Denial, Hold for Bay Clinic`, `All work for Bay Clinic`, `3 items`."""
    if items:
        return "1 item" if items == 1 else f"{items} items"
    what = ", ".join(KINDS[Kind(kind)].label for kind in kinds) or "All work"
    return f"{what} for {client_name}" if client_name else what


def reasons_of(chosen: dict[str, Any]) -> list[ReasonView]:
    """The reasons of a recommendation as they were stored."""
    return [
        ReasonView(one["code"], one["label"], one["score"], one["weight"], one["words"])
        for one in chosen.get("parts", ())
    ]


def possible(session: Session, row: Any) -> list[str]:
    """What the asker can do now."""
    events = STAGES[State(row["state"])].events
    mine = session.actor.user_id == row["user_id"]
    leads = session.actor.may(P.FLOAT_MANAGE)
    allowed = {
        Event.ACCEPTED: mine,
        Event.DECLINED: mine,
        Event.EXTENDED: leads,
        Event.ENDED_EARLY: leads,
        Event.WITHDRAWN: leads,
    }
    return [event.value for event, may in allowed.items() if may and event in events]


def scope_of(row: Any) -> FloatScope:
    """Where an assignment lends a hand."""
    return FloatScope(row["client_id"], tuple(row["kinds"]), tuple(row["item_ids"]))


async def _free(session: Session, row: Any) -> int:
    """Free work of its scope that the person's roles allow, while it runs; nothing for who is no member any more."""
    if State(row["state"]) not in RUNNING or row["user_id"] not in await holders(session, {P.WORK_TAKE}):
        return 0
    allowed = (await person(session, row["user_id"])).permissions
    values: list[Any] = [sorted(allowed & PERMISSIONS)]
    condition = scope_of(row).condition(values)
    found: int = await session.value(
        "SELECT count(*) FROM (SELECT 1 FROM work_items w WHERE w.tenant_id = current_tenant() AND w.status = 'open'"
        f" AND w.owner_id IS NULL AND w.permission = ANY($1) AND {condition} LIMIT {MOST}) counted",
        *values,
    )
    return found
