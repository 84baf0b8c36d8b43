"""Deposit days: three sums side by side, the closing, and the reopening with a reason."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.crypto import TenantKey
from database.deposit_reads import DAY_SUMS, day_sums, lock_deposits, sums_of
from database.session import Session
from domain.deposits.day import DaySums, missing, refuse_to_close
from domain.paging import PAGE, Page, page_size
from domain.refusals import Conflict
from policies.permissions import Permission
from services import door
from services.clientele import checks
from services.deposits.catalogue import LINES, after_day, matches_of, page_of_days
from services.deposits.views import DayEvent, DayLine, DayView, deposit_line

_REASON = "deposit_day_events.reason"
# The page is cut first, so that only its days are summed.
_DAYS = f"""
WITH d AS MATERIALIZED (
    SELECT * FROM deposit_days d WHERE d.tenant_id = current_tenant() AND ($1 = '' OR d.status = $1)
        AND ($2::uuid IS NULL OR d.account_id = $2) AND ($3::date IS NULL OR (d.day, d.id) < ($3, $4::uuid))
    ORDER BY d.day DESC, d.id DESC LIMIT $5)
SELECT d.*, a.name AS account_name, coalesce(u.name, '') AS closed_by_name, c.*, s.*
FROM d JOIN bank_accounts a ON a.tenant_id = d.tenant_id AND a.id = d.account_id
LEFT JOIN users u ON u.id = d.closed_by {DAY_SUMS} ORDER BY d.day DESC, d.id DESC
"""
_ONE = f"""
SELECT d.*, a.name AS account_name, coalesce(u.name, '') AS closed_by_name, c.*, s.*
FROM deposit_days d JOIN bank_accounts a ON a.tenant_id = d.tenant_id AND a.id = d.account_id
LEFT JOIN users u ON u.id = d.closed_by {DAY_SUMS} WHERE d.id = $1
"""
_EVENT = """
INSERT INTO deposit_day_events (tenant_id, day_id, kind, actor_id, actor_name, reason, cash_cents, remitted_cents,
    ledger_cents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


@door.query(Permission.DEPOSITS_VIEW)
async def list_days(
    session: Session,
    *,
    status: str = "",
    account_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[DayLine]:
    """Deposit days with their three sums, newest first; `status` is open or closed."""
    size = page_size(limit)
    rows = await session.fetch(_DAYS, status, account_id, *after_day(cursor), size + 1)
    return page_of_days(rows, size, [_line(row) for row in rows[:size]], "day")


@door.query(Permission.DEPOSITS_VIEW, of="deposit_days", phi=True)
async def get_day(session: Session, day_id: UUID) -> DayView:
    """A day: its deposits, what they were matched to, and what keeps it from closing."""
    return await view_day(session, day_id)


@door.answering(
    Permission.DEPOSITS_CLOSE, lambda session, day_id: view_day(session, day_id), of="deposit_days"
)
async def close_day(session: Session, day_id: UUID) -> UUID:
    """Close a day whose deposits, remittances (BPR02) and ledger come to one sum; refused with the three otherwise."""
    await lock_deposits(session)
    row = await _day(session, day_id, "open")
    sums = await day_sums(session, day_id)
    refuse_to_close(sums, row["day"], await today_of(session))
    await session.execute(
        "UPDATE deposit_days SET status = 'closed', closed_at = now(), closed_by = $2, version = version + 1"
        " WHERE id = $1",
        day_id,
        session.actor.user_id,
    )
    await _note(session, day_id, "closed", "", sums)
    return day_id


@door.answering(
    Permission.DEPOSITS_CLOSE, lambda session, day_id: view_day(session, day_id), of="deposit_days"
)
async def reopen_day(session: Session, day_id: UUID, reason: str) -> UUID:
    """Open a closed day again, with a reason that stays on it."""
    why = checks.reason_of(reason)
    await lock_deposits(session)
    await _day(session, day_id, "closed")
    sums = await day_sums(session, day_id)
    await session.execute(
        "UPDATE deposit_days SET status = 'open', closed_at = NULL, closed_by = NULL, version = version + 1"
        " WHERE id = $1",
        day_id,
    )
    await _note(session, day_id, "reopened", why, sums)
    return day_id


async def today_of(session: Session) -> date:
    """Today where the tenant is."""
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()")
    return datetime.now(ZoneInfo(zone)).date()


async def view_day(session: Session, day_id: UUID) -> DayView:
    """The day as it stands."""
    row = await session.row(_ONE, day_id)
    key = await session.key()
    deposits = await session.fetch(
        f"{LINES} AND d.account_id = $1 AND d.deposited_on = $2 ORDER BY d.amount_cents DESC, d.id LIMIT 500",
        row["account_id"],
        row["day"],
    )
    matches = await matches_of(session, [one["id"] for one in deposits])
    events = await session.fetch("SELECT * FROM deposit_day_events WHERE day_id = $1 ORDER BY id", day_id)
    sums = sums_of(row)
    return DayView(
        _line(row),
        [] if sums.agrees else list(missing(sums)),
        [deposit_line(key, one) for one in deposits],
        {str(deposit_id): [m for m in found if m.undone_at is None] for deposit_id, found in matches.items()},
        [_event(key, one) for one in events],
    )


async def _day(session: Session, day_id: UUID, status: str) -> Any:
    row = await session.row("SELECT * FROM deposit_days WHERE id = $1 FOR UPDATE", day_id)
    if row["status"] != status:
        words = "closed already" if status == "open" else "open"
        raise Conflict(f"deposit_day.{row['status']}", f"This day is {words}.", "Reload the page.")
    return row


async def _note(session: Session, day_id: UUID, kind: str, reason: str, sums: DaySums) -> None:
    await session.execute(
        _EVENT,
        session.tenant_id,
        day_id,
        kind,
        session.actor.user_id,
        session.actor.name,
        (await session.key()).seal(_REASON, reason.encode()) if reason else None,
        sums.cash_cents,
        sums.remitted_cents,
        sums.ledger_cents,
    )


def _line(row: Any) -> DayLine:
    sums = sums_of(row)
    return DayLine(
        id=row["id"],
        account_id=row["account_id"],
        account_name=row["account_name"],
        day=row["day"],
        status=row["status"],
        deposits=sums.deposits,
        unmatched=sums.unmatched + sums.partial,
        cash_cents=sums.cash_cents,
        remitted_cents=sums.remitted_cents,
        ledger_cents=sums.ledger_cents,
        agrees=sums.agrees,
        closed_at=row["closed_at"],
        closed_by_name=row["closed_by_name"],
    )


def _event(key: TenantKey, row: Any) -> DayEvent:
    return DayEvent(
        row["at"],
        row["kind"],
        row["actor_name"],
        key.open(_REASON, row["reason"]).decode() if row["reason"] else "",
        row["cash_cents"],
        row["remitted_cents"],
        row["ledger_cents"],
    )
