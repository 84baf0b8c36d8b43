"""The daily forecast's steps: count finished months, measure on them, and score every patient, portion by portion."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.care.forecast_book import book_in_use, keep
from activities.care.forecast_hours import tenant_zone
from activities.care.forecast_messages import ForecastPlan, ForecastTask, Portion, PortionTask
from activities.care.forecast_presence import Presence, presence_of
from activities.care.forecast_reading import OF_MONTH, PORTION, Case, finished_cases, running_cases
from activities.edi.heartbeats import beating
from database.care_outreach import reached_share
from database.session import Session, tenant_session
from database.workforce_reads import calendar_of
from domain.care.backtest import backtest
from domain.care.forecast import forecast, straight
from domain.care.forecast_learning import PatientMonth
from domain.care.forecast_model import FORMULA, STAND_IN, Book, Past, Projection, Standing
from domain.care.forecast_words import reasons_of, suggestion
from domain.care.month import last_of_month
from domain.care.working_month import working_month
from domain.tenancy import workflow_actor

ACTOR = "forecast"
HISTORY_MONTHS = 6
# Time of a finished month is still approved and corrected for a while.
STILL_CHANGES_DAYS = 10
KEPT_MONTHS = 13
KEPT_DAYS = 62
MOST_MEASURED = 9_000
OUTREACH_DAYS = 90
_PRIOR_TRIES = 20
_LACKS = f"""
SELECT EXISTS (SELECT 1 FROM care_enrolments e WHERE {OF_MONTH.format(first="$1", last="$2")}
    AND NOT EXISTS (SELECT 1 FROM care_paces p WHERE p.tenant_id = e.tenant_id AND p.month = $1 AND p.enrolment_id = e.id))
"""
_PACES = ("tenant_id", "month", "enrolment_id", "client_id", "coordinator_id", "programme", "first_seconds", "seconds",
          "sessions", "reached", "days")  # fmt: skip
# A month stays with whoever coordinated the patient when it was counted first, wherever the patient has gone since.
_UNCOUNT = """
DELETE FROM care_paces WHERE tenant_id = current_tenant() AND month = $1 AND enrolment_id = ANY($2)
RETURNING enrolment_id, coordinator_id
"""
_WHOLE = """
INSERT INTO care_forecast_days (tenant_id, day) VALUES ($1, $2)
ON CONFLICT (tenant_id, day) DO UPDATE SET made_at = now()
"""
# The morning's run and one that somebody asked for replace the same rows: portions follow each other.
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('care_forecast/' || current_tenant(), 0))"
# Every n-th patient where there are more than can be measured in bounded memory and time.
_SAMPLE = """
SELECT month, enrolment_id, coordinator_id, first_seconds, days, reached FROM care_paces
WHERE tenant_id = current_tenant() AND month >= $1 AND recorded AND first_seconds > 0
    AND abs(hashtext(enrolment_id::text)::bigint) % (SELECT greatest(1, count(*) / $2 + (count(*) % $2 > 0)::int)
        FROM care_paces WHERE tenant_id = current_tenant() AND month >= $1 AND recorded) = 0
ORDER BY month, enrolment_id
"""
# Months before a practice's first minutes are no months in which everybody missed.
_RECORDED = """
UPDATE care_paces p SET recorded = NOT p.recorded
FROM (SELECT client_id, min(month) FILTER (WHERE seconds > 0) AS begun FROM care_paces
    WHERE tenant_id = current_tenant() GROUP BY client_id) b
WHERE p.tenant_id = current_tenant() AND p.client_id = b.client_id
    AND p.recorded <> coalesce(p.month >= b.begun, false)
"""
# Planned days off, as they stand in the calendar now; nobody plans to be sick.
_AWAY = """
SELECT e.user_id, d::date AS day, bool_or(s.id IS NOT NULL) AS covered FROM absences a
JOIN employees e ON e.tenant_id = a.tenant_id AND e.id = a.employee_id
LEFT JOIN employees s ON s.tenant_id = a.tenant_id AND s.id = a.substitute_id AND s.active AND s.user_id IS NOT NULL
CROSS JOIN LATERAL generate_series(a.starts_on, a.ends_on, interval '1 day') AS d
WHERE a.tenant_id = current_tenant() AND a.cancelled_at IS NULL AND a.kind <> 'sick' AND a.ends_on >= $1
    AND a.starts_on < $2 AND e.user_id IS NOT NULL GROUP BY e.user_id, d
