"""A filter of the queue as SQL: one spelling for its pages, its counts and the items of a bulk act."""

from typing import Any
from uuid import UUID

from activities.candidates import candidate, lent
from activities.work_acts import absent_of
from database.float_scope import FloatScope, floats_to
from database.session import Session
from domain.work import ASSIGN, PERMISSIONS
from domain.work_views import FREE, NO_CLIENT, WorkFilter

_AWAKE = "(w.follow_up_at IS NULL OR w.follow_up_at <= now())"
# $1 the asker, $2 their permissions, $3 whether they see other people's sleeping items, $4 for whom they stand in; each
# scope has its own index.
SCOPED: dict[str, str] = {
    "available": f"w.owner_id IS NULL AND {_AWAKE} AND w.permission = ANY($2) AND {candidate('$1')}",
    "mine": f"w.owner_id = $1 AND {_AWAKE}",
    "covering": f"w.owner_id = ANY($4) AND {_AWAKE} AND w.permission = ANY($2)",
    "float": f"w.owner_id IS NULL AND {_AWAKE} AND w.permission = ANY($2) AND {lent('$1')}",
    "watched": "w.id IN (SELECT x.work_item_id FROM work_watchers x WHERE x.tenant_id = current_tenant()"
    " AND x.user_id = $1)",
    "all": "true",
    "snoozed": "w.follow_up_at IS NOT NULL AND w.follow_up_at > now()",
}
# PostgreSQL wants to know the type of every value given, also of those that a scope does not use.
ASKER = "WITH asker AS (SELECT $1::uuid, $2::text[], $3::boolean, $4::uuid[])"
OPEN = "w.tenant_id = current_tenant() AND w.status = 'open'"
# Midnight where the tenant is, as a moment.
_MIDNIGHT = (
    "((now() AT TIME ZONE z.time_zone)::date + {days} + interval '{hours} hours') AT TIME ZONE z.time_zone"
)
_TODAY = f"(SELECT {_MIDNIGHT} FROM tenants z WHERE z.id = current_tenant())"
_DUE = {
    "overdue": "w.due_at < now()",
    "at_risk": "w.due_warn_at <= now() AND w.due_at >= now()",
    "today": f"w.due_at >= now() AND w.due_at < {_TODAY.format(days=1, hours=0)}",
    "unstarted": "w.taken_at IS NULL AND w.start_by < now()",
    "day": "w.due_at < now() + interval '1 day'",
    "week": "w.due_at < now() + interval '7 days'",
}
_MEMBERS = """
SELECT e.user_id FROM employees e WHERE e.tenant_id = current_tenant() AND e.team_id = ${team} AND e.user_id IS NOT NULL
"""


class Asker(list[Any]):
    """The values of a statement, the asker's own four first; `floats` is where the person lends a hand just now."""

    floats = FloatScope()


async def asker(session: Session, *scopes: str) -> Asker:
    """Who asks; for whom one stands in and where one lends a hand are looked up only where it matters."""
    actor = session.actor
    away = await absent_of(session, actor.user_id) if "covering" in scopes else []
    found = Asker([actor.user_id, sorted(actor.permissions & PERMISSIONS), ASSIGN in actor.permissions, away])
    if "float" in scopes:
        found.floats = await floats_to(session, actor.user_id)
    return found


def conditions(asked: WorkFilter, values: Asker) -> list[str]:
    """The filter's conditions; what they compare with is added to `values`. What is not asked for is not in them."""
    found = [SCOPED[asked.scope]]
    if asked.scope == "snoozed" and not values[2]:
        # Said outright and not as an alternative, so that one's own are found by their owner.
        found.append("w.owner_id = $1")
    if asked.scope == "float":
        found.append(values.floats.condition(values))
    if asked.kinds:
        values.append(sorted(set(asked.kinds)))
        found.append(f"w.kind = ANY(${len(values)})")
    if asked.text.strip():
        values.append(asked.text.strip().lower())
        found.append(f"position(${len(values)} IN lower(w.title)) > 0")
    if asked.due:
        found.append(_DUE.get(asked.due) or _hour(asked.due))
    if asked.priority:
        values.append(asked.priority)
        found.append(f"w.priority <= ${len(values)}")
    return found + _whose(asked, values)


def _whose(asked: WorkFilter, values: Asker) -> list[str]:
    """Conditions on the client, the owner and the owner's team."""
    found = []
    for column, value, nothing in (("client_id", asked.client, NO_CLIENT), ("owner_id", asked.owner, FREE)):
        if value == nothing:
            found.append(f"w.{column} IS NULL")
        elif value:
            values.append(UUID(value))
            found.append(f"w.{column} = ${len(values)}")
    if asked.team:
        values.append(UUID(asked.team))
        found.append(f"w.owner_id = ANY(ARRAY({_MEMBERS.format(team=len(values))}))")
    return found


def _hour(due: str) -> str:
    """Due within an hour of today, such as h09."""
    begins = _TODAY.format(days=0, hours=int(due[1:]))
    return f"w.due_at >= {begins} AND w.due_at < {begins} + interval '1 hour'"


def count(asked: WorkFilter, values: Asker, most: int) -> str:
    """A count up to `most` as a sub-select: it stops there, however many there are."""
    where = " AND ".join(conditions(asked, values))
    return (
        f"(SELECT count(*) FROM (SELECT 1 FROM work_items w WHERE {OPEN} AND {where} LIMIT {most}) counted)"
    )
