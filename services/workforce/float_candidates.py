"""Who could lend a hand: the float pool with what is known of each person, and the recommendation made of it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from database.decision_tables import decide
from database.float_scope import FloatScope
from database.session import Session
from database.workforce_reads import calendar_of
from domain.business_time import BusinessCalendar
from domain.quality.process import COUNTED
from domain.rates import Rate
from domain.work import KINDS, Kind
from domain.workforce.float_availability import Period, Working, free_seconds, needed_seconds
from domain.workforce.float_process import LIVE
from domain.workforce.float_recommendation import WEIGHTS, Candidate, Ranked, Wanted, checked_weights, rank
from policies.permissions import Permission
from services.tenancy.actors import holders

OFFICE_DAY = 8 * 3600
FAMILIAR_DAYS = 180
QUALITY_MONTHS = 12
MOST_PEOPLE = 200
# A day's margin on both sides outweighs any zone.
_POOL = f"""
SELECT e.id, e.user_id, e.name, e.job_title, e.daily_seconds, e.calendar_id, e.hire_date, e.left_on,
    coalesce(t.name, '') AS team_name,
    coalesce((SELECT jsonb_object_agg(s.name, k.level) FROM employee_skills k JOIN skills s ON s.tenant_id = k.tenant_id
        AND s.id = k.skill_id WHERE k.tenant_id = e.tenant_id AND k.employee_id = e.id), '{{}}') AS skills,
    coalesce((SELECT jsonb_agg(jsonb_build_array(a.starts_on, a.ends_on)) FROM absences a WHERE a.tenant_id = e.tenant_id
        AND a.employee_id = e.id AND a.cancelled_at IS NULL AND a.ends_on >= $1::timestamptz::date - 1
        AND a.starts_on <= $2::timestamptz::date + 1), '[]') AS away,
    coalesce((SELECT jsonb_agg(jsonb_build_array(f.starts_at, f.ends_at, f.reference) ORDER BY f.starts_at)
        FROM float_assignments f WHERE f.tenant_id = e.tenant_id AND f.user_id = e.user_id AND f.state = ANY($3)
        AND f.starts_at < $2 AND f.ends_at > $1), '[]') AS busy
FROM employees e LEFT JOIN teams t ON t.tenant_id = e.tenant_id AND t.id = e.team_id
WHERE e.tenant_id = current_tenant() AND e.active AND e.user_id IS NOT NULL AND (e.float_pool OR $4)
    AND ($5::uuid IS NULL OR e.user_id = $5) ORDER BY e.name, e.id LIMIT {MOST_PEOPLE}
"""
_LOAD = """
SELECT p.id, (SELECT count(*) FROM (SELECT 1 FROM work_items WHERE tenant_id = current_tenant() AND status = 'open'
    AND owner_id = p.id LIMIT 99) x) AS load FROM unnest($1::uuid[]) AS p (id)
"""
_QUALITY = """
SELECT a.employee_id AS id, count(*) AS claims, count(*) FILTER (WHERE NOT q.claim_wrong) AS good FROM qa_audit_claims q
JOIN qa_audits a ON a.tenant_id = q.tenant_id AND a.id = q.audit_id
WHERE q.tenant_id = current_tenant() AND q.reviewed_at IS NOT NULL AND a.state = ANY($2) AND a.outcome <> 'cancelled'
    AND a.employee_id = ANY($1::uuid[]) AND a.period_to >= current_date - make_interval(months => $3) GROUP BY 1
"""
_TOUCHES = """
SELECT p.id, (SELECT count(*) FROM (SELECT 1 FROM claim_activities a JOIN claims c ON c.tenant_id = a.tenant_id
    AND c.id = a.claim_id WHERE a.tenant_id = current_tenant() AND a.actor_id = p.id
    AND a.at > now() - make_interval(days => $4) AND (c.client_id = ANY($2::uuid[]) OR c.payer_id = ANY($3::uuid[]))
    LIMIT 99) x) AS touches FROM unnest($1::uuid[]) AS p (id)
"""
_AROUND = """
SELECT array_agg(DISTINCT w.client_id) FILTER (WHERE w.client_id IS NOT NULL) AS clients,
    array_agg(DISTINCT c.payer_id) FILTER (WHERE c.payer_id IS NOT NULL) AS payers
FROM (SELECT w.client_id, w.subject_type, w.subject_id FROM work_items w WHERE w.tenant_id = current_tenant()
    AND w.status = 'open' AND {condition} ORDER BY w.priority, w.due_at, w.id LIMIT 200) w
LEFT JOIN claims c ON c.tenant_id = current_tenant() AND w.subject_type = 'claim' AND c.id = w.subject_id
"""


@dataclass(frozen=True, slots=True)
class Poolmate:
    """Somebody of the pool: their skills by name, and their working time around the period asked for."""

    employee_id: UUID
    user_id: UUID
    name: str
    job_title: str
    team_name: str
    skills: dict[str, int]
    working: Working
    engaged: tuple[str, ...]  # references of the assignments that take the period


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The candidates, the best first. `weights_from` names the table, version and row of the weights; empty: the usual."""

    candidates: list[Ranked]
    needed_seconds: int
    weights_from: str


async def pool(
    session: Session, period: Period, *, everybody: bool = False, user_id: UUID | None = None
) -> list[Poolmate]:
    """The float pool, or everybody who signs in, by name, with their time around a period."""
    states = [one.value for one in LIVE]
    rows = await session.fetch(_POOL, period.starts_at, period.ends_at, states, everybody, user_id)
    calendars: dict[UUID | None, BusinessCalendar] = {}
    for row in rows:
        if row["calendar_id"] not in calendars:
            calendars[row["calendar_id"]] = await calendar_of(session, row["calendar_id"])
    return [_poolmate(row, calendars[row["calendar_id"]]) for row in rows]


