"""Planning float assignments: whom to ask, what it would bring, and the offer itself."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from activities.candidates import lent
from activities.workforce.float_opening import Plan, busy_with, open_assignment
from database.float_scope import FloatScope
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import FieldError, Invalid
from domain.work import KINDS, Kind, checked_comment
from domain.workforce.float_availability import Period, free_seconds
from domain.workforce.float_process import OVER, PLANNED, RUNNING, State
from policies.permissions import Permission
from services import door
from services.tenancy.actors import holders, person
from services.work.items import LINE as WORK_LINE
from services.work.views import line_of
from services.workforce.float_candidates import able_people, period_seconds, pool, recommend, shown
from services.workforce.float_reading import LINE, MOST, float_line, float_view, sees_all
from services.workforce.float_views import FloatFacts, FloatLine, FloatPreview, FloatView, RecommendationView

LONGEST = timedelta(days=184)
MOST_ITEMS = 200
SHOWN: dict[str, tuple[State, ...]] = {"current": RUNNING, "planned": PLANNED, "ended": OVER}
_COUNTS = """
WITH asked AS (SELECT $1::uuid, $2::text[])
SELECT count(*) FILTER (WHERE w.owner_id IS NULL AND w.permission = ANY($2) AND {lent}) AS free,
    count(*) FILTER (WHERE w.owner_id IS NULL AND w.permission = ANY($2) AND {lent} AND w.due_at < now()) AS overdue,
    count(*) FILTER (WHERE w.owner_id IS NOT NULL AND w.owner_id <> $1 AND w.permission = ANY($2)) AS held,
    count(*) FILTER (WHERE NOT w.permission = ANY($2)) AS not_allowed
FROM (SELECT * FROM work_items w WHERE w.tenant_id = current_tenant() AND w.status = 'open' AND {condition}
    LIMIT {most}) w
"""
_LINES = f"""
WITH asked AS (SELECT $1::uuid, $2::text[])
SELECT {WORK_LINE} FROM work_items w LEFT JOIN users u ON u.id = w.owner_id
WHERE w.tenant_id = current_tenant() AND w.status = 'open' AND w.permission = ANY($2) AND {{lent}} AND {{owned}}
    AND {{condition}} ORDER BY w.priority, w.due_at, w.id LIMIT 10
