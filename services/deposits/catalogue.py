"""Deposits as lists and one by one."""

from datetime import date
from typing import Any
from uuid import UUID

from database.crypto import TenantKey
from database.deposit_reads import WAITING_REMITTANCES
from database.session import Session
from domain.deposits.rows import trace_key
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Invalid
from policies.permissions import Permission
from services import door
from services.deposits.views import (
    MATCHED_BY,
    DepositLine,
    DepositView,
    MatchView,
    WaitingRemittance,
    deposit_line,
)

LINES = """
SELECT d.*, a.name AS account_name FROM deposits d
JOIN bank_accounts a ON a.tenant_id = d.tenant_id AND a.id = d.account_id WHERE d.tenant_id = current_tenant()
"""
_LIST = f"""
{LINES} AND ($1 = '' OR d.status = $1) AND ($2::uuid IS NULL OR d.account_id = $2)
    AND ($3 = '' OR position($3 IN d.trace_key) > 0)
    AND ($4::date IS NULL OR d.deposited_on >= $4) AND ($5::date IS NULL OR d.deposited_on <= $5)
    AND ($6::date IS NULL OR (d.deposited_on, d.id) < ($6, $7::uuid))
ORDER BY d.deposited_on DESC, d.id DESC LIMIT $8
"""
_MATCHES = """
SELECT m.*, coalesce(r.trace, '') AS trace, coalesce(r.payer_name, '') AS payer_name, p.kind AS payment_kind,
    coalesce(p.reference, '') AS payment_reference, coalesce(b.name, '') AS by_name, coalesce(u.name, '') AS undone_name
FROM deposit_matches m
LEFT JOIN remittances r ON r.tenant_id = m.tenant_id AND r.id = m.remittance_id
LEFT JOIN patient_transactions p ON p.tenant_id = m.tenant_id AND p.id = m.transaction_id
LEFT JOIN users b ON b.id = m.by_id LEFT JOIN users u ON u.id = m.undone_by
WHERE m.tenant_id = current_tenant() AND m.deposit_id = ANY($1::uuid[]) ORDER BY m.at, m.id
"""
_DAY = "SELECT id, status FROM deposit_days WHERE account_id = $1 AND day = $2"
_WAITING = f"""
SELECT w.* FROM ({WAITING_REMITTANCES}) w
WHERE ($1 = '' OR position($1 IN lower(w.trace)) > 0 OR position($1 IN lower(w.payer_name)) > 0)
    AND ($2::date IS NULL OR (w.due_from, w.id) < ($2, $3::uuid))
ORDER BY w.due_from DESC, w.id DESC LIMIT $4
"""


@door.query(Permission.DEPOSITS_VIEW, phi=True)
async def list_deposits(
    session: Session,
    *,
    status: str = "",
    account_id: UUID | None = None,
    trace: str = "",
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[DepositLine]:
    """Deposits, newest day first. `trace` finds part of a trace or check number."""
    size = page_size(limit)
    after = _after(cursor)
    rows = await session.fetch(_LIST, status, account_id, trace_key(trace), since, until, *after, size + 1)
    key = await session.key()
    return page_of_days(rows, size, [deposit_line(key, row) for row in rows[:size]], "deposited_on")


@door.query(Permission.DEPOSITS_VIEW, of="deposits", phi=True)
async def get_deposit(session: Session, deposit_id: UUID) -> DepositView:
    """One deposit with its matches, those undone included."""
    return await view(session, deposit_id)


@door.query(Permission.DEPOSITS_VIEW)
async def waiting_remittances(
    session: Session, *, text: str = "", cursor: str | None = None, limit: int = PAGE
) -> Page[WaitingRemittance]:
    """Remittances with money in them that no deposit was matched to, newest first."""
    size = page_size(limit)
    rows = await session.fetch(_WAITING, text.strip().lower()[:200], *_after(cursor), size + 1)
    return page_of_days(rows, size, [_waiting(row) for row in rows[:size]], "due_from")


async def view(session: Session, deposit_id: UUID) -> DepositView:
    """The deposit as it stands."""
    row = await session.row(f"{LINES} AND d.id = $1", deposit_id)
    key = await session.key()
    day = await session.row(_DAY, row["account_id"], row["deposited_on"])
    matches = await matches_of(session, [deposit_id])
    reason = key.open("deposits.reason", row["reason"]).decode() if row["reason"] else ""
    return DepositView(
        deposit_line(key, row),
        row["payer_identifier"],
        reason,
        day["id"],
        day["status"] == "closed",
        matches.get(deposit_id, []),
    )


async def matches_of(session: Session, deposit_ids: list[UUID]) -> dict[UUID, list[MatchView]]:
    """What these deposits were matched to, oldest first."""
    key = await session.key()
    found: dict[UUID, list[MatchView]] = {}
    for row in await session.fetch(_MATCHES, deposit_ids):
        found.setdefault(row["deposit_id"], []).append(_match(key, row))
    return found


def page_of_days(rows: list[Any], size: int, lines: list[Any], day: str) -> Page[Any]:
    """A page in the order of a day and an id, both falling."""
    following = None
    if len(rows) > size:
        last = rows[size - 1]
        following = encode_cursor(last[day].isoformat(), last["id"])
    return Page(lines, following)


def _after(cursor: str | None) -> tuple[date | None, UUID | None]:
    if not cursor:
        return None, None
    try:
        day, identifier = decode_cursor(cursor, 2)
        return date.fromisoformat(str(day)), UUID(str(identifier))
    except ValueError:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None


after_day = _after


def _match(key: TenantKey, row: Any) -> MatchView:
    label = f"Remittance {row['trace']}, {row['payer_name']}".strip(", ")
    if row["transaction_id"]:
        label = f"Patient {row['payment_kind']} {row['payment_reference']}".strip()
    reason = row["undone_reason"]
    return MatchView(
        id=row["id"],
        remittance_id=row["remittance_id"],
        transaction_id=row["transaction_id"],
        label=label,
        amount_cents=row["amount_cents"],
        matched_by=row["matched_by"],
        matched_by_label=MATCHED_BY[row["matched_by"]],
        by_name=row["by_name"],
        at=row["at"],
        undone_at=row["undone_at"],
        undone_by_name=row["undone_name"],
        undone_reason=key.open("deposit_matches.undone_reason", reason).decode() if reason else "",
    )


def _waiting(row: Any) -> WaitingRemittance:
    return WaitingRemittance(
        row["id"],
        row["trace"],
        row["payer_name"],
        row["payment_date"],
        row["payment_cents"],
        row["method"],
        row["status"],
    )