async def recommend(
    session: Session,
    scope: FloatScope,
    period: Period,
    *,
    skill: str = "",
    level: int = 1,
    everybody: bool = False,
    keep: bool = True,
) -> Recommendation:
    """Whom to ask, the best first, with the reasons of each; those who cannot be asked stand last and say why.

    Without `keep` somebody only looks: which rule set the weights is not recorded."""
    people = await pool(session, period, everybody=everybody)
    clients, payers, familiar = await _familiar(session, scope)
    wanted = Wanted(await period_seconds(session, period), skill, level, familiar)
    decision = await decide(
        session,
        "float_weights",
        await _facts(session, scope, period, skill),
        default=dict(WEIGHTS),
        subject_type="client" if scope.client_id else "",
        subject_id=scope.client_id,
        keep=keep,
    )
    known = await _known(session, [one.user_id for one in people], clients, payers)
    able = await able_people(session, scope.kinds)
    found = [_candidate(one, wanted, period, known, able) for one in people]
    source = f"version {decision.version}, row {decision.row}" if decision.row else ""
    return Recommendation(rank(found, wanted, checked_weights(decision.value)), wanted.needed_seconds, source)


async def able_people(session: Session, kinds: Collection[str]) -> frozenset[UUID]:
    """Those whose roles let them take at least one of these kinds of work, or of any where none is named."""
    wanted = {KINDS[Kind(kind)].permission for kind in kinds} or {Permission.WORK_TAKE.value}
    found: set[UUID] = set()
    for permission in wanted:
        found |= set(await holders(session, {permission, Permission.WORK_TAKE}))
    return frozenset(found)


async def period_seconds(session: Session, period: Period) -> int:
    """The office hours of a period, by the tenant's standard calendar."""
    return needed_seconds(await calendar_of(session), OFFICE_DAY, period)


def shown(one: Ranked) -> dict[str, Any]:
    """A candidate as it is stored with an assignment or a proposal."""
    parts = [
        {"code": p.code, "label": p.label, "score": round(p.score, 4), "weight": p.weight, "words": p.words}
        for p in one.parts
    ]
    return {
        "user_id": str(one.user_id),
        "name": one.name,
        "score": round(one.score, 4),
        "parts": parts,
        "free_seconds": one.free_seconds,
        "blocked": one.blocked,
    }


def _poolmate(row: Any, calendar: BusinessCalendar) -> Poolmate:
    busy = json.loads(row["busy"])
    working = Working(
        calendar,
        row["daily_seconds"],
        tuple(
            (date.fromisoformat(begins), date.fromisoformat(ends)) for begins, ends in json.loads(row["away"])
        ),
        tuple(Period(_moment(one[0]), _moment(one[1])) for one in busy),
        row["hire_date"],
        row["left_on"],
    )
    return Poolmate(
        row["id"], row["user_id"], row["name"], row["job_title"], row["team_name"], json.loads(row["skills"]), working,
        tuple(one[2] for one in busy),
    )  # fmt: skip


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _candidate(
    one: Poolmate,
    wanted: Wanted,
    period: Period,
    known: Mapping[UUID, tuple[int, Rate, int]],
    able: Collection[UUID],
) -> Candidate:
    load, quality, touches = known[one.user_id]
    free = free_seconds(one.working, period)
    blocked = ""
    if one.user_id not in able:
        blocked = "Their roles do not allow this work."
    elif one.engaged:
        blocked = f"Lends a hand elsewhere in that period: {', '.join(one.engaged)}."
    elif wanted.needed_seconds and not free:
        blocked = "Has no working time in that period."
    return Candidate(
        one.user_id, one.name, one.skills.get(wanted.skill, 0), quality, load, touches, free, blocked
    )


async def _known(
    session: Session, people: list[UUID], clients: list[UUID], payers: list[UUID]
) -> dict[UUID, tuple[int, Rate, int]]:
    """Open items in hand, the rate of right claims, and touches of the clients or payers, by person."""
    loads = {row["id"]: row["load"] for row in await session.fetch(_LOAD, people)}
    rows = await session.fetch(_QUALITY, people, [one.value for one in COUNTED], QUALITY_MONTHS)
    rates = {row["id"]: Rate(row["good"], row["claims"]) for row in rows}
    touched = await session.fetch(_TOUCHES, people, clients, payers, FAMILIAR_DAYS)
    touches = {row["id"]: row["touches"] for row in touched}
    return {one: (loads[one], rates.get(one, Rate(0, 0)), touches[one]) for one in people}


async def _familiar(session: Session, scope: FloatScope) -> tuple[list[UUID], list[UUID], str]:
    """What having worked there before means: the client, else those of the single items, else the payers that wait."""
    if scope.client_id:
        return [scope.client_id], [], "for this client"
    values: list[Any] = []
    row = await session.row(_AROUND.format(condition=scope.condition(values)), *values)
    if scope.item_ids and row["clients"]:
        return list(row["clients"]), [], "for these clients"
    return [], list(row["payers"] or ()), "with these payers"


async def _facts(session: Session, scope: FloatScope, period: Period, skill: str) -> dict[str, Any]:
    """What the table of weights asks for."""
    npi = await session.value("SELECT npi FROM clients WHERE id = $1", scope.client_id)
    target = "items" if scope.item_ids else "queue" if scope.kinds else "client"
    days = max((period.ends_at - period.starts_at) / timedelta(days=1), 0)
    return {
        "client_npi": npi,
        "skill": skill or None,
        "target": target,
        "items": len(scope.item_ids) or None,
        "days": round(days, 2),
    }
