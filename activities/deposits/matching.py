"""Storing a match and taking it back, with the work items that it closes; used by people's commands and by the watch."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.work import close_items
from database.deposit_reads import WAITING_REMITTANCES
from database.session import Session
from domain import work
from domain.deposits.matching import Money, exact, state_of

WATCH = "DepositWatch"
_OPEN_DEPOSITS = """
SELECT d.id, d.trace, d.amount_cents, d.deposited_on FROM deposits d
WHERE d.tenant_id = current_tenant() AND d.status = 'unmatched' AND d.trace_key <> ''
    AND NOT deposit_day_is_closed(d.tenant_id, d.account_id, d.deposited_on)
"""
# A corrected file has taken the place of a quarantined one: the money is that of the correction.
_FOLLOW = """
UPDATE deposit_matches m SET remittance_id = n.id, amount_cents = n.payment_cents
FROM remittances r JOIN remittances n ON n.tenant_id = r.tenant_id AND n.id = r.superseded_by, deposits d
WHERE m.tenant_id = current_tenant() AND r.tenant_id = m.tenant_id AND r.id = m.remittance_id AND r.status = 'superseded'
    AND m.undone_at IS NULL AND d.tenant_id = m.tenant_id AND d.id = m.deposit_id
    AND NOT deposit_day_is_closed(d.tenant_id, d.account_id, d.deposited_on)
    AND NOT EXISTS (SELECT 1 FROM deposit_matches o WHERE o.tenant_id = n.tenant_id AND o.remittance_id = n.id
        AND o.undone_at IS NULL)
RETURNING m.deposit_id
"""
_INSERT = """
INSERT INTO deposit_matches (tenant_id, deposit_id, remittance_id, transaction_id, amount_cents, matched_by, by_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_SUM = """
SELECT d.amount_cents, count(m.id)::int AS matches, coalesce(sum(m.amount_cents), 0)::bigint AS matched_cents
FROM deposits d LEFT JOIN deposit_matches m ON m.tenant_id = d.tenant_id AND m.deposit_id = d.id AND m.undone_at IS NULL
WHERE d.id = $1 GROUP BY d.amount_cents
"""


@dataclass(frozen=True, slots=True)
class Matching:
    """What a deposit pays: a remittance or a patient's payment, in cents."""

    deposit_id: UUID
    amount_cents: int
    remittance_id: UUID | None = None
    transaction_id: UUID | None = None


async def watch_deposits(session: Session) -> None:
    """Have the watch look again once this transaction is committed; it is started when it does not run."""
    if not await session.value("SELECT 1 FROM bank_accounts LIMIT 1"):
        return  # this tenant does not keep its deposits here
    told = {"tenant_id": session.tenant_id}
    workflow_id = f"{session.tenant_id}/deposits/{session.tenant_id}"
    await session.tell(
        "signal_with_start", workflow_id, "look_again", told, workflow=WATCH, signal_payload=told
    )


async def match_by_trace(session: Session) -> int:
    """Match every deposit to the one remittance with its trace and amount; how many. The caller holds the lock."""
    for row in await session.fetch(_FOLLOW):
        await settle(session, row["deposit_id"])
    deposits = await session.fetch(_OPEN_DEPOSITS)
    if not deposits:
        return 0
    remittances = {row["id"]: row for row in await session.fetch(WAITING_REMITTANCES)}
    pairs = exact(
        [Money(row["id"], row["trace"], row["amount_cents"], row["deposited_on"]) for row in deposits],
        [
            Money(key, row["trace"], row["payment_cents"], row["payment_date"])
            for key, row in remittances.items()
        ],
    )
    for deposit_id, remittance_id in pairs:
        cents = remittances[remittance_id]["payment_cents"]
        await store_matches(session, [Matching(deposit_id, cents, remittance_id)], "trace")
    return len(pairs)


async def store_matches(
    session: Session, matchings: Iterable[Matching], by: str, user_id: UUID | None = None
) -> None:
    """Store matches, bring their deposits up to date, and close the work items that asked for them."""
    for one in matchings:
        await session.execute(
            _INSERT,
            session.tenant_id,
            one.deposit_id,
            one.remittance_id,
            one.transaction_id,
            one.amount_cents,
            by,
            user_id,
        )
        state = await settle(session, one.deposit_id)
        if state == "matched":
            await close_items(
                session, "deposit", one.deposit_id, [work.Kind.DEPOSIT], decision="matched", by=user_id
            )
        if one.remittance_id:
            await close_items(
                session,
                "remittance",
                one.remittance_id,
                [work.Kind.MISSING_MONEY],
                decision="matched",
                by=user_id,
            )


async def settle(session: Session, deposit_id: UUID) -> str:
    """Derive a deposit's status from its matches; the status."""
    row: Any = await session.row(_SUM, deposit_id)
    state = state_of(row["amount_cents"], row["matched_cents"], row["matches"])
    await session.execute(
        "UPDATE deposits SET status = $2, matched_cents = $3, version = version + 1 WHERE id = $1",
        deposit_id,
        state,
        row["matched_cents"],
    )
    return state
