"""Runs of statements: started by a person, followed while they print, each patient once a cycle."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.balances.rules import rules_of
from services.balances.views import RunView
from services.deposits.days import today_of

_RUNS = """
SELECT r.*, coalesce(u.name, '') AS started_by_name FROM statement_runs r LEFT JOIN users u ON u.id = r.started_by
WHERE r.tenant_id = current_tenant()
"""


async def run_view(session: Session, run_id: UUID) -> RunView:
    """The run as it stands."""
    return _view(await session.row(f"{_RUNS} AND r.id = $1", run_id))


@door.answering(Permission.BALANCES_MANAGE, run_view)
async def start_statements(session: Session, statement_on: date | None = None) -> UUID:
    """Start a run: everybody who is due gets one statement. One run at a time; a second one on the same day makes none twice."""
    today = await today_of(session)
    on = statement_on or today
    if not today - timedelta(days=31) <= on <= today:
        fault = FieldError("statement_on", "date.out_of_range", "Use today, or a day of the last month.")
        raise Invalid("statements.date", "Statements cannot carry this date.", fault.message, fields=(fault,))
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{session.tenant_id}statements"
    )
    if await session.value("SELECT 1 FROM statement_runs WHERE status = 'running'"):
        raise Conflict(
            "statements.running", "Statements are being printed already.", "Wait for that run to end."
        )
    run_id: UUID = await session.value(
        "INSERT INTO statement_runs (tenant_id, statement_on, rules, started_by) VALUES ($1, $2, $3, $4) RETURNING id",
        session.tenant_id,
        on,
        json.dumps(asdict(await rules_of(session))),
        session.actor.user_id,
    )
    await session.tell(
        "start",
        f"{session.tenant_id}/statements/{run_id}",
        "",
        {"tenant_id": session.tenant_id, "run_id": run_id},
        workflow="StatementRun",
    )
    return run_id


@door.query(Permission.BALANCES_VIEW)
async def list_statement_runs(
    session: Session, *, cursor: str | None = None, limit: int = PAGE
) -> Page[RunView]:
    """Runs, newest first, with their progress."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_RUNS} AND ($1::uuid IS NULL OR r.id < $1) ORDER BY r.id DESC LIMIT {size + 1}",
        uuid_in(cursor) if cursor else None,
    )
    items = [_view(row) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


@door.query(Permission.BALANCES_VIEW, of="statement_runs")
async def get_statement_run(session: Session, run_id: UUID) -> RunView:
    """One run with its progress."""
    return await run_view(session, run_id)


def _view(row: Any) -> RunView:
    return RunView(
        row["id"],
        row["status"],
        row["statement_on"],
        row["total"],
        row["made"],
        row["skipped"],
        row["started_by_name"],
        row["started_at"],
        row["finished_at"],
    )