"""


@door.query(Permission.WORK_VIEW)
async def list_floats(
    session: Session,
    *,
    show: str = "",
    user_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[FloatLine]:
    """Assignments, the newest first: current, planned, ended or all; without a right over the pool one's own."""
    size = page_size(limit)
    if show and show not in SHOWN:
        raise _wrong("show", f"Choose one of: {', '.join(SHOWN)}.")
    rows = await session.fetch(
        f"{LINE} AND ($3::text[] IS NULL OR f.state = ANY($3)) AND ($4::uuid IS NULL OR f.user_id = $4)"
        f" AND ($5::uuid IS NULL OR f.id < $5) ORDER BY f.id DESC LIMIT {size + 1}",
        session.actor.user_id,
        sees_all(session),
        [one.value for one in SHOWN[show]] if show else None,
        user_id,
        uuid_in(cursor) if cursor else None,
    )
    lines = [float_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(Permission.WORK_VIEW, of="float_assignments")
async def get_float(session: Session, assignment_id: UUID) -> FloatView:
    """An assignment with its work, its reasons and what happened."""
    return await float_view(session, assignment_id)


@door.query(Permission.FLOAT_MANAGE)
async def recommend_float(
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    *,
    client_id: UUID | None = None,
    kinds: tuple[str, ...] = (),
    item_ids: tuple[UUID, ...] = (),
    skill: str = "",
    level: int = 1,
    everybody: bool = False,
) -> RecommendationView:
    """Whom to ask, the best first, with the reasons of each. `everybody`: not the float pool alone."""
    period = _period(starts_at, ends_at)
    scope = await _scope(session, client_id, kinds, item_ids)
    if not 1 <= level <= 5:
        raise _wrong("level", "Choose 1 to 5.")
    found = await recommend(session, scope, period, skill=skill, level=level, everybody=everybody, keep=False)
    weights = {part.code: part.weight for one in found.candidates[:1] for part in one.parts}
    return RecommendationView(found.candidates, found.needed_seconds, found.weights_from, weights)


@door.query(Permission.FLOAT_MANAGE)
async def preview_float(session: Session, facts: FloatFacts) -> FloatPreview:
    """What an assignment would bring into the person's inbox, without making it."""
    scope = await _checked(session, facts)
    period = _period(facts.starts_at, facts.ends_at)
    allowed = sorted((await person(session, facts.user_id)).permissions)
    values: list[Any] = [facts.user_id, allowed]
    condition = scope.condition(values)
    counted = await session.row(_COUNTS.format(lent=lent("$1"), condition=condition, most=MOST), *values)
    owned = "w.owner_id IS DISTINCT FROM $1" if scope.item_ids else "w.owner_id IS NULL"
    rows = await session.fetch(_LINES.format(lent=lent("$1"), owned=owned, condition=condition), *values)
    people = await pool(session, period, everybody=True, user_id=facts.user_id)
    return FloatPreview(
        **dict(counted),
        lines=[line_of(row) for row in rows],
        needed_seconds=await period_seconds(session, period),
        free_seconds=sum(free_seconds(one.working, period) for one in people),
        busy_with=await busy_with(session, facts.user_id, period.starts_at, period.ends_at),
        most=MOST,
    )


@door.answering(Permission.FLOAT_MANAGE, float_view)
async def assign_float(session: Session, facts: FloatFacts) -> UUID:
    """Offer an assignment: its process asks the person, begins it, and ends it by itself."""
    scope = await _checked(session, facts)
    period = _period(facts.starts_at, facts.ends_at)
    if period.ends_at <= datetime.now(UTC):
        raise _wrong("ends_at", "Choose an end that is still to come.")
    found = await recommend(session, scope, period, everybody=True)
    chosen = next((shown(one) for one in found.candidates if one.user_id == facts.user_id), {})
    plan = Plan(
        facts.user_id,
        scope,
        period.starts_at,
        period.ends_at,
        checked_comment(facts.note, field="note"),
        {**chosen, "weights_from": found.weights_from},
    )
    return await open_assignment(session, plan)


def _period(starts_at: datetime, ends_at: datetime) -> Period:
    """The period when it can be one."""
    for name, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        if moment.tzinfo is None or not 2000 <= moment.year <= 2100:
            raise _wrong(name, "Give a day and a time with its zone.")
    if ends_at <= starts_at:
        raise _wrong("ends_at", "Choose an end that is after the beginning.")
    if ends_at - starts_at > LONGEST:
        raise _wrong("ends_at", f"Choose a period of at most {LONGEST.days} days.")
    return Period(starts_at.astimezone(UTC), ends_at.astimezone(UTC))


async def _checked(session: Session, facts: FloatFacts) -> FloatScope:
    """Where the person lends a hand, when they are here and their roles allow that work."""
    scope = await _scope(session, facts.client_id, facts.kinds, facts.item_ids)
    if facts.user_id not in await holders(session, set()):
        raise _wrong("user_id", "Choose somebody who works here.")
    if facts.user_id not in await able_people(session, scope.kinds):
        raise _wrong("user_id", "Choose somebody whose roles allow this kind of work.")
    if scope.item_ids:
        await _check_items(session, scope, facts.user_id)
    return scope


async def _scope(
    session: Session, client_id: UUID | None, kinds: tuple[str, ...], item_ids: tuple[UUID, ...]
) -> FloatScope:
    if unknown := sorted(set(kinds) - set(Kind)):
        raise _wrong("kinds", f"There is no kind of work called {unknown[0]!r}.")
    items = tuple(dict.fromkeys(item_ids))
    if items and (client_id or kinds):
        raise _wrong("item_ids", "Choose single items, or a client and kinds of work, not both.")
    if not (items or client_id or kinds):
        raise _wrong("client_id", "Choose a client, kinds of work, or single items.")
    if len(items) > MOST_ITEMS:
        raise _wrong("item_ids", f"At most {MOST_ITEMS} items at once; choose a client or kinds of work.")
    if client_id and not await session.value("SELECT 1 FROM clients WHERE id = $1", client_id):
        raise _wrong("client_id", "Choose one of your clients.")
    return FloatScope(client_id, tuple(dict.fromkeys(kinds)), items)


async def _check_items(session: Session, scope: FloatScope, user_id: UUID) -> None:
    """Single items are put into the person's hands: they must be able to work each of them."""
    allowed = sorted((await person(session, user_id)).permissions)
    found = await session.value(
        "WITH asked AS (SELECT $1::uuid, $2::text[]) SELECT count(*) FROM work_items w"
        f" WHERE w.id = ANY($3::uuid[]) AND w.status = 'open' AND w.permission = ANY($2) AND {lent('$1')}",
        user_id,
        allowed,
        list(scope.item_ids),
    )
    if found != len(scope.item_ids):
        words = "Choose open items that this person's roles and skills allow, and that do not exclude them."
        raise _wrong("item_ids", words)


def kind_choices(allowed: frozenset[str]) -> list[tuple[str, str]]:
    """Kinds of work that can be lent, by their label."""
    found = [(kind.value, rules.label) for kind, rules in KINDS.items() if rules.permission in allowed]
    return sorted(found, key=lambda one: one[1])


def _wrong(field: str, words: str) -> Invalid:
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"float.{field}", "This cannot be assigned so.", words, fields=(fault,))