"""
_PAST = """
SELECT enrolment_id, seconds, sessions, reached FROM care_paces
WHERE tenant_id = current_tenant() AND enrolment_id = ANY($1) AND month < $2 AND month >= $3
    AND recorded ORDER BY enrolment_id, month DESC
"""
_SCORES = ("tenant_id", "day", "enrolment_id", "month", "client_id", "coordinator_id", "programme", "seconds",
           "projected_seconds", "low_seconds", "high_seconds", "thresholds", "chances", "chance", "gap_seconds",
           "suggested", "reasons", "days_left", "formula")  # fmt: skip


@activity.defn
async def begin_forecast(task: ForecastTask) -> ForecastPlan:
    """Which finished months are not counted yet or may still have changed, and what the tenant's day is."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        day = task.now.astimezone(await tenant_zone(session)).date()
        months = [
            one
            for one in past_months(day)
            if task.anew or await session.value(_LACKS, one, last_of_month(one))
        ]
        previous = past_months(day)[-1]
        if day.day <= STILL_CHANGES_DAYS and previous not in months:
            months.append(previous)
        for table in ("care_scores", "care_forecast_days"):
            await session.execute(f"DELETE FROM {table} WHERE day < $1", day - timedelta(days=KEPT_DAYS))
        await session.execute(
            "DELETE FROM care_paces WHERE month < $1", day - timedelta(days=31 * KEPT_MONTHS)
        )
        measured = await session.value(
            "SELECT count(*) FROM care_backtests WHERE tenant_id = current_tenant() AND formula = $1", FORMULA
        )
    return ForecastPlan(day, tuple(months), bool(months) or not measured)


@activity.defn
async def gather_paces(task: PortionTask) -> Portion:
    """Count a portion of a finished month, anew where it was counted before."""
    assert task.month is not None
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        await session.value(_ALONE)
        cases = await finished_cases(session, task.month, task.cursor)
        counted = await session.fetch(_UNCOUNT, task.month, [one.id for one in cases])
        whose = {row["enrolment_id"]: row["coordinator_id"] for row in counted}
        rows = [_pace(session, task.month, one, whose.get(one.id) or one.coordinator_id) for one in cases]
        await session.copy("care_paces", _PACES, rows)
    return _portion(cases)


@activity.defn
async def measure_forecast(task: ForecastTask) -> int:
    """Measure the forecast on the finished months, and learn from them; the number of patient-months measured."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        since = (task.now - timedelta(days=31 * (HISTORY_MONTHS + 1))).date()
        await session.execute(_RECORDED)
        rows = await session.fetch(_SAMPLE, since, MOST_MEASURED)
        off = await session.fetch(_AWAY, since, task.now.date())
        office = await calendar_of(session)
        months = {one: working_month(office, one) for one in {row["month"] for row in rows}}
    away = {(row["user_id"], row["day"]): STAND_IN if row["covered"] else 0.0 for row in off}
    async with beating():
        made = await asyncio.to_thread(lambda: backtest([_past_month(row) for row in rows], months, away))
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        await keep(session, made)
    return made.patients


@activity.defn
async def score_portion(task: PortionTask) -> Portion:
    """Forecast a portion of the patients in care; with the last one the day is whole. A day's last run stands."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        await session.value(_ALONE)
        cases = await running_cases(session, task.now, task.day, task.cursor)
        if cases:
            # Where no code counts the time of staff there is nothing to reach.
            aiming = [one for one in cases if one.thresholds]
            scored = await _scored(session, task, aiming) if aiming else []
            await session.execute(
                "DELETE FROM care_scores WHERE tenant_id = current_tenant() AND day = $1 AND enrolment_id = ANY($2)",
                task.day,
                [one.id for one in cases],
            )
            await session.copy("care_scores", _SCORES, scored)
        done = _portion(cases)
        if done.cursor is None:
            await session.execute(_WHOLE, session.tenant_id, task.day)
    return done


