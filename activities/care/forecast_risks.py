"""Months at risk as items of work: opened from a day and below a chance that a table names, closed by themselves."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.care.forecast_hours import hours_left, tenant_zone
from activities.care.forecast_messages import Asked, PortionTask
from activities.edi.heartbeats import beating
from activities.work import Opening, close_items_of, open_items
from database.decision_tables import Asked as Question
from database.decision_tables import decide_all
from database.session import Session, tenant_session
from domain import work
from domain.care.forecast_process import RISK_DEFAULT, RISK_TABLE, RiskRule, rule_from
from domain.care.forecast_words import SURE
from domain.care.month import last_of_month
from domain.tenancy import Actor, workflow_actor

SUBJECT = "care_enrolment"
AT_ONCE = 1_000
# What is open about a month that is over, or about a patient who is not forecast any more.
_LEFT_OVER = """
SELECT w.subject_id FROM work_items w WHERE w.tenant_id = current_tenant() AND w.kind = 'care_risk' AND w.status = 'open'
    AND NOT EXISTS (SELECT 1 FROM care_scores s WHERE s.tenant_id = w.tenant_id AND s.day = $1
        AND s.enrolment_id = w.subject_id AND to_char(s.month, 'YYYY-MM') = w.detail ->> 'month')
LIMIT 1000
"""
_GROUPS = """
SELECT s.client_id, s.programme, c.npi, max(s.days_left) AS days_left, max(s.month) AS month FROM care_scores s
JOIN clients c ON c.tenant_id = s.tenant_id AND c.id = s.client_id
WHERE s.tenant_id = current_tenant() AND s.day = $1 GROUP BY s.client_id, s.programme, c.npi
"""
_SAFE = """
SELECT w.subject_id FROM work_items w
JOIN care_scores s ON s.tenant_id = w.tenant_id AND s.day = $1 AND s.enrolment_id = w.subject_id
WHERE w.tenant_id = current_tenant() AND w.kind = 'care_risk' AND w.status = 'open'
    AND s.client_id = $2 AND s.programme = $3 AND (s.gap_seconds = 0 OR s.chance >= $4) LIMIT 1000
"""
# What a person ended is not asked again this month; what closed by itself may be.
_AT_RISK = """
SELECT s.enrolment_id, s.month, s.gap_seconds, s.chance, s.days_left, s.reasons, s.programme, e.reference, e.coordinator_id,
    (SELECT count(*) FROM work_items w WHERE w.tenant_id = s.tenant_id AND w.subject_type = 'care_enrolment'
        AND w.subject_id = s.enrolment_id AND w.kind = 'care_risk' AND w.status = 'cancelled'
        AND w.detail ->> 'month' = to_char(s.month, 'YYYY-MM')) AS closed
FROM care_scores s JOIN care_enrolments e ON e.tenant_id = s.tenant_id AND e.id = s.enrolment_id
WHERE s.tenant_id = current_tenant() AND s.day = $1 AND s.client_id = $2 AND s.programme = $3
    AND s.gap_seconds > 0 AND s.chance < $4 AND s.enrolment_id > $5 AND e.step <> 'ended'
    AND NOT EXISTS (SELECT 1 FROM work_items w WHERE w.tenant_id = s.tenant_id AND w.subject_type = 'care_enrolment'
        AND w.subject_id = s.enrolment_id AND w.kind = 'care_risk' AND w.status IN ('open', 'done')
        AND w.detail ->> 'month' = to_char(s.month, 'YYYY-MM'))
