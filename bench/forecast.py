"""The daily forecast of 50,000 patients, bare and through the database, and how right it is beside the straight line.

It is measured on the made-up companies of `forecast_months` that nobody looked at while it was improved, all of their
misses together, and on one in which neither patients nor coordinators differ. Made-up months say what the forecast can
know, not that it wins with a tenant: what a tenant is shown is measured on the tenant's own months.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import psutil

from activities.care.forecast_messages import PortionTask
from activities.care.forecasting import score_portion
from bench.forecast_months import (
    A_COORDINATOR,
    UNSEEN,
    Company,
    alike,
    company_of,
    history_of,
    working_months,
)
from bench.migrating import migrated
from cli.postgres import Postgres
from database import session
from database.session import make_tenant_key, tenant_session
from domain.care.backtest import backtest
from domain.care.backtest_figures import Backtest
from domain.care.forecast import forecast
from domain.care.forecast_model import Ahead, Past, Standing
from domain.tenancy import workflow_actor

PATIENTS = 50_000
OF_A_COMPANY = 300
ENTRIES_EACH = 6
COORDINATORS = 800
GROWTH_MB = 60.0
NOW = datetime(2026, 11, 17, 15, tzinfo=UTC)
_PEOPLE = """
INSERT INTO users (email, name, password_hash) SELECT 'a' || n || '@b.example', 'Person ' || n, '-'
FROM generate_series(1, $1::int) n
"""
_ENROLMENTS = """
INSERT INTO care_enrolments (tenant_id, client_id, patient_id, programme, practitioner_id, coordinator_id, step, consented_on)
SELECT $1, $2, gen_random_uuid(), CASE WHEN n % 10 = 0 THEN 'pcm' ELSE 'ccm' END, $2, u.ids[1 + n % $4::int], 'active', '2026-04-01'
FROM generate_series(1, $3::int) n CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM users) u
"""
_ENTRIES = """
INSERT INTO care_time_entries (tenant_id, enrolment_id, patient_id, staff_id, staff_name, credential, activity, starts_at,
    ends_at, source, recorded_by)
SELECT e.tenant_id, e.id, e.patient_id, e.coordinator_id, 'A', 'clinical', 'patient_call', t.at,
    t.at + make_interval(secs => 60 + hashtext(e.id::text || n) & 255), 'live', e.coordinator_id
FROM care_enrolments e CROSS JOIN generate_series(1, $1::int) n
CROSS JOIN LATERAL (SELECT timestamptz '2026-11-02 15:00+00' + make_interval(days => n * 2, mins => hashtext(e.id::text) & 127)) t(at)
"""
_PACES = """
INSERT INTO care_paces (tenant_id, month, enrolment_id, client_id, coordinator_id, programme, first_seconds, seconds, sessions,
    reached, days)
SELECT e.tenant_id, m.month, e.id, e.client_id, e.coordinator_id, e.programme, 1200, 1100 + (hashtext(e.id::text) & 255), 4,
    (hashtext(e.id::text) & 255) > 100, array_fill(40, ARRAY[30])
FROM care_enrolments e CROSS JOIN unnest('{2026-08-01,2026-09-01,2026-10-01}'::date[]) m(month)
"""


def run(count: int = PATIENTS) -> dict[str, Any]:
    """Seconds, memory and figures of accuracy."""
    unseen = [measured(company_of(number)) for number in UNSEEN]
    same = measured(alike())
    bare = _bare(unseen[0], count)
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        seconds, growth, scored = asyncio.run(_through_the_database(Path(folder), count))
    return {
        "bench": "forecast",
        "figures": {
            "patients": count,
            "bare_seconds": round(bare, 2),
            "with_the_database_seconds": round(seconds, 2),
            "patients_per_s": round(count / seconds),
            "memory_growth_mb": round(growth, 1),
            **accuracy("unseen", unseen),
            **accuracy("alike", [same]),
        },
        "holds": {
            f"all {count:,} are scored": scored == count,
            f"memory grows by less than {GROWTH_MB:g} MB from the fifth portion to the last": growth
            < GROWTH_MB,
        },
    }


def measured(company: Company) -> Backtest:
    """A company's months, each forecast by those before it."""
    history = history_of(company, OF_A_COMPANY)
    return backtest(history.rows, working_months(), history.away)