def past_months(day: date) -> list[date]:
    """The months before that of a day, the oldest first."""
    found = [day.replace(day=1)]
    for _ in range(HISTORY_MONTHS):
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[:0:-1]


def _portion(cases: Sequence[Case]) -> Portion:
    return Portion(len(cases), cases[-1].id if len(cases) == PORTION else None)


def _pace(session: Session, month: date, one: Case, coordinator_id: UUID | None) -> tuple[Any, ...]:
    counted = one.counted
    asked = one.thresholds[0] if one.thresholds else 0
    return (
        session.tenant_id, month, one.id, one.client_id, coordinator_id, one.programme.value, asked,
        counted.seconds, counted.sessions, counted.reached, list(counted.days),
    )  # fmt: skip


def _past_month(row: Any) -> PatientMonth:
    return PatientMonth(
        row["month"],
        row["enrolment_id"],
        row["coordinator_id"],
        row["first_seconds"],
        tuple(row["days"]),
        row["reached"],
    )


async def _scored(session: Session, task: PortionTask, cases: Sequence[Case]) -> list[tuple[Any, ...]]:
    book, better = await book_in_use(session)
    coordinators = {one.coordinator_id for one in cases if one.coordinator_id}
    presence = await presence_of(session, list(coordinators), task.now, task.day)
    past = await _past(session, cases)
    since = task.now - timedelta(days=OUTREACH_DAYS)
    tries = await reached_share(session, list({one.patient_id for one in cases}), since)
    reached, attempts = (sum(one[part] for one in tries.values()) for part in (0, 1))
    usual = (reached + 0.5 * _PRIOR_TRIES) / (attempts + _PRIOR_TRIES)
    rows = []
    for one in cases:
        answered, tried = tries.get(one.patient_id, (0, 0))
        about = standing(one, past.get(one.id, ()), tried, answered, usual)
        rows.append(_row(session, task.day, one, about, book, presence, better=better))
    return rows


async def _past(session: Session, cases: Sequence[Case]) -> Mapping[UUID, tuple[Past, ...]]:
    first = min(one.month.first for one in cases)
    found: dict[UUID, list[Past]] = {}
    for row in await session.fetch(
        _PAST, [one.id for one in cases], first, first - timedelta(days=31 * HISTORY_MONTHS)
    ):
        found.setdefault(row["enrolment_id"], []).append(
            Past(row["seconds"], row["sessions"], row["reached"])
        )
    return {one: tuple(months) for one, months in found.items()}


def standing(case: Case, past: tuple[Past, ...], tries: int, reached: int, usual: float) -> Standing:
    """A case as the forecast takes it. A base reached by the practitioner's own time counts as the first threshold."""
    seconds = max(case.counted.seconds, case.thresholds[0] if case.counted.reached else 0)
    return Standing(seconds, case.thresholds, past, case.coordinator_id, tries, reached, usual)


def _row(
    session: Session, day: date, case: Case, about: Standing, book: Book, presence: Presence, *, better: bool
) -> tuple[Any, ...]:
    ahead = presence.ahead(case.month, case.coordinator_id)
    made: Projection = (forecast if better else straight)(book, about, ahead)
    first, left = about.thresholds[0], presence.days_left(case.month)
    coordinated = case.coordinator_id is not None
    gone = 1.0 - book.left(ahead, case.coordinator_id).whole
    reasons = reasons_of(made, first, gone, coordinated=coordinated)
    return (
        session.tenant_id, day, case.id, case.month.first, case.client_id, case.coordinator_id, case.programme.value,
        made.seconds, made.projected, made.low, made.high, list(about.thresholds), list(made.chances), made.chances[0],
        max(first - made.seconds, 0), suggestion(made, first, coordinated=coordinated, days_left=left).value,
        list(reasons), ceil(left), made.formula,
    )  # fmt: skip
