"""The look of the watch: match what can be matched, ask about what has waited too long, say when to look again."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from temporalio import activity

from activities.deposits.matching import match_by_trace
from activities.deposits.messages import Looked, LookTask
from activities.work import Opening, open_items
from database.deposit_reads import WAITING_REMITTANCES, lock_deposits
from database.session import Session, tenant_session
from domain import work
from domain.deposits.day import DAYS_WITHOUT_MONEY, DAYS_WITHOUT_REMITTANCE
from domain.tenancy import workflow_actor

_TENANT = "SELECT time_zone, settings->'deposits' AS waits FROM tenants WHERE id = current_tenant()"
_WAITING_DEPOSITS = """
SELECT d.id, d.trace, d.amount_cents, d.deposited_on AS due_from, a.name AS account_name,
    (SELECT count(*) FROM deposit_matches m WHERE m.tenant_id = d.tenant_id AND m.deposit_id = d.id) AS tries
FROM deposits d JOIN bank_accounts a ON a.tenant_id = d.tenant_id AND a.id = d.account_id
WHERE d.tenant_id = current_tenant() AND d.status IN ('unmatched', 'partial')
"""
# Money is missed only since the bank's side is known: from the day of the first deposit on.
_MISSED = f"""
SELECT w.*, (SELECT count(*) FROM deposit_matches m WHERE m.tenant_id = current_tenant() AND m.remittance_id = w.id)
    AS tries
FROM ({WAITING_REMITTANCES}) w
WHERE w.due_from >= (SELECT min(deposited_on) FROM deposits WHERE tenant_id = current_tenant())
"""


@activity.defn
async def look_at_deposits(task: LookTask) -> Looked:
    """Match by trace and amount, then open a work item for everything overdue. Running twice opens nothing twice."""
    async with tenant_session(workflow_actor(task.tenant_id, "deposits")) as session:
        await lock_deposits(session)
        matched = await match_by_trace(session)
        tenant = await session.row(_TENANT)
        zone = ZoneInfo(tenant["time_zone"])
        waits = json.loads(tenant["waits"] or "{}")
        today = task.now.astimezone(zone).date()
        deposits = await session.fetch(_WAITING_DEPOSITS)
        remittances = await session.fetch(_MISSED)
        after = waits.get("days_without_remittance", DAYS_WITHOUT_REMITTANCE)
        missed_after = waits.get("days_without_money", DAYS_WITHOUT_MONEY)
        openings = [
            *(_deposit(row) for row in deposits if _overdue(row, after, today)),
            *(_remittance(row) for row in remittances if _overdue(row, missed_after, today)),
        ]
        opened = await open_items(session, openings)
        ahead = [
            *(_due(row, after) for row in deposits),
            *(_due(row, missed_after) for row in remittances),
        ]
        return Looked(matched, opened, _next(ahead, today, zone))


def _due(row: Any, days: int) -> date:
    """The first day on which it has waited too long."""
    due: date = row["due_from"] + timedelta(days=days + 1)
    return due


def _overdue(row: Any, days: int, today: date) -> bool:
    return _due(row, days) <= today


def _next(ahead: list[date], today: date, zone: ZoneInfo) -> datetime | None:
    """The beginning of the next day on which something will have waited too long."""
    coming = min((day for day in ahead if day > today), default=None)
    return None if coming is None else datetime.combine(coming, time(0, 5), zone).astimezone(UTC)


def _deposit(row: Any) -> Opening:
    reference = f"Deposit {row['trace']}".strip()
    words = f"{_dollars(row['amount_cents'])} in {row['account_name']} since {row['due_from']}"
    return Opening(
        f"deposit:{row['id']}:{row['tries']}",
        work.Kind.DEPOSIT,
        work.title(work.Kind.DEPOSIT, reference, words),
        "deposit",
        row["id"],
        detail={"amount_cents": row["amount_cents"]},
    )


def _remittance(row: Any) -> Opening:
    words = f"{_dollars(row['payment_cents'])} of {row['due_from']}"
    return Opening(
        f"missing_money:{row['id']}:{row['tries']}",
        work.Kind.MISSING_MONEY,
        work.title(work.Kind.MISSING_MONEY, f"Remittance {row['trace']}", words),
        "remittance",
        row["id"],
        detail={"amount_cents": row["payment_cents"]},
    )


def _dollars(cents: int) -> str:
    return f"{cents / 100:,.2f}"


async def waits_of(session: Session) -> dict[str, int]:
    """After how many days each side is missed, by the tenant's settings."""
    tenant = await session.row(_TENANT)
    usual = {"days_without_money": DAYS_WITHOUT_MONEY, "days_without_remittance": DAYS_WITHOUT_REMITTANCE}
    return usual | json.loads(tenant["waits"] or "{}")