def accuracy(name: str, made: Sequence[Backtest]) -> dict[str, Any]:
    """By day, over all companies: the share of misses found with as many false alarms as the straight line, which stands
    beside it; in how many the chances are closer; and in how many the forecast is used."""
    misses = sum(one.misses for one in made)
    figures: dict[str, Any] = {
        f"{name}_companies_months_misses": f"{len(made)} / {sum(one.patients for one in made)} / {misses}"
    }
    for days in zip(*(one.checkpoints for one in made), strict=True):
        lines = [one.straight for one in days]
        ours, line = sum(one.found_alike for one in days), sum(one.found for one in lines)
        alarms = sum(one.false_alarms for one in lines) / sum(one.false_alarms + one.right for one in lines)
        told = f"{ours / misses:.3f} / {line / misses:.3f} at {alarms:.3f} false alarms"
        figures[f"{name}_day_{days[0].day}_recall_ours_and_line"] = told
        closer = sum(one.brier < one.straight_brier for one in days)
        figures[f"{name}_day_{days[0].day}_chances_closer"] = f"{closer} of {len(made)}"
    figures[f"{name}_forecast_used"] = f"{sum(one.better for one in made)} of {len(made)}"
    return figures


def _bare(learned: Backtest, count: int) -> float:
    """Seconds of the reckoning alone."""
    chance = random.Random(7)
    asked = (1_200, 2_400, 3_600)
    ahead = [
        Ahead(20, (1.0,) * 10, (1.0,) * 10, 16, 30),
        Ahead(20, (1.0,) * 10, (0.0,) * 5 + (1.0,) * 5, 16, 30),
    ]
    patients = [
        Standing(
            chance.randrange(0, 2_000),
            asked,
            tuple(Past(chance.randrange(0, 3_000), chance.randrange(1, 8), True) for _ in range(6)),
            chance.randrange(OF_A_COMPANY // A_COORDINATOR),
        )
        for _ in range(count)
    ]
    began = time.perf_counter()
    for number, one in enumerate(patients):
        forecast(learned.book, one, ahead[number % 2])
    return time.perf_counter() - began


async def _through_the_database(folder: Path, count: int) -> tuple[float, float, int]:
    """Seconds of scoring everybody portion by portion, growth of memory in MB, and how many were scored."""
    server = Postgres(folder, throwaway=True)
    await server.start()
    try:
        owner_url = await server.create_database("forecast")
        await migrated(owner_url)
        tenant_id = await _filled(owner_url, count)
        await session.start(server.app_url("forecast"), bytes(32), max_size=2)
        try:
            async with tenant_session(workflow_actor(tenant_id, "bench")) as opened:
                await make_tenant_key(opened)
            return await _scored(tenant_id)
        finally:
            await session.stop()
    finally:
        await server.stop()


async def _scored(tenant_id: UUID) -> tuple[float, float, int]:
    process, done, portions, start = psutil.Process(), 0, 0, 0
    cursor: UUID | None = None
    began = time.perf_counter()
    while True:
        portion = await score_portion(PortionTask(tenant_id, NOW, NOW.date(), None, cursor))
        done, portions, cursor = done + portion.done, portions + 1, portion.cursor
        if portions == 5:
            start = process.memory_info().rss
        if cursor is None:
            break
    seconds = time.perf_counter() - began
    growth = (process.memory_info().rss - start) / 1e6 if start else 0.0
    async with tenant_session(workflow_actor(tenant_id, "bench")) as opened:
        stored: int = await opened.value("SELECT count(*) FROM care_scores")
    return seconds, growth, min(done, stored)


async def _filled(owner_url: str, count: int) -> UUID:
    """A tenant with that many patients in care, a running month and three finished ones."""
    owner = await asyncpg.connect(owner_url)
    try:
        tenant_id: UUID = await owner.fetchval(
            "INSERT INTO tenants (name, subdomain, status) VALUES ('T', 't-1-x', 'active') RETURNING id"
        )
        # Only the check of foreign keys is left out, and with it patients and clients that nobody reads here.
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(_PEOPLE, COORDINATORS)
        await owner.execute(_ENROLMENTS, tenant_id, UUID(int=1), count, COORDINATORS)
        await owner.execute(_ENTRIES, ENTRIES_EACH)
        await owner.execute(_PACES)
        for table in ("care_enrolments", "care_time_entries", "care_paces"):
            await owner.execute(f"VACUUM ANALYZE {table}")
        return tenant_id
    finally:
        await owner.close()