ORDER BY s.enrolment_id LIMIT 1000
"""
# What a coordinator still lacks for those who are not likely to get there.
_MISSING = """
SELECT coordinator_id, sum(gap_seconds) FILTER (WHERE chance < $2) AS missing FROM care_scores
WHERE tenant_id = current_tenant() AND day = $1 AND coordinator_id IS NOT NULL GROUP BY coordinator_id
"""
_OVERLOADED = """
UPDATE care_scores SET suggested = 'hand_over', reasons = array_append(reasons, 'overloaded')
WHERE tenant_id = current_tenant() AND day = $1 AND coordinator_id = ANY($2) AND suggested = 'call'
"""


@dataclass(frozen=True, slots=True)
class _Group:
    """The patients of a practice in a programme, and the rule that holds for them."""

    client_id: UUID
    programme: str
    day: int
    rule: RiskRule


@activity.defn
async def ask_about_risks(task: PortionTask) -> Asked:
    """Close what is safe or over, open what is at risk; again changes nothing."""
    actor = workflow_actor(task.tenant_id, "forecast")
    async with beating():
        async with tenant_session(actor) as session:
            await _mark_overloaded(session, task)
            groups = await _groups(session, task)
        closed = await _repeat(actor, lambda session: _close(session, _LEFT_OVER, task.day))
        opened = 0
        for group in groups:
            closed += await _repeat(actor, partial(_let_go, day=task.day, group=group))
            opened += await _open_group(task, actor, group)
    return Asked(opened, closed)


async def _repeat(actor: Actor, step: Callable[[Session], Awaitable[int]]) -> int:
    """A step in transactions of its own, until it finds nothing more."""
    total = 0
    while True:
        async with tenant_session(actor) as session:
            done = await step(session)
        total += done
        if not done:
            return total


async def _close(session: Session, sql: str, *args: Any) -> int:
    rows = await session.fetch(sql, *args)
    if not rows:
        return 0
    return await close_items_of(session, SUBJECT, [row["subject_id"] for row in rows], [work.Kind.CARE_RISK])


async def _let_go(session: Session, day: date, group: _Group) -> int:
    return await _close(session, _SAFE, day, group.client_id, group.programme, group.rule.safe)


async def _groups(session: Session, task: PortionTask) -> list[_Group]:
    rows = await session.fetch(_GROUPS, task.day)
    today = task.now.astimezone(await tenant_zone(session)).date()
    questions = [
        Question(
            {
                "client_npi": row["npi"],
                "programme": row["programme"],
                "day": today.day,
                "days_left": row["days_left"],
            },
            RISK_DEFAULT,
        )
        for row in rows
    ]
    made = await decide_all(session, RISK_TABLE, questions)
    return [
        _Group(row["client_id"], row["programme"], today.day, rule_from(one.value))
        for row, one in zip(rows, made, strict=True)
    ]


async def _open_group(task: PortionTask, actor: Actor, group: _Group) -> int:
    """Ask about those at risk, a thousand in a transaction."""
    if group.day < group.rule.from_day:
        return 0
    opened, after = 0, UUID(int=0)
    while True:
        async with tenant_session(actor) as session:
            rows = await session.fetch(
                _AT_RISK, task.day, group.client_id, group.programme, group.rule.below, after
            )
            due = await _due(session, task)
            opened += await open_items(session, [_opening(row, due, group.rule) for row in rows])
        if len(rows) < AT_ONCE:
            return opened
        after = rows[-1]["enrolment_id"]


def _opening(row: Mapping[str, Any], due: datetime, rule: RiskRule) -> Opening:
    month = f"{row['month']:%Y-%m}"
    again = f"#{row['closed']}" if row["closed"] else ""
    detail = {
        "month": month,
        "missing_seconds": row["gap_seconds"],
        "chance_percent": round(row["chance"] * 100),
        "working_days_left": row["days_left"],
        "reasons": list(row["reasons"]),
    }
    return Opening(
        f"care_risk:{row['enrolment_id']}:{month}{again}",
        work.Kind.CARE_RISK,
        work.title(work.Kind.CARE_RISK, f"{row['reference']}, {row['programme'].upper()}", month),
        SUBJECT,
        row["enrolment_id"],
        detail=detail,
        priority=rule.priority,
        due_at=due,
        owner_id=row["coordinator_id"],
    )


async def _due(session: Session, task: PortionTask) -> datetime:
    """The evening of the month's last day where the tenant is."""
    return datetime.combine(last_of_month(task.day), time(17), await tenant_zone(session))


async def _mark_overloaded(session: Session, task: PortionTask) -> None:
    """Where a coordinator lacks more minutes than hours are left, patients are better handed over."""
    rows: Sequence[Any] = await session.fetch(_MISSING, task.day, SURE)
    left = await hours_left(session, [row["coordinator_id"] for row in rows], task.now)
    overloaded = [
        row["coordinator_id"]
        for row in rows
        if row["missing"] and row["coordinator_id"] in left and row["missing"] > left[row["coordinator_id"]]
    ]
    await session.execute(_OVERLOADED, task.day, overloaded)
