"""Deposits on their way into the database: each row once, its day opened, never into a closed day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session
from domain.deposits.rows import BankRow, row_keys, trace_key
from domain.refusals import Conflict
from services.clientele import records
from services.deposits.views import WORDS_COLUMN

_INSERT = """
INSERT INTO deposits (tenant_id, account_id, import_id, row_key, deposited_on, amount_cents, method, trace, trace_key,
    payer_identifier, bank_reference, words, created_by)
SELECT $1, $2, $3, t.*, $12 FROM unnest($4::text[], $5::date[], $6::bigint[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $13::bytea[]) AS t
ON CONFLICT (tenant_id, row_key) DO NOTHING RETURNING id
"""
_OPEN_DAYS = """
INSERT INTO deposit_days (tenant_id, account_id, day) SELECT $1, $2, unnest($3::date[])
ON CONFLICT (tenant_id, account_id, day) DO NOTHING
"""
_CLOSED = "SELECT day FROM deposit_days WHERE account_id = $1 AND day = ANY($2::date[]) AND status = 'closed' ORDER BY day"


async def store_rows(
    session: Session, account_id: UUID, rows: Sequence[BankRow], import_id: UUID | None
) -> list[UUID]:
    """Insert what is not there yet; the ids of the new ones. Refused whole when one of them belongs to a closed day.

    A row that a person entered before is recognised, and from then on the file vouches for it.
    """
    keyed = list(zip(row_keys(str(account_id), rows), rows, strict=True))
    fresh = await without_known(session, keyed)
    await refuse_closed(session, account_id, {row.deposited_on for _, row in fresh})
    await session.execute(
        _OPEN_DAYS, session.tenant_id, account_id, sorted({row.deposited_on for _, row in fresh})
    )
    if import_id is not None:
        await _vouch(session, [key for key, _ in keyed], import_id)
    return await _insert(session, account_id, fresh, import_id)


async def without_known(session: Session, keyed: Sequence[tuple[str, BankRow]]) -> list[tuple[str, BankRow]]:
    """Those whose key is not among the deposits."""
    known = await session.fetch(
        "SELECT row_key FROM deposits WHERE tenant_id = current_tenant() AND row_key = ANY($1::text[])",
        [key for key, _ in keyed],
    )
    there = {row["row_key"] for row in known}
    return [(key, row) for key, row in keyed if key not in there]


async def refuse_closed(session: Session, account_id: UUID, days: set[date]) -> None:
    """Raise Conflict when one of the days is closed."""
    closed = await session.fetch(_CLOSED, account_id, sorted(days))
    if closed:
        named = ", ".join(row["day"].isoformat() for row in closed[:5])
        raise Conflict(
            "deposit_day.closed",
            f"A deposit day is closed: {named}.",
            "Nothing was changed. Whoever closes days can reopen it with a reason.",
        )


async def account_in_use(session: Session, account_id: UUID) -> None:
    """Refuse an account that is not there or was taken out of use."""
    await records.must_be_active(session, "bank_accounts", account_id, "account_id", "bank account")


async def _vouch(session: Session, keys: list[str], import_id: UUID) -> None:
    await session.execute(
        "UPDATE deposits d SET import_id = $2 WHERE tenant_id = current_tenant() AND row_key = ANY($1::text[])"
        " AND import_id IS NULL AND NOT deposit_day_is_closed(d.tenant_id, d.account_id, d.deposited_on)",
        keys,
        import_id,
    )


async def _insert(
    session: Session, account_id: UUID, keyed: Sequence[tuple[str, BankRow]], import_id: UUID | None
) -> list[UUID]:
    key = await session.key()
    columns: list[list[Any]] = [
        [one for one, _ in keyed],
        [row.deposited_on for _, row in keyed],
        [row.amount_cents for _, row in keyed],
        [row.method for _, row in keyed],
        [row.trace for _, row in keyed],
        [trace_key(row.trace) for _, row in keyed],
        [row.payer_identifier for _, row in keyed],
        [row.bank_reference for _, row in keyed],
    ]
    words = [
        key.seal_json(WORDS_COLUMN, {"payer_name": row.payer_name, "description": row.description})
        for _, row in keyed
    ]
    stored = await session.fetch(
        _INSERT, session.tenant_id, account_id, import_id, *columns, session.actor.user_id, words
    )
    return [row["id"] for row in stored]
